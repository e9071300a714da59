"""Softmax, its logarithm and its derivative: equations (1) and (2). And sigmoid, the two-class case.

Equation numbers are those of Pawel Wocjan, *Softmax and categorical cross entropy loss*, 11 February 2019.
One example has shape (m,), a batch of N examples has shape (N, m): the classes are the last axis.
"""

import numpy as np

from helpers import arguments

# Probabilities may underflow to 0 and differences of scores may overflow to -inf: both are right, so no warning.
quiet = np.errstate(over="ignore", under="ignore")


def shift(caller, z):
    """Scores minus the largest score of their example, classes as the FIRST axis: (m,) or (m, N), a new array.

    With the classes first, max and sum run over whole columns at once; for few classes that is faster.
    """
    z = arguments.floats(caller, "z", z).T.copy()
    top = z.max(axis=0)
    arguments.require(caller, "largest score of z", top, np.isfinite(top), "a finite number")
    z -= top
    return z


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
    e = shift("softmax", z)
    np.exp(e, e)  # in place
    e /= e.sum(axis=0)
    return e.T


@quiet
def log_softmax(z):
    """Logarithm of softmax, log of equation (1), accurate also where one class dominates.

    Parameters, shapes and errors are those of `softmax`. The largest term of the sum is exp(0) = 1;
    `log1p` adds it to the sum of the others, so that a tiny rest is not lost beside the 1.
    """
    shifted = shift("log_softmax", z)
    e = np.exp(shifted)
    np.put_along_axis(e, shifted.argmax(axis=0, keepdims=True), 0, axis=0)
    return (shifted - np.log1p(e.sum(axis=0))).T


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
    e = np.exp(-abs(z))  # at most 1, whatever the sign of z
    return np.where(z >= 0, 1, e) / (1 + e)
