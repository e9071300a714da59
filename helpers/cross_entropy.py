"""Cross entropy and the loss with its derivatives: equations (3), (4), (5) and (8).

Equation numbers are those of Pawel Wocjan, *Softmax and categorical cross entropy loss*, 11 February 2019.
A loss is one number: the mean over the N examples. A function that ends in `_grad` is its derivative with respect to
its first argument, whose shape it has; it carries the same 1/N. Every loss and every `_grad` refuses, with a ValueError
or a TypeError that names the argument: shapes that differ, empty arrays, NaN, values that are not numbers, a wrong y.
"""

import numpy as np

from helpers import arguments
from helpers.softmax import softmax

# Where an example counts 0 times, 0 log 0 and 0 / 0 are 0 by convention; elsewhere log 0 is -inf, as it should be.
quiet = np.errstate(all="ignore")


def one_hot(labels, m):
    """Target vectors from class numbers.

    Parameters
    ----------
    labels : integer or array of integers, shape () or (N,)
        Class numbers 0 ... m-1 (the note counts 1 ... m). Floats and booleans are a TypeError, others a ValueError.
    m : int
        Number of classes.

    Returns
    -------
    array, shape (m,) or (N, m)
        1 at the label, 0 elsewhere.
    """
    labels = arguments.integers("one_hot", "labels", labels, (0, 1), "() or (N,)")
    arguments.count("one_hot", "m", m)
    arguments.require("one_hot", "labels", labels, (labels >= 0) & (labels < m), f"a class number, 0 to {m - 1}")
    return np.eye(m)[labels]


def minus_sum(p, log_q):
    """-sum_k p_k log q_k over the classes, with 0 log 0 = 0: the sum of equations (3) and (4)."""
    return np.where(p > 0, -p * log_q, 0).sum(axis=-1)


@quiet
def cross_entropy(p, q):
    """Cross entropy of two distributions, equation (3): H(p, q) = -sum_k p_k log q_k, in nats.

    Parameters
    ----------
    p, q : arrays, both of shape (m,) or (N, m)
        Probabilities. Rows that do not sum to 1 are a ValueError.

    Returns
    -------
    number or array, shape () or (N,)
        A term with p_k = 0 counts 0; p_k > 0 with q_k = 0 gives inf.
    """
    p, q = arguments.probabilities("cross_entropy", "p", p), arguments.probabilities("cross_entropy", "q", q)
    arguments.same_shape("cross_entropy", "p", p, "q", q)
    return minus_sum(p, np.log(q))


@quiet
def categorical_crossentropy(a, y):
    """Loss from activations, equation (4): L = -sum_k y_k log a_k, the mean over the examples.

    Parameters
    ----------
    a : array, shape (m,) or (N, m)
        Activations, not negative. Their sum is not checked, so that one of them can be nudged alone.
    y : array, same shape
        One-hot targets.

    Returns
    -------
    number
        inf where the activation of the right class is 0.
    """
    a, y = arguments.activations_and_targets("categorical_crossentropy", a, y)
    return minus_sum(y, np.log(a)).mean()


@quiet
def categorical_crossentropy_grad(a, y):
    """Derivative of the loss with respect to the activations, equation (5): dL/da_k = -y_k / a_k, here with 1/N.

    Arguments as for `categorical_crossentropy`. Returns an array of the shape of `a`; -inf where y_k = 1 and a_k = 0.
    """
    a, y = arguments.activations_and_targets("categorical_crossentropy_grad", a, y)
    N = a.size // a.shape[-1]
    return np.where(y > 0, -y / a, 0) / N


@quiet
def softmax_crossentropy(z, y):
    """Loss from scores: equation (4) with a = softmax(z), where log a_k = z_k - log sum_j exp(z_j).

    Parameters
    ----------
    z : array, shape (m,) or (N, m)
        Scores, as for `softmax`.
    y : array, same shape
        One-hot targets.

    Returns
    -------
    number
        Finite also where an activation underflows to 0; inf where the right score is -inf, or the loss above 1.8e308.
    """
    z, y = arguments.scores_and_targets("softmax_crossentropy", z, y)
    z = z - z.max(axis=-1, keepdims=True)
    log_a = z - np.log(np.exp(z).sum(axis=-1, keepdims=True))
    return minus_sum(y, log_a).mean()


@quiet
def softmax_crossentropy_grad(z, y):
    """Derivative of the loss with respect to the scores, equation (8): sum_k y_k (a_j - delta_kj) = a_j - y_j.

    Arguments as for `softmax_crossentropy`. Returns an array of the shape of `z`, with 1/N.
    """
    z, y = arguments.scores_and_targets("softmax_crossentropy_grad", z, y)
    a = softmax(z)
    N = z.size // z.shape[-1]
    return (a - y) / N


@quiet
def binary_crossentropy(a, y):
    """Binary cross entropy: L = -sum_k [y_k log a_k + (1 - y_k) log(1 - a_k)], the mean over the examples.

    Parameters
    ----------
    a : array, shape (m,) or (N, m)
        Probabilities of "yes", one per question; with one question the shape is (1,) or (N, 1).
    y : array, same shape
        Answers, 0 or 1 each; a row may hold any number of ones.

    Returns
    -------
    number
        The sum over the questions, the mean over the examples; inf where a certain answer is wrong.
    """
    a, y = arguments.floats("binary_crossentropy", "a", a), arguments.floats("binary_crossentropy", "y", y)
    arguments.same_shape("binary_crossentropy", "a", a, "y", y)
    arguments.require("binary_crossentropy", "y", y, (y == 0) | (y == 1), "0 or 1")
    arguments.require("binary_crossentropy", "a", a, (a >= 0) & (a <= 1), "a probability, 0 to 1")
    return (minus_sum(y, np.log(a)) + minus_sum(1 - y, np.log(1 - a))).mean()
