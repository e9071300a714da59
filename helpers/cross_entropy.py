"""Cross entropy and the loss with its derivatives: equations (3), (4), (5) and (8).

Equation numbers are those of Pawel Wocjan, *Softmax and categorical cross entropy loss*, 11 February 2019.
A loss is one number: the mean over the N examples. A function that ends in `_grad` is its derivative and has the
shape of its first argument; it carries the same 1/N. Every loss and every `_grad` refuses, with a ValueError or a
TypeError that names the argument: shapes that differ, empty arrays, NaN, values that are not numbers, a wrong y.
"""

import numpy as np

from helpers import arguments
from helpers.softmax import quiet, shift, sigmoid


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
    if isinstance(m, bool) or not isinstance(m, (int, np.integer)):
        raise TypeError(f"one_hot: m must be an integer, but it is {m!r}")
    if m < 1:
        raise ValueError(f"one_hot: m is {m}, expected at least one class")
    arguments.require("one_hot", "labels", labels, (labels >= 0) & (labels < m), f"a class number, 0 to {m - 1}")
    return np.eye(m)[labels]


@np.errstate(divide="ignore", under="ignore")
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
    log_q = np.log(q, where=p > 0, out=np.zeros_like(q))
    return 0 - (p * log_q).sum(axis=-1)


def activations_and_targets(caller, a, y):
    """The arguments of equations (4) and (5), checked: a, and where the right classes are in a.ravel()."""
    a, y = arguments.floats(caller, "a", a), arguments.floats(caller, "y", y)
    arguments.same_shape(caller, "a", a, "y", y)
    arguments.require(caller, "a", a, (a >= 0) & (a < np.inf), "an activation, not negative (is a the scores?)")
    labels = arguments.one_hot(caller, "y", y)
    return a, a.shape[-1] * np.arange(labels.size) + labels


@np.errstate(divide="ignore")
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
    a, right = activations_and_targets("categorical_crossentropy", a, y)
    return 0 - np.log(a.take(right)).mean()


@np.errstate(divide="ignore", over="ignore", under="ignore")
def categorical_crossentropy_grad(a, y):
    """Derivative of the loss by the activations, equation (5): dL/da_k = -y_k / a_k, here with 1/N.

    Arguments as for `categorical_crossentropy`. Returns an array of the shape of `a`; -inf where y_k = 1 and a_k = 0.
    """
    a, right = activations_and_targets("categorical_crossentropy_grad", a, y)
    gradient = np.zeros_like(a)
    gradient.put(right, -1 / (right.size * a.take(right)))
    return gradient


@quiet
def split(caller, z, y):
    """Shifted scores, classes as the first axis, split into the right class of each example and the others.

    Returns where the right classes are in e.ravel(), their shifted scores, and e: exp of the others, 0 at the right.
    """
    e, y = shift(caller, z), arguments.floats(caller, "y", y)
    arguments.same_shape(caller, "z", e.T, "y", y)
    labels = arguments.one_hot(caller, "y", y)
    right = labels.size * labels + np.arange(labels.size)
    z_right = e.take(right)
    np.exp(e, e)  # in place
    e.put(right, 0)
    return right, z_right, e


@quiet
def softmax_crossentropy(z, y):
    """Loss from scores: equation (4) with a = softmax(z), without ever forming a.

    Parameters
    ----------
    z : array, shape (m,) or (N, m)
        Scores, as for `softmax`.
    y : array, same shape
        One-hot targets.

    Returns
    -------
    number
        Accurate also where it is tiny or where a would underflow to 0.
    """
    _, z_right, others = split("softmax_crossentropy", z, y)
    # log of the sum of all e, minus z_right. log1p(s - 1) is log(s). Where the right class dominates, z_right is 0,
    # so s - 1 is the sum of the others and keeps all its digits.
    return (np.log1p(np.expm1(z_right) + others.sum(axis=0)) - z_right).mean()


@quiet
def softmax_crossentropy_grad(z, y):
    """Derivative of the loss by the scores, equation (8): dL/dz_j = sum_k y_k (a_j - delta_kj) = a_j - y_j.

    Arguments as for `softmax_crossentropy`. Returns an array of the shape of `z`, with 1/N. For the right class,
    a_y - 1 is computed as -(sum of the other exponentials) / (sum of all), so that nothing cancels.
    """
    right, z_right, e = split("softmax_crossentropy_grad", z, y)
    rest = e.sum(axis=0)
    e.put(right, -rest)
    e /= (np.exp(z_right) + rest) * right.size
    return e.T


def answers(caller, name, values, y):
    """`values` and the answers `y` that belong to them, as floats of one shape; each y is 0 or 1."""
    values, y = arguments.floats(caller, name, values), arguments.floats(caller, "y", y)
    arguments.same_shape(caller, name, values, "y", y)
    arguments.require(caller, "y", y, (y == 0) | (y == 1), "0 or 1")
    return values, y


@np.errstate(divide="ignore", under="ignore")
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
    a, y = answers("binary_crossentropy", "a", a, y)
    arguments.require("binary_crossentropy", "a", a, (a >= 0) & (a <= 1), "a probability, 0 to 1")
    losses = -np.where(y == 1, np.log(a), np.log1p(-a))
    return 0 + losses.sum(axis=-1).mean()


@quiet
def sigmoid_crossentropy(z, y):
    """Loss from scores: binary cross entropy with a = sigmoid(z), without ever forming a.

    Parameters
    ----------
    z : array, shape (m,) or (N, m)
        Scores, one per question; -inf and +inf are certain answers. NaN is a ValueError.
    y : array, same shape
        Answers, 0 or 1 each.

    Returns
    -------
    number
        log(1 + exp(s)) per question, s = -z for "yes" and z for "no"; summed and averaged as in `binary_crossentropy`.
    """
    z, y = answers("sigmoid_crossentropy", "z", z, y)
    arguments.require("sigmoid_crossentropy", "z", z, ~np.isnan(z), "a number")
    s = np.where(y == 1, -z, z)
    return (np.maximum(s, 0) + np.log1p(np.exp(-abs(s)))).sum(axis=-1).mean()


@quiet
def sigmoid_crossentropy_grad(z, y):
    """Derivative of `sigmoid_crossentropy` by the scores: dL/dz_k = a_k - y_k, here with 1/N; the shape of `z`.

    For "yes", a - 1 is computed as -sigmoid(-z), so that nothing cancels.
    """
    z, y = answers("sigmoid_crossentropy_grad", "z", z, y)
    arguments.require("sigmoid_crossentropy_grad", "z", z, ~np.isnan(z), "a number")
    N = z.size // z.shape[-1]
    return np.where(y == 1, -sigmoid(-z), sigmoid(z)) / N
