"""What the landscapes of the loss share: where to look from, the nine parameters of a layer, the loss over two."""

import numpy as np

from helpers import figures
from helpers.network import weighted_inputs

NAMES = ["w₁₁", "w₁₂", "w₂₁", "w₂₂", "w₃₁", "w₃₂", "b₁", "b₂", "b₃"]
SYMBOLS = ["$w_{11}$", "$w_{12}$", "$w_{21}$", "$w_{22}$", "$w_{31}$", "$w_{32}$", "$b_1$", "$b_2$", "$b_3$"]

# The point on a landscape: whole at the edge of the map too, and without taking room from the panels.
POINT = {"color": figures.INK, "markersize": 10, "markeredgecolor": "white", "clip_on": False, "in_layout": False}


def layer(parameters):
    """W (3, 2) and b (3,) of nine parameters."""
    return parameters[:6].reshape(3, 2), parameters[6:]


def loss_over(data, parameters, i, j, side):
    """The loss where parameters i and j take all pairs of values of `side`, the others held.

    Returns an array of shape (len(side), len(side)): parameter i grows along the rows, j down the columns.
    """
    W, b = layer(parameters)
    x = np.column_stack([data.X, np.ones(len(data.X))])  # the bias is the weight of a feature that is always 1
    z = list(weighted_inputs(data.X, W, b).T)  # the scores of class k for all penguins
    for parameter, values in ((i, side[np.newaxis, :, np.newaxis]), (j, side[:, np.newaxis, np.newaxis])):
        k, feature = divmod(parameter, 2) if parameter < 6 else (parameter - 6, 2)
        z[k] = z[k] + (values - parameters[parameter]) * x[:, feature]
    log_sum = np.logaddexp(z[0], np.logaddexp(z[1], z[2]))
    right = sum(np.where(data.labels == k, z[k], 0) for k in range(3))
    return (log_sum - right).mean(axis=-1)


def view(height):
    """Degrees around the vertical from which the higher side of a surface does not hide the lower one.

    From both, the first parameter grows to the right, as on the map beside it. `height` is as from `loss_over`.
    """
    return -60 if height[:, 0].max() > height[:, -1].max() else -120
