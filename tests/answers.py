"""Right and wrong answers to the exercises, to measure the checks by: the assistants' key. Formulas stand only here.

`wrong(exercise, key, name=function)` registers an answer whose name says what is wrong with it. The first reason of the
check must have that key: an idea × a factor, or what is said before them. `right(exercise, name=function)` registers
one that the check must accept. Both are decorators too. A function takes what its parameters say: the arguments of
the exercise, or activations a, A, which are computed for it. "batch_gradients W" is the slope of W alone.
"""

import functools
import importlib
import inspect
import pathlib
from dataclasses import dataclass

import numpy as np

from helpers import exercises

LESSONS = [
    importlib.import_module(f"helpers.exercises.{path.stem}")
    for path in sorted(pathlib.Path(exercises.__file__).parent.glob("lesson_*.py"))
]
EXERCISES = {
    one.name: one
    for lesson in LESSONS
    for one in vars(lesson).values()
    if hasattr(one, "check") and hasattr(one, "asked")
}
WRONG, RIGHT = [], []
WEIGHT, BIAS, STEP, SGD, CHAIN = "weight_gradient", "bias_gradient", "sgd_step", "sgd", "chain_rule"
BATCH, BATCH_W, BATCH_B = "batch_gradients", "batch_gradients W", "batch_gradients b"


@dataclass(frozen=True)
class Answer:
    exercise: object
    function: callable
    name: str
    key: str = ""

    @property
    def id(self):
        return f"{self.exercise.name}-{self.name}"

    @functools.cached_property
    def result(self):
        return self.exercise.check(self.function)


def register(bank, exercise, key, named):
    name, _, part = exercise.partition(" ")
    exercise = EXERCISES[name]

    def add(function, id_=""):
        bank.append(Answer(exercise, taking(with_the_other(function, part)), id_ or function.__name__, key))
        return function

    for id_, function in named.items():
        add(function, id_)
    return add


def wrong(exercise, key, **named):
    return register(WRONG, exercise, key, named)


def right(exercise, **named):
    return register(RIGHT, exercise, "", named)


def with_the_other(function, part):
    """A batch answer from the slope of W, or of b, alone."""
    if part == "W":
        return lambda X, A, Y: (function(X, A, Y), (A - Y).mean(axis=0))
    return (lambda X, A, Y: ((A - Y).T @ X / len(X), function(X, A, Y))) if part == "b" else function


def taking(function):
    """The function as the exercise calls it; activations are computed once for each input, as a student might."""
    names = tuple(inspect.signature(function).parameters)
    if not {"a", "A"} & set(names):
        return function
    known = {}

    def answer(W, b, x, y):
        key = W.tobytes(), b.tobytes(), x.tobytes()
        known.setdefault(key, activations(W, b, np.atleast_2d(x)).reshape(*x.shape[:-1], len(b)))
        given = {"x": x, "X": x, "y": y, "Y": y, "a": known[key], "A": known[key]}
        return function(*(given[name] for name in names if name in given))

    return answer


