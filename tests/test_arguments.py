"""Bad input gets a ValueError or TypeError whose sentence names function, argument, what it is, what was expected."""

import re

import numpy as np
import pytest

from helpers import arguments, network, numerical, softmax
from helpers import cross_entropy as ce

NAN, INF = np.nan, np.inf
Z, Y, A = [[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]], [[0, 0, 1], [1, 0, 0]], [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]]
X, W, B = np.ones((2, 3)), np.ones((4, 3)), np.ones(4)
SCORES = [softmax.softmax, softmax.softmax_jacobian]
FROM_SCORES = [ce.softmax_crossentropy, ce.softmax_crossentropy_grad]
FROM_ACTIVATIONS = [ce.categorical_crossentropy, ce.categorical_crossentropy_grad]

# Every function of one or two arrays: its first argument's name, good arguments.
ONE_OR_TWO = [
    *((f, "z", [Z]) for f in [*SCORES, softmax.sigmoid]),
    *((f, "z", [Z, Y]) for f in FROM_SCORES),
    *((f, "a", [A, Y]) for f in [*FROM_ACTIVATIONS, ce.binary_crossentropy]),
    (ce.cross_entropy, "p", [A, A]),
    (network.predict, "a", [A]),
]
TWO = [(f, name, "q" if name == "p" else "y", good[0]) for f, name, good in ONE_OR_TWO if len(good) == 2]


def raises(error, message, function, *arguments):
    """`function` raises just this error, and the whole message is its name and `message`."""
    name = "softmax" if function is softmax.softmax_jacobian else function.__name__  # which checks the scores
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(f'{name}: {message}')}$") as raised:
        function(*arguments)
    assert raised.type is error


@pytest.mark.parametrize(("function", "name", "good"), ONE_OR_TWO, ids=[f.__name__ for f, _, _ in ONE_OR_TWO])
class TestTheFirstArgument:
    @pytest.mark.parametrize(("bad", "dtype"), [(["1", "2"], "<U1"), (None, "object"), ([1j, 2], "complex128")])
    def test_not_real_numbers(self, function, name, good, bad, dtype):
        raises(TypeError, f"{name} must hold real numbers, but its type is {dtype}", function, bad, *good[1:])

    @pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (1, 2, 3), ()])
    def test_shape(self, function, name, good, shape):
        wanted = "(m,) or (N, m)" if function is not softmax.sigmoid else "(), (m,) or (N, m)"
        if (function, shape) != (softmax.sigmoid, ()):
            message = f"{name} has shape {shape}, expected {wanted}{', not empty' * (0 in shape)}"
            raises(ValueError, message, function, np.ones(shape), *good[1:])
        message = f"{name} has rows of different lengths, expected {wanted}"
        raises(ValueError, message, function, [[1, 0], [1]], *good[1:])

    def test_nan(self, function, name, good):
        first = np.array(good[0], dtype=float)
        first[1, 2] = NAN
        place, wanted = f"{name}[1, 2]", "a probability, 0 to 1"
        if function in SCORES + FROM_SCORES:
            place, wanted = "largest score of z[1]", "a finite number"
        elif function in FROM_ACTIVATIONS:
            wanted = "an activation, not negative (is a the scores?)"
        elif len(good) == 1:
            wanted = "a number"
        raises(ValueError, f"{place} is nan, expected {wanted}", function, first, *good[1:])


@pytest.mark.parametrize("function", SCORES + FROM_SCORES)
def test_scores_of_an_example_need_a_finite_largest_one(function):
    rest, message = [] if function in SCORES else [Y], "largest score of z{} is {}, expected a finite number"
    raises(ValueError, message.format("[1]", INF), function, [Z[0], [0, INF, 1]], *rest)
    raises(ValueError, message.format("[0]", NAN), function, [[1, INF, NAN], Z[1]], *rest)
    raises(ValueError, message.format("[1]", -INF), function, [Z[0], [-INF] * 3], *rest)
    raises(ValueError, message.format("", NAN), function, [NAN, 1, 2], *[y[0] for y in rest])


