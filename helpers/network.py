"""One layer: scores from features, equation (9), and what the layer predicts. The forward model only.

Equation numbers are those of Pawel Wocjan, *Softmax and categorical cross entropy loss*, 11 February 2019.
"""

import numpy as np

from helpers import arguments


@np.errstate(under="ignore")
def weighted_inputs(x, W, b):
    """Scores of one layer, equation (9): z_j = sum_i w_ji x_i + b_j.

    Parameters
    ----------
    x : array, shape (n,) or (N, n)
        Features of one example or of a batch.
    W : array, shape (m, n)
        One row of weights per class.
    b : array, shape (m,)
        One bias per class.

    Returns
    -------
    array, shape (m,) or (N, m)
        x W^T + b.

    Raises
    ------
    TypeError, ValueError
        Not numbers; NaN or infinite; shapes that do not fit together.
    """
    x = arguments.finite("weighted_inputs", "x", x, (1, 2), "(n,) or (N, n)")
    W = arguments.finite("weighted_inputs", "W", W, (2,), "(m, n)")
    b = arguments.finite("weighted_inputs", "b", b, (1,), "(m,)")
    if W.shape != (len(b), x.shape[-1]):
        raise ValueError(
            f"weighted_inputs: W has shape {W.shape}, but x has shape {x.shape} and b has shape {b.shape}; "
            f"expected W (m, n) = ({len(b)}, {x.shape[-1]})"
        )
    return x @ W.T + b


def predict(a):
    """Class number with the largest activation; the first of them in a tie.

    Parameters
    ----------
    a : array, shape (m,) or (N, m)
        Activations, or scores: softmax keeps their order. NaN is a ValueError.

    Returns
    -------
    integer or array of integers, shape () or (N,)
    """
    a = arguments.floats("predict", "a", a)
    arguments.require("predict", "a", a, ~np.isnan(a), "a number")
    return a.argmax(axis=-1)


def accuracy(predicted, labels):
    """Share of examples whose predicted class is the right one.

    Parameters
    ----------
    predicted, labels : arrays of integers, both of shape (N,)
        Class numbers. Other types are a TypeError, other shapes a ValueError.

    Returns
    -------
    number between 0 and 1
    """
    predicted = arguments.integers("accuracy", "predicted", predicted)
    labels = arguments.integers("accuracy", "labels", labels)
    arguments.same_shape("accuracy", "predicted", predicted, "labels", labels)
    return (predicted == labels).mean()