def activations(W, b, X):
    e = np.exp(X @ W.T + b - (X @ W.T + b).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def slopes(W, b, X, Y):
    delta = activations(W, b, X) - Y
    return delta.T @ X / len(X), delta.mean(axis=0)


def step(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W - learning_rate * dW, b - learning_rate * db


def loop(order, use=None):
    """A mini-batch loop with the order of each epoch from order(N, rng) and one step use(W, b, X, Y, learning_rate)."""

    def sgd(W, b, X, Y, learning_rate, epochs, batch_size, rng):
        for _ in range(epochs):
            rows = order(len(X), rng)
            for k in range(0, len(X), batch_size):
                batch = rows[k : k + batch_size]
                W, b = (use or step)(W, b, X[batch], Y[batch], learning_rate)
        return W, b

    return sgd


SHOWN_X, SHOWN_A, SHOWN_Y = np.array([1.0, 2.0]), np.array([0.2, 0.5, 0.3]), np.array([0.0, 1.0, 0.0])
wrong(WEIGHT, "-one", w_sign=lambda x, a, y: np.outer(y - a, x))
wrong(WEIGHT, "shape", w_transposed=lambda x, a, y: np.outer(x, a - y))
wrong(WEIGHT, "no x", w_without_x=lambda x, a, y: np.repeat((a - y)[:, None], len(x), axis=1))
wrong(WEIGHT, "no y", w_without_y=lambda x, a, y: np.outer(a, x))
wrong(WEIGHT, "a (1 - a)", w_squared_error=lambda x, a, y: np.outer((a - y) * a * (1 - a), x))
wrong(WEIGHT, "stops at (5)", w_stops_at_dL_da=lambda x, a, y: np.outer(-y / a, x))
wrong(WEIGHT, "error", w_elementwise=lambda x, a, y: (a - y) * x)
wrong(WEIGHT, "constant", w_stored=lambda x, a, y: np.outer(SHOWN_A - SHOWN_Y, SHOWN_X))


@wrong(WEIGHT, "none")
def w_printed(x, a, y):
    print(np.outer(a - y, x))


@wrong(WEIGHT, "remembers")
def w_in_place(x, a, y):
    a -= y
    return np.outer(a, x)


wrong(WEIGHT, "shape", w_flat=lambda x, a, y: np.outer(a - y, x).ravel())


@wrong(WEIGHT, "integers")
def w_integers(x, a, y):
    G = np.zeros((len(y), len(x)), dtype=int)
    G[:] = np.outer(a - y, x)
    return G


wrong(WEIGHT, "shape", w_bias_column=lambda x, a, y: np.outer(a - y, np.append(x, 1.0)))
wrong(WEIGHT, "random", w_random=lambda x, a, y: np.outer(a - y, x) * (np.random.random((len(y), len(x))) < 0.5) * 2)  # noqa: NPY002
wrong(WEIGHT, "y alone", w_of_y_alone=lambda x, a, y: np.outer(y, x))
wrong(WEIGHT, "log a for a", w_log_a=lambda x, a, y: np.outer(np.log(a) - y, x))
wrong(WEIGHT, "argmax for y", w_class_number=lambda x, a, y: np.outer(a - np.argmax(y), x))
wrong(WEIGHT, "k = j alone", w_diagonal=lambda x, a, y: np.outer(-y / a * a * (1 - a), x))
wrong(WEIGHT, "x²", w_x_squared=lambda x, a, y: np.outer(a - y, x**2))
wrong(WEIGHT, "|x|", w_x_absolute=lambda x, a, y: np.outer(a - y, abs(x)))
wrong(WEIGHT, "unexplained", w_features_reversed=lambda x, a, y: np.outer(a - y, x[::-1]))


@wrong(WEIGHT, "softmax twice")
def w_softmax_twice(x, a, y):
    e = np.exp(a)
    return np.outer(e / e.sum() - y, x)


@wrong(WEIGHT, "label off by one")
def w_label_from_one(x, a, y):
    g = a.copy()
    g[(np.argmax(y) + 1) % len(a)] -= 1
    return np.outer(g, x)


@wrong(WEIGHT, "length 1")
def w_normalised(x, a, y):
    G = np.outer(a - y, x)
    return G / np.linalg.norm(G)


wrong(WEIGHT, "times", w_doubled=lambda x, a, y: 2 * np.outer(a - y, x))
wrong(WEIGHT, "1/m", w_mean_over_classes=lambda x, a, y: np.outer(a - y, x) / len(a))
wrong(WEIGHT, "no signs", w_error_absolute=lambda x, a, y: np.outer(abs(a - y), x))
wrong(WEIGHT, "unexplained", w_predicted_class=lambda x, a, y: np.outer(np.eye(len(a))[a.argmax()] - y, x))
wrong(WEIGHT, "unexplained", w_clipped=lambda x, a, y: np.clip(np.outer(a - y, x), -0.5, 0.5))


wrong(WEIGHT, "unexplained", w_half_precision=lambda x, a, y: np.outer(a - y, x).astype(np.float16))


wrong(WEIGHT, "type", w_text=lambda x, a, y: str(np.outer(a - y, x)))
wrong(WEIGHT, "a and y", w_adds_y=lambda x, a, y: np.outer(a + y, x))


@wrong(WEIGHT, "squared error")
def w_true_squared_error(x, a, y):
    J = np.diag(a) - np.outer(a, a)
    return np.outer(J @ (a - y), x)


wrong(WEIGHT, "error", w_undefined_name=lambda x, a, y: np.outer(delta, x))  # noqa: F821


wrong(WEIGHT, "unexplained", w_sum_of_parts=lambda x, a, y: np.add.outer(a - y, x))
wrong(WEIGHT, "no x × -one", w_two_mistakes=lambda x, a, y: np.repeat((y - a)[:, None], len(x), axis=1))
wrong(BIAS, "-one", b_sign=lambda a, y: y - a)
wrong(BIAS, "shape", b_sum=lambda a, y: np.sum(a - y))
wrong(BIAS, "zero", b_zeros=lambda a, y: np.zeros_like(a))
wrong(BIAS, "score alone", b_ones=lambda a, y: np.ones_like(a))
wrong(BIAS, "stops at (5)", b_stops_at_dL_da=lambda a, y: -y / a)
wrong(BIAS, "times a", b_times_a=lambda a, y: (a - y) * a)
wrong(BIAS, "rounded", b_rounded=lambda a, y: np.round(a - y, 2))
wrong(BIAS, "close", b_rounded_finely=lambda a, y: np.round(a - y, 5))
wrong(BIAS, "no y", b_without_y=lambda a, y: a.copy())
wrong(BIAS, "y alone × -one", b_without_a=lambda a, y: -y)
wrong(BIAS, "no signs", b_squared=lambda a, y: (a - y) ** 2)
wrong(BIAS, "shape", b_spread=lambda a, y: a - y[:, None])
wrong(BIAS, "constant", b_stored=lambda a, y: SHOWN_A - SHOWN_Y)
wrong(BIAS, "no right class", b_wrong_classes_only=lambda a, y: np.where(y == 1, 0, a))
wrong(BIAS, "no right class", b_negative_cut=lambda a, y: np.maximum(a - y, 0))
wrong(BIAS, "k = j alone", b_masked=lambda a, y: (a - y) * y)
wrong(BIAS, "log a for a × -one", b_log_a_and_sign=lambda a, y: y - np.log(a))
wrong(BIAS, "argmax for y", b_class_number=lambda a, y: a - np.argmax(y))
wrong(BIAS, "no signs", b_only_sign=lambda a, y: np.sign(a - y))
wrong(BIAS, "close", b_epsilon=lambda a, y: (a - y) * (1 + 1e-05))
wrong(BIAS, "a and y", b_a_twice=lambda a, y: 2 * a - y)
wrong(BIAS, "y log a × -one", b_loss_terms=lambda a, y: -y * np.log(a))
wrong(BIAS, "finite", b_divides_by_y=lambda a, y: -a / y)


@wrong(BIAS, "length 1")
def b_normalised(a, y):
    g = a - y
    return g / np.sqrt((g**2).sum())


wrong(BIAS, "unexplained", b_classes_reversed=lambda a, y: (a - y)[::-1])


wrong(BIAS, "arguments", b_takes_too_much=lambda W, b, x, y, more: x)


wrong(BIAS, "error", b_calls_itself=lambda a, y: undefined(a, y))  # noqa: F821
wrong(BIAS, "no 1/a", b_derivative_of_a=lambda a, y: (np.diag(a) - np.outer(a, a)) @ y)
wrong(BIAS, "times", b_mean_squared=lambda a, y: 2 * (a - y) / len(a))
wrong(BATCH_W, "unexplained", wn_sum_of_parts=lambda X, A, Y: ((A - Y)[:, :, None] + X[:, None, :]).mean(axis=0))


wrong(BATCH_W, "N", wn_sum=lambda X, A, Y: (A - Y).T @ X)
wrong(BATCH_W, "one example", wn_first=lambda X, A, Y: np.outer(A[0] - Y[0], X[0]))
wrong(BATCH_W, "shape", wn_transposed=lambda X, A, Y: X.T @ (A - Y) / len(X))
wrong(BATCH_W, "means multiplied", wn_product_of_means=lambda X, A, Y: np.outer((A - Y).mean(axis=0), X.mean(axis=0)))


wrong(BATCH_W, "one left out", wn_stops_before_last=lambda X, A, Y: (A - Y)[:-1].T @ X[:-1] / len(X))
wrong(BATCH_W, "1/N", wn_divided_twice=lambda X, A, Y: ((A - Y) / len(X)).T @ X / len(X))
wrong(BATCH_W, "N/m", wn_divided_by_m=lambda X, A, Y: (A - Y).T @ X / A.shape[1])
wrong(BATCH_W, "shuffled", wn_labels_shifted=lambda X, A, Y: (A - np.roll(Y, 1, axis=0)).T @ X / len(X))
wrong(BATCH_W, "shape", wn_not_averaged=lambda X, A, Y: np.einsum("kj,ki->kji", A - Y, X))
wrong(BATCH_B, "N", bn_sum=lambda X, A, Y: (A - Y).sum(axis=0))
wrong(BATCH_B, "shape", bn_wrong_axis=lambda X, A, Y: (A - Y).sum(axis=1))
wrong(BATCH_B, "shape", bn_not_averaged=lambda X, A, Y: A - Y)
wrong(BATCH_B, "zero", bn_total=lambda X, A, Y: np.full(A.shape[1], np.sum(A - Y) / len(A)))
wrong(BATCH_B, "b times x", bn_times_x=lambda X, A, Y: ((A - Y) * X.sum(axis=1, keepdims=True)).mean(axis=0))
wrong(BATCH_B, "1/m", bn_mean_of_all=lambda X, A, Y: (A - Y).sum(axis=0) / A.size)
wrong(BATCH, "count", n_only_w=lambda X, A, Y: (A - Y).T @ X / len(X))
wrong(BATCH, "shape", n_swapped=lambda X, A, Y: ((A - Y).mean(axis=0), (A - Y).T @ X / len(X)))
wrong(BATCH, "count", n_dictionary=lambda X, A, Y: {"W": (A - Y).T @ X / len(X), "b": (A - Y).mean(axis=0)})
wrong(BATCH, "-one", n_sign=lambda X, A, Y: ((Y - A).T @ X / len(X), (Y - A).mean(axis=0)))
wrong(BATCH, "one example", n_first=lambda X, A, Y: (np.outer(A[0] - Y[0], X[0]), A[0] - Y[0]))


@wrong(BATCH, "argmax for y")
def n_class_numbers(X, A, Y):
    delta = A - Y.argmax(axis=1)[:, None]
    return delta.T @ X / len(X), delta.mean(axis=0)


@wrong(BATCH, "N/(N-1)")
def n_minus_one(X, A, Y):
    N = max(len(X) - 1, 1)
    return (A - Y).T @ X / N, (A - Y).sum(axis=0) / N


@wrong(STEP, "-one")
def s_ascent(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W + learning_rate * dW, b + learning_rate * db


@wrong(STEP, "1/rate")
def s_no_learning_rate(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W - dW, b - db


wrong(STEP, "rate", s_learning_rate_twice=lambda W, b, X, Y, learning_rate: step(W, b, X, Y, learning_rate**2))


@wrong(STEP, "b along W")
def s_b_with_slope_of_w(W, b, X, Y, learning_rate):
    dW, _ = slopes(W, b, X, Y)
    return W - learning_rate * dW, b - learning_rate * dW.sum(axis=1)


wrong(STEP, "old values", s_b_stays=lambda W, b, X, Y, learning_rate: (step(W, b, X, Y, learning_rate)[0], b))
wrong(STEP, "old values", s_w_stays=lambda W, b, X, Y, learning_rate: (W, step(W, b, X, Y, learning_rate)[1]))


@wrong(STEP, "changed")
def s_in_place(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    W -= learning_rate * dW
    b -= learning_rate * db
    return W, b


@wrong(STEP, "b at new W")
def s_b_after_w(W, b, X, Y, learning_rate):
    W_new = step(W, b, X, Y, learning_rate)[0]
    return W_new, step(W_new, b, X, Y, learning_rate)[1]


@wrong(STEP, "W at new b")
def s_w_after_b(W, b, X, Y, learning_rate):
    b_new = step(W, b, X, Y, learning_rate)[1]
    return step(W, b_new, X, Y, learning_rate)[0], b_new


wrong(STEP, "N", s_sum=lambda W, b, X, Y, learning_rate: step(W, b, X, Y, learning_rate * len(X)))


@wrong(STEP, "integer update")
def s_integers(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W - (learning_rate * dW).astype(int), b - (learning_rate * db).astype(int)


wrong(STEP, "slope returned", s_returns_slopes=lambda W, b, X, Y, learning_rate: slopes(W, b, X, Y))


wrong(STEP, "shape", s_swapped=lambda W, b, X, Y, learning_rate: step(W, b, X, Y, learning_rate)[::-1])
wrong(STEP, "count", s_only_w=lambda W, b, X, Y, learning_rate: step(W, b, X, Y, learning_rate)[0])


@wrong(STEP, "no bias")
def s_scores_without_b(W, b, X, Y, learning_rate):
    dW, db = slopes(W, 0 * b, X, Y)
    return W - learning_rate * dW, b - learning_rate * db


@wrong(STEP, "no softmax")
def s_no_softmax(W, b, X, Y, learning_rate):
    delta = X @ W.T + b - Y
    return W - learning_rate * delta.T @ X / len(X), b - learning_rate * delta.mean(axis=0)


@wrong(STEP, "sigmoid")
def s_sigmoid(W, b, X, Y, learning_rate):
    delta = 1 / (1 + np.exp(-(X @ W.T + b))) - Y
    return W - learning_rate * delta.T @ X / len(X), b - learning_rate * delta.mean(axis=0)


wrong(STEP, "one example", s_first_example=lambda W, b, X, Y, learning_rate: step(W, b, X[:1], Y[:1], learning_rate))
wrong(STEP, "1/rate²", s_divided=lambda W, b, X, Y, learning_rate: step(W, b, X, Y, 1 / learning_rate))


@wrong(STEP, "softmax over examples")
def s_softmax_over_examples(W, b, X, Y, learning_rate):
    e = np.exp(X @ W.T + b)
    delta = e / e.sum(axis=0) - Y
    return W - learning_rate * delta.T @ X / len(X), b - learning_rate * delta.mean(axis=0)


wrong(STEP, "error", s_scores_of_one_example=lambda W, b, X, Y, learning_rate: W @ X + b)


@wrong(STEP, "scaled")
def s_scales(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W * (1 - learning_rate * dW), b * (1 - learning_rate * db)


wrong(STEP, "times", s_fixed_rate=lambda W, b, X, Y, learning_rate: step(W, b, X, Y, 0.1))


@wrong(SGD, "stale")
def l_slope_once(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    dW, db = slopes(W, b, X, Y)
    for _ in range(epochs):
        for _ in range(0, len(X), batch_size):
            W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b


@wrong(SGD, "shuffled")
def l_shuffled_apart(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        X, Y = rng.permutation(X), rng.permutation(Y)
        W, b = loop(lambda N, rng: np.arange(N))(W, b, X, Y, learning_rate, 1, batch_size, rng)
    return W, b


@wrong(SGD, "divided by N")
def l_divided_by_all(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    def one(W, b, x, y, learning_rate):
        return step(W, b, x, y, learning_rate * len(x) / len(X))

    return loop(lambda N, rng: rng.permutation(N), one)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


wrong(
    SGD,
    "epoch too few",
    l_epoch_short=lambda W, b, X, Y, learning_rate, epochs, batch_size, rng: shuffled(
        W, b, X, Y, learning_rate, epochs - 1, batch_size, rng
    ),
)
wrong(
    SGD,
    "epoch too many",
    l_epoch_more=lambda W, b, X, Y, learning_rate, epochs, batch_size, rng: shuffled(
        W, b, X, Y, learning_rate, epochs + 1, batch_size, rng
    ),
)


@wrong(SGD, "divided by batch_size")
def l_last_divisor(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    def one(W, b, x, y, learning_rate):
        return step(W, b, x, y, learning_rate * len(x) / batch_size)

    return loop(lambda N, rng: rng.permutation(N), one)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong(SGD, "last left out")
def l_last_dropped(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for k in range(len(X) // batch_size):
            batch = order[k * batch_size : (k + 1) * batch_size]
            W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


@wrong(SGD, "one epoch")
def l_return_inside(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        return shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
    return W, b


wrong(SGD, "not from rng", l_not_shuffled=loop(lambda N, rng: np.arange(N)))


@wrong(SGD, "same order")
def l_shuffled_once(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    order = rng.permutation(len(X))
    return loop(lambda N, rng: order)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong(SGD, "another generator")
def l_global_generator(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    order = lambda N, rng: np.random.permutation(N)  # noqa: E731, NPY002
    return loop(order)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


wrong(SGD, "drawn again", l_with_replacement=loop(lambda N, rng: rng.integers(N, size=N)))


@wrong(SGD, "one step")
def l_full_batch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        W, b = step(W, b, X, Y, learning_rate)
    return W, b


@wrong(SGD, "all in every step")
def l_all_rows_in_each_step(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs * -(-len(X) // batch_size)):
        W, b = step(W, b, X, Y, learning_rate)
    return W, b


wrong(SGD, "one by one", l_single_examples=lambda *rest: shuffled(*rest[:6], 1, rest[-1]))


@wrong(SGD, "changed")
def l_shuffles_in_place(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], Y[:] = X[order], Y[order]
        W, b = loop(lambda N, rng: np.arange(N))(W, b, X, Y, learning_rate, 1, batch_size, rng)
    return W, b


@wrong(SGD, "first alone")
def l_one_batch_per_epoch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        batch = rng.permutation(len(X))[:batch_size]
        W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


wrong(SGD, "-one", l_ascent=lambda W, b, X, Y, rate, *rest: shuffled(W, b, X, Y, -rate, *rest))


@wrong(SGD, "stale epoch")
def l_stale_epoch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        W0, b0, order = W, b, rng.permutation(len(X))
        for k in range(0, len(X), batch_size):
            dW, db = slopes(W0, b0, X[order[k : k + batch_size]], Y[order[k : k + batch_size]])
            W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b


@wrong(SGD, "neighbours")
def l_shuffles_batches(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        for k in rng.permutation(np.arange(0, len(X), batch_size)):
            W, b = step(W, b, X[k : k + batch_size], Y[k : k + batch_size], learning_rate)
    return W, b


@wrong(SGD, "finite")
def l_empty_batch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for k in range(len(X) // batch_size + 1):
            batch = order[k * batch_size : (k + 1) * batch_size]
            delta = activations(W, b, X)[batch] - Y[batch]
            W, b = W - learning_rate * delta.T @ X[batch] / len(batch), b - learning_rate * delta.mean(axis=0)
    return W, b


wrong(SGD, "count", l_returns_losses=lambda *rest: (*shuffled(*rest), []))
wrong(SGD, "from zero", l_starts_at_zero=lambda W, b, *rest: shuffled(0 * W, 0 * b, *rest))


@wrong(SGD, "times")
def l_averages(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    W1, b1 = shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng)
    return (W + W1) / 2, (b + b1) / 2


@wrong(SGD, "sometimes old")
def l_keeps_the_best(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    best = (np.inf, W, b)
    for _ in range(epochs):
        W, b = shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
        loss = -np.log((activations(W, b, X) * Y).sum(axis=1)).mean()
        best = min(best, (loss, W, b), key=lambda state: state[0])
    return best[1:]


@wrong(SGD, "too early")
def l_stops_early(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        before = W
        W, b = shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
        if abs(W - before).max() < 1e-4:
            break
    return W, b


@wrong(SGD, "smaller first")
def l_small_batch_first(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for batch in np.split(order, range(len(X) % batch_size or batch_size, len(X), batch_size)):
            W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


@wrong(SGD, "first again")
def l_first_batch_again(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for _ in range(0, len(X), batch_size):
            W, b = step(W, b, X[order[:batch_size]], Y[order[:batch_size]], learning_rate)
    return W, b


right(WEIGHT, ok_w_outer=lambda x, a, y: np.outer(a - y, x))
right(WEIGHT, ok_w_lists=lambda x, a, y: [[(a[j] - y[j]) * x[i] for i in range(len(x))] for j in range(len(y))])
right(WEIGHT, ok_w_columns=lambda x, a, y: (a.reshape(-1, 1) - y.reshape(-1, 1)) @ x.reshape(1, -1))
right(WEIGHT, ok_w_float32=lambda x, a, y: np.outer((a - y).astype(np.float32), x.astype(np.float32)))
right(WEIGHT, ok_w_minus_minus=lambda x, a, y: -np.multiply.outer(y - a, x))
right(WEIGHT, ok_w_matrix=lambda x, a, y: np.matrix(a - y).T * np.matrix(x))


right(BIAS, ok_b=lambda a, y: a - y)


@right(BIAS)
def ok_b_list(a, y):
    g = a.copy()
    g[np.argmax(y)] -= 1
    return list(g)


right(BIAS, ok_b_tuple=lambda a, y: tuple((p - t for p, t in zip(a, y, strict=True))))
right(BIAS, ok_b_column=lambda a, y: (a - y).reshape(-1, 1))


@right(BIAS)
def ok_b_sum_over_k(a, y):
    m = len(a)
    return np.array([sum(y[k] * (a[j] - (k == j)) for k in range(m)) for j in range(m)])


right(BATCH, ok_n_einsum=lambda X, A, Y: (np.einsum("ki,kj->ij", A - Y, X) / X.shape[0], np.mean(A - Y, axis=0)))


@right(BATCH)
def ok_n_delta_first(X, A, Y):
    delta = (A - Y) / len(X)
    return [delta.T @ X, delta.sum(axis=0)]


@right(BATCH)
def ok_n_loop(X, A, Y):
    dW, db = np.zeros((A.shape[1], X.shape[1])), np.zeros(A.shape[1])
    for x, a, y in zip(X, A, Y, strict=True):
        dW += np.outer(a - y, x) / len(X)
        db += (a - y) / len(X)
    return dW, db


@right(BATCH)
def ok_n_ones_column(X, A, Y):
    G = (A - Y).T @ np.column_stack([X, np.ones(len(X))]) / len(X)
    return G[:, :-1], G[:, -1]


right(STEP, ok_s=lambda W, b, X, Y, learning_rate: step(W, b, X, Y, learning_rate))


@right(STEP)
def ok_s_plus(W, b, X, Y, learning_rate):
    E = Y - activations(W, b, X)
    return W + learning_rate * E.T @ X / len(X), b + learning_rate * E.mean(axis=0)


@right(STEP)
def ok_s_copies(W, b, X, Y, learning_rate):
    W, b = W.copy(), b.copy()
    dW, db = slopes(W, b, X, Y)
    W -= learning_rate * dW
    b -= learning_rate * db
    return [W, b]


@right(STEP)
def ok_s_helpers(W, b, X, Y, learning_rate):
    from helpers.cross_entropy import softmax_crossentropy_grad
    from helpers.network import weighted_inputs

    delta = softmax_crossentropy_grad(weighted_inputs(X, W, b), Y)
    return W - learning_rate * delta.T @ X, b - learning_rate * delta.sum(axis=0)


@right(STEP)
def ok_s_float32(W, b, X, Y, learning_rate):
    W_new, b_new = step(W, b, X, Y, learning_rate)
    return W_new.astype(np.float32), b_new.astype(np.float32)


shuffled = loop(lambda N, rng: rng.permutation(N))
right(SGD, ok_l_permutation=shuffled)


@right(SGD)
def ok_l_shuffle(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    order = np.arange(len(X))

    def draw(N, rng):
        rng.shuffle(order)
        return order

    return loop(draw)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


right(SGD, ok_l_choice=loop(lambda N, rng: rng.choice(N, N, replace=False)))
right(SGD, ok_l_sorted_keys=loop(lambda N, rng: np.argsort(rng.random(N))))


@right(SGD)
def ok_l_orders_in_advance(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    orders = iter(rng.permuted(np.tile(np.arange(len(X)), (epochs, 1)), axis=1))
    return loop(lambda N, rng: next(orders))(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@right(SGD)
def ok_l_rows_with_labels(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    together = np.hstack([X, Y])
    for _ in range(epochs):
        together = rng.permutation(together)
        x, y = together[:, : X.shape[1]], together[:, X.shape[1] :]
        W, b = loop(lambda N, rng: np.arange(N))(W, b, x, y, learning_rate, 1, batch_size, rng)
    return W, b


@right(SGD)
def ok_l_float32(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    W, b = shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng)
    return W.astype(np.float32), b.astype(np.float32)


def factors(z, y):
    a = activations(np.eye(len(z)), 0, z[np.newaxis])[0]
    return -y / a, np.diag(a) - np.outer(a, a), a - y


right(CHAIN, ok_f=factors, ok_f_added=lambda z, y: (*factors(z, y)[:2], factors(z, y)[0] @ factors(z, y)[1]))
wrong(CHAIN, "-1", f_sign=lambda z, y: (-factors(z, y)[0], *factors(z, y)[1:]))
wrong(CHAIN, "no y", f_without_y=lambda z, y: (-1 / (factors(z, y)[2] + y), *factors(z, y)[1:]))
wrong(CHAIN, "unexplained", f_loss=lambda z, y: (-y * np.log(factors(z, y)[2] + y), *factors(z, y)[1:]))
wrong(CHAIN, "no 1/a", f_no_division=lambda z, y: (-y, *factors(z, y)[1:]))
wrong(CHAIN, "k = j alone", f_own=lambda z, y: (factors(z, y)[0], np.diag(np.diag(factors(z, y)[1])), factors(z, y)[2]))
wrong(CHAIN, "not multiplied", f_not_multiplied=lambda z, y: (*factors(z, y)[:2], factors(z, y)[0]))
wrong(CHAIN, "shape", f_number=lambda z, y: (*factors(z, y)[:2], factors(z, y)[0].sum()))


for path in sorted(pathlib.Path(__file__).parent.glob("answers_*.py")):  # those of the other lessons, a file each
    importlib.import_module(path.stem)