@pytest.mark.parametrize(("function", "name", "second", "first"), TWO, ids=[f.__name__ for f, *_ in TWO])
class TestTheSecondArgument:
    @pytest.mark.parametrize("shape", [(2, 2), (1, 3), (3, 3), (3,), (2, 1), (1,)])
    def test_nothing_is_broadcast(self, function, name, second, first, shape):
        good = np.ones(shape) / (shape[-1] if name == "p" else 1)
        raises(ValueError, f"{name} has shape (2, 3) but {second} has shape {shape}", function, first, good)

    def test_type_and_shape(self, function, name, second, first):
        message = f"{second} must hold real numbers, but its type is object"
        raises(TypeError, message, function, first, None)
        message = f"{second} has shape (0, 3), expected (m,) or (N, m), not empty"
        raises(ValueError, message, function, first, np.empty((0, 3)))


@pytest.mark.parametrize("function", FROM_SCORES + FROM_ACTIVATIONS)
def test_targets_are_one_hot(function):
    for row, shown in [([1, 1, 0], "[1. 1. 0.]"), ([0, 0, 0], "[0. 0. 0.]")]:
        message = f"is {shown}, expected one-hot: exactly one 1, the rest 0"
        raises(ValueError, f"y[1] {message}", function, A, [[1, 0, 0], row])
        raises(ValueError, f"y {message}", function, A[0], row)
    raises(ValueError, f"y[0] {message}", function, A, [[0, 0, 0], [1, 1, 1]])  # as many ones as a good y might have
    for bad in (0.5, 2, -1, NAN, INF, 1 - 1e-12):
        message = f"y[1, 1] is {np.float64(bad)}, expected 0 or 1 (one-hot)"
        raises(ValueError, message, function, A, [[1, 0, 0], [1, bad, 1]])


@pytest.mark.parametrize("bad", [-0.1, 1.5, NAN, INF, -INF])
def test_probabilities_and_activations(bad):
    if not bad > 1 or bad == INF:
        for function in FROM_ACTIVATIONS:
            message = f"a[0, 1] is {bad}, expected an activation, not negative (is a the scores?)"
            raises(ValueError, message, function, [[0.5, bad, 0.5], A[1]], Y)
    message = f"[1] is {bad}, expected a probability, 0 to 1"
    raises(ValueError, f"a{message}", ce.binary_crossentropy, [0.5, bad], [0, 1])
    raises(ValueError, f"p{message}", ce.cross_entropy, [0.5, bad], [0.5, 0.5])
    raises(ValueError, f"q{message}", ce.cross_entropy, [0.5, 0.5], [0.5, bad])
    if bad not in (INF, -INF):
        message = f"y[1] is {bad}, expected 0 or 1"
        raises(ValueError, message, ce.binary_crossentropy, [0.5, 0.5], [0, bad])


def test_good_input_is_accepted_and_floats_keep_their_type():
    for dtype in (bool, np.uint8, np.int64, np.float32, np.float64):
        kept = dtype if dtype is np.float32 else np.float64
        assert arguments.floats("f", "x", np.ones(2, dtype)).dtype == kept
    ce.cross_entropy(np.full(11, np.float32(1 / 11)), np.full(11, 1 / 11))  # rounding is not an error
    ce.categorical_crossentropy([0.0, 1.0], ce.one_hot(1, 2))
    ce.one_hot([0], 1)


def test_distributions_sum_to_1():
    raises(ValueError, "sum of p is 0.75, expected 1", ce.cross_entropy, [0.5, 0.25], [0.5, 0.5])
    raises(ValueError, "sum of q[1] is 1.5, expected 1", ce.cross_entropy, [[1, 0], [0, 1]], [[0, 1], [1, 0.5]])
    for p in ([0.5, 0.499999], np.float32([0.5, 0.49])):
        with pytest.raises(ValueError, match=r"^cross_entropy: sum of p is 0\.99"):
            ce.cross_entropy(p, [0.5, 0.5])


def test_labels_are_class_numbers():
    for bad in ([0.0, 1.0], [True, False], ["a"], None, [1j]):
        message = f"labels must hold integers, but its type is {np.asarray(bad).dtype}"
        raises(TypeError, message, ce.one_hot, bad, 3)
    for bad in (3, -1, np.uint8(255), 10**12):
        raises(ValueError, f"labels[1] is {bad}, expected a class number, 0 to 2", ce.one_hot, np.array([0, bad]), 3)
        raises(ValueError, f"labels is {bad}, expected a class number, 0 to 2", ce.one_hot, bad, 3)
    raises(ValueError, "labels has shape (1, 2), expected () or (N,)", ce.one_hot, [[0, 1]], 3)
    raises(ValueError, "labels has shape (0,), expected () or (N,), not empty", ce.one_hot, np.array([], dtype=int), 3)
    for m in (3.0, "3", None, True, np.float64(3), [3]):
        raises(TypeError, f"m must be an integer, but it is {m!r}", ce.one_hot, [0], m)
    for m in (0, -2):
        raises(ValueError, f"m is {m}, expected at least 1", ce.one_hot, [0], m)


