"""Softmax and its derivative: equations (1) and (2). And sigmoid, the two-class case.

Equation numbers are those of Pawel Wocjan, *Softmax and categorical cross entropy loss*, 11 February 2019.
One example has shape (m,), a batch of N examples has shape (N, m): the classes are the last axis.
"""

import numpy as np

from helpers import arguments

# A probability may underflow to 0, a difference of scores may overflow to -inf: both are right, so neither warns.
quiet = np.errstate(over="ignore", under="ignore")


@quiet
def softmax(z):
    """Probabilities from scores, equation (1): a_k = exp(z_k) / sum_j exp(z_j).

    Parameters
    ----------
    z : array, shape (m,) or (N, m)
        Scores. Integers are computed as float64; -inf means "impossible" and gives 0.

    Returns
    -------
    array, same shape as `z`
        Each row is not negative and sums to 1.

    Raises
    ------
    TypeError, ValueError
        Not numbers; wrong shape; NaN or +inf; an example without a finite score.
    """
    z = arguments.scores("softmax", "z", z)
    e = np.exp(z - z.max(axis=-1, keepdims=True))  # lesson 1: no probability changes, no exponential overflows
    return e / e.sum(axis=-1, keepdims=True)


@quiet
def softmax_jacobian(z):
    """All derivatives of softmax, equation (2): J[k, j] = da_k / dz_j = a_k (delta_jk - a_j).

    Parameters
    ----------
    z : array, shape (m,) or (N, m)
        Scores, as for `softmax`, with the same errors.

    Returns
    -------
    array, shape (m, m) or (N, m, m)
        Row k belongs to the activation a_k, column j to the score z_j. Each row sums to 0.
    """
    a = softmax(z)
    a_k, a_j = a[..., :, np.newaxis], a[..., np.newaxis, :]
    delta = np.eye(a.shape[-1], dtype=a.dtype)
    return a_k * (delta - a_j)


@quiet
def sigmoid(z):
    """Probability from one score: 1 / (1 + exp(-z)), each entry for itself.

    Parameters
    ----------
    z : number or array, shape (), (m,) or (N, m)
        Scores; -inf and +inf give 0 and 1. NaN is a ValueError.

    Returns
    -------
    array, same shape as `z`
    """
    z = arguments.floats("sigmoid", "z", z, (0, 1, 2), "(), (m,) or (N, m)")
    arguments.require("sigmoid", "z", z, ~np.isnan(z), "a number")
    return 1 / (1 + np.exp(-z))
