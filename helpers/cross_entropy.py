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
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"one_hot: labels must be integers, but their type is {labels.dtype}")
    if labels.ndim > 1 or labels.size == 0:
        raise ValueError(f"one_hot: labels has shape {labels.shape}, expected () or (N,) with N > 0")
    if isinstance(m, bool) or not isinstance(m, (int, np.integer)):
        raise TypeError(f"one_hot: m must be an integer, but it is {m!r}")
    arguments.refuse("one_hot", "labels", labels, (labels < 0) | (labels >= m), f"a class number, 0 to {m - 1}")
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
    """The arguments of equations (4) and (5), checked."""
    a, y = arguments.floats(caller, "a", a), arguments.floats(caller, "y", y)
    arguments.same_shape(caller, "a", a, "y", y)
    arguments.refuse(caller, "a", a, ~(a >= 0), "an activation, not negative (is a the scores?)")
    return a, y, arguments.one_hot(caller, "y", y)


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
    a, y, right = activations_and_targets("categorical_crossentropy", a, y)
    return 0 - np.log(a[right]).mean()


@np.errstate(divide="ignore", over="ignore")
def categorical_crossentropy_grad(a, y):
    """Derivative of the loss by the activations, equation (5): dL/da_k = -y_k / a_k, here with 1/N.

    Arguments as for `categorical_crossentropy`. Returns an array of the shape of `a`; -inf where y_k = 1 and a_k = 0.
    """
    a, y, right = activations_and_targets("categorical_crossentropy_grad", a, y)
    N = a[right].size
    gradient = np.zeros_like(a)
    gradient[right] = -y[right] / (N * a[right])
    return gradient


@quiet
def split(caller, z, y):
    """e_k = exp(z_k - largest z), classes as the first axis, split at the right class of each example.

    Returns where the right classes are, their shifted scores, their e, and the e of the others (0 at the right class).
    """
    e, y = shift(caller, z), arguments.floats(caller, "y", y)
    arguments.same_shape(caller, "z", e.T, "y", y)
    right = arguments.one_hot(caller, "y", y)[::-1]
    z_right = e[right]
    np.exp(e, out=e)
    e_right = e[right]
    e[right] = 0
    return right, z_right, e_right, e


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
    right, z_right, e_right, others = split("softmax_crossentropy", z, y)
    # log of the sum of all e, minus z_right. Where the right class dominates, its e is exactly 1 and
    # log1p adds that 1 to the rest without rounding it.
    return (np.log1p((e_right - 1) + others.sum(axis=0)) - z_right).mean()


@quiet
def softmax_crossentropy_grad(z, y):
    """Derivative of the loss by the scores, equation (8): dL/dz_j = sum_k y_k (a_j - delta_kj) = a_j - y_j.

    Arguments as for `softmax_crossentropy`. Returns an array of the shape of `z`, with 1/N. For the right class,
    a_y - 1 is computed as -(sum of the other exponentials) / (sum of all), so that nothing cancels.
    """
    right, _, e_right, e = split("softmax_crossentropy_grad", z, y)
    rest = e.sum(axis=0)
    e[right] = -rest
    e /= (e_right + rest) * e_right.size
    return e.T


def probabilities_and_targets(caller, a, y):
    """The arguments of binary cross entropy, checked: each entry stands for one yes-or-no question."""
    a, y = arguments.floats(caller, "a", a), arguments.floats(caller, "y", y)
    arguments.same_shape(caller, "a", a, "y", y)
    arguments.refuse(caller, "a", a, ~((a >= 0) & (a <= 1)), "a probability, 0 to 1")
    arguments.refuse(caller, "y", y, (y != 0) & (y != 1), "0 or 1")
    return a, y


@np.errstate(divide="ignore")
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
    a, y = probabilities_and_targets("binary_crossentropy", a, y)
    losses = -np.where(y == 1, np.log(a), np.log1p(-a))
    return 0 + losses.sum(axis=-1).mean()


@quiet
def sigmoid_crossentropy(z, y):
    """Loss from scores: binary cross entropy with a = sigmoid(z), without ever forming a.

    Parameters
    ----------
    z : array, shape (m,) or (N, m)
        Scores, one per question.
    y : array, same shape
        Answers, 0 or 1 each.

    Returns
    -------
    number
        log(1 + exp(s)) per question, s = -z for "yes" and z for "no"; summed and averaged as in `binary_crossentropy`.
    """
    probabilities_and_targets("sigmoid_crossentropy", sigmoid(z), y)
    s = np.where(np.asarray(y) == 1, -1, 1) * arguments.finite("sigmoid_crossentropy", "z", z)
    return (np.maximum(s, 0) + np.log1p(np.exp(-abs(s)))).sum(axis=-1).mean()


@quiet
def sigmoid_crossentropy_grad(z, y):
    """Derivative of `sigmoid_crossentropy` by the scores: dL/dz_k = a_k - y_k, here with 1/N; the shape of `z`.

    For "yes", a - 1 is computed as -sigmoid(-z), so that nothing cancels.
    """
    z = arguments.finite("sigmoid_crossentropy_grad", "z", z)
    a, y = probabilities_and_targets("sigmoid_crossentropy_grad", sigmoid(z), y)
    N = a.size // a.shape[-1]
    return np.where(y == 1, -sigmoid(-z), a) / N