def test_accuracy_compares_class_numbers_of_one_shape():
    f, wants, empty = network.accuracy, "must hold integers, but its type is", np.array([], dtype=int)
    raises(TypeError, f"predicted {wants} float64", f, [0.0, 1.0], [0, 1])
    raises(TypeError, f"labels {wants} bool", f, [0, 1], [True, False])
    raises(ValueError, "labels has shape (2, 2), expected (N,)", f, [0, 1], np.eye(2, dtype=int))
    raises(ValueError, "predicted has shape (), expected (N,)", f, 1, [1])
    raises(ValueError, "predicted has shape (0,), expected (N,), not empty", f, empty, empty)
    raises(ValueError, "predicted has shape (2,) but labels has shape (1,)", f, [0, 1], [1])


@pytest.mark.parametrize(
    ("x", "weights", "b", "fit"),
    [(X, W.T, B, "(4, 3)"), (X, W, B[:3], "(3, 3)"), (X.T, W, B, "(4, 2)"), (B, W, B[:1], "(1, 4)")],
)
def test_features_weights_and_biases_fit_together(x, weights, b, fit):
    given = f"W has shape {weights.shape}, but x has shape {x.shape} and b has shape {b.shape}"
    raises(ValueError, f"{given}; expected W (m, n) = {fit}", network.weighted_inputs, x, weights, b)


def test_features_weights_and_biases_are_finite_numbers_of_their_own_shape():
    f = network.weighted_inputs
    raises(ValueError, "x has shape (), expected (n,) or (N, n)", f, 1, W, B)
    raises(ValueError, "W has shape (3,), expected (m, n)", f, X, W[0], B)
    raises(ValueError, "b has shape (1, 4), expected (m,)", f, X, W, [B])
    raises(TypeError, "b must hold real numbers, but its type is <U1", f, X, W, list("abcd"))
    for i, place in enumerate(["x[1, 2]", "W[3, 0]", "b[2]"]):
        for bad in (NAN, INF, -INF):
            given = [value.copy() for value in (X, W, B)]
            given[i][tuple(map(int, re.findall(r"\d", place)))] = bad
            raises(ValueError, f"{place} is {bad}, expected a finite number", f, *given)


@pytest.mark.parametrize("function", [numerical.gradient, numerical.jacobian])
def test_what_is_measured_and_how(function):
    raises(TypeError, "x must hold real numbers, but its type is complex128", function, np.sum, [1j])
    raises(ValueError, "x[1] is nan, expected a finite number", function, np.sum, [1.0, NAN])
    raises(ValueError, "x has shape (0,), expected any shape, not empty", function, np.sum, [])
    raises(TypeError, "f(x) must hold real numbers, but its type is object", function, lambda x: None, [1.0])
    step = "expected a positive step that changes every entry of x"
    for h in (0, -1e-5, NAN, INF, 1e-18, 9e-17):  # the last changes 1 downwards only, and -1 upwards only
        for x in (1.0, -1.0):
            raises(ValueError, f"h is {h}, {step}", function, np.sum, x, h)
    raises(ValueError, f"h is 3e-05, {step}", function, np.sum, [1.0, 1e20])


def test_a_gradient_needs_a_function_with_one_number():
    for x, shape in [([1.0, 2.0], (2, 1)), (3.0, (1,)), ([[1.0]], (1, 1, 1))]:
        message = f"f(x) has shape {shape}, expected (), one number"
        raises(ValueError, message, numerical.gradient, lambda x: x[..., np.newaxis], x)


def test_what_is_compared():
    for formula, measured in [((2,), (3,)), ((1,), ()), ((2, 1), (2, 2)), ((3,), (1, 3))]:
        message = f"formula has shape {formula} but measured has shape {measured}"
        raises(ValueError, message, numerical.compare, np.ones(formula), np.ones(measured))
    raises(TypeError, "formula must hold real numbers, but its type is object", numerical.compare, None, [1.0])
    message = "measured has shape (0, 2), expected any shape, not empty"
    raises(ValueError, message, numerical.compare, [1.0], np.empty((0, 2)))
