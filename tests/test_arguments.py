"""Bad input gets a ValueError or TypeError whose sentence names function, argument, what it is, what was expected."""

import re

import numpy as np
import pytest

from helpers import cross_entropy, network, numerical, softmax

NAN, INF = np.nan, np.inf
Z, Y, A = [[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]], [[0, 0, 1], [1, 0, 0]], [[0.2, 0.3, 0.5], [0.1, 0.1, 0.8]]


def raises(error, message, function, *arguments):
    """`function` raises just this error, and the whole message is `message`."""
    with pytest.raises((ValueError, TypeError), match=f"^{re.escape(message)}$") as raised:
        function(*arguments)
    assert raised.type is error


SCORES = [softmax.softmax, softmax.log_softmax, softmax.softmax_jacobian, softmax.sigmoid]
FROM_SCORES = [cross_entropy.softmax_crossentropy, cross_entropy.softmax_crossentropy_grad]
FROM_ACTIVATIONS = [cross_entropy.categorical_crossentropy, cross_entropy.categorical_crossentropy_grad]
BINARY_FROM_SCORES = [cross_entropy.sigmoid_crossentropy, cross_entropy.sigmoid_crossentropy_grad]
BINARY = [cross_entropy.binary_crossentropy, *BINARY_FROM_SCORES]

# Every function of one or two arrays: its first argument's name, its shape, good arguments.
ONE_OR_TWO = [
    *[(f, "z", [Z]) for f in SCORES],
    *[(f, "z", [Z, Y]) for f in FROM_SCORES + BINARY_FROM_SCORES],
    *[(f, "a", [A, Y]) for f in FROM_ACTIVATIONS],
    (cross_entropy.binary_crossentropy, "a", [A, Y]),
    (cross_entropy.cross_entropy, "p", [A, A]),
    (network.predict, "a", [A]),
]
IDS = [f.__name__ for f, _, _ in ONE_OR_TWO]
SHAPES = "(m,) or (N, m)"


def caller(function):
    """The name that messages start with: the Jacobian hands its scores to softmax, which checks them."""
    return "softmax" if function is softmax.softmax_jacobian else function.__name__


def shapes(function):
    return "(), (m,) or (N, m)" if function is softmax.sigmoid else SHAPES


@pytest.mark.parametrize(("function", "name", "good"), ONE_OR_TWO, ids=IDS)
class TestTheFirstArgument:
    def test_good_arguments_are_accepted(self, function, name, good):
        function(*good)

    @pytest.mark.parametrize(
        ("bad", "dtype"),
        [("abc", "<U3"), (["1", "2"], "<U1"), (None, "object"), ([1j, 2], "complex128"), ({}, "object")],
    )
    def test_not_real_numbers(self, function, name, good, bad, dtype):
        message = f"{caller(function)}: {name} must hold real numbers, but its type is {dtype}"
        raises(TypeError, message, function, bad, *good[1:])

    @pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
    def test_empty(self, function, name, good, shape):
        """No classes, no examples."""
        message = f"{caller(function)}: {name} has shape {shape}, expected {shapes(function)}, not empty"
        raises(ValueError, message, function, np.empty(shape), *good[1:])

    def test_too_many_axes(self, function, name, good):
        message = f"{caller(function)}: {name} has shape (1, 2, 3), expected {shapes(function)}"
        raises(ValueError, message, function, [good[0]], *good[1:])

    def test_rows_of_different_lengths(self, function, name, good):
        message = f"{caller(function)}: {name} has rows of different lengths, expected {shapes(function)}"
        raises(ValueError, message, function, [[1, 0], [1]], *good[1:])

    def test_nan(self, function, name, good):
        first = np.array(good[0], dtype=float)
        first[1, 2] = NAN
        with pytest.raises(ValueError, match=rf"^{caller(function)}: .*{name}\[1(, 2)?\] is nan, expected "):
            function(first, *good[1:])


@pytest.mark.parametrize(
    "function", [f for f, _, _ in ONE_OR_TWO if f is not softmax.sigmoid], ids=lambda f: f.__name__
)
def test_a_single_number_is_not_an_example(function):
    good, name = next((good, name) for f, name, good in ONE_OR_TWO if f is function)
    raises(ValueError, f"{caller(function)}: {name} has shape (), expected {SHAPES}", function, 0.5, *good[1:])


@pytest.mark.parametrize("function", [f for f in SCORES if f is not softmax.sigmoid] + FROM_SCORES)
def test_scores_of_an_example_need_a_finite_largest_one(function):
    rest = [] if function in SCORES else [Y]
    name = caller(function)
    expected = "expected a finite number"
    raises(ValueError, f"{name}: largest score of z[1] is inf, {expected}", function, [Z[0], [0, INF, 1]], *rest)
    raises(ValueError, f"{name}: largest score of z[0] is nan, {expected}", function, [[1, INF, NAN], Z[1]], *rest)
    raises(ValueError, f"{name}: largest score of z[1] is -inf, {expected}", function, [Z[0], [-INF] * 3], *rest)
    raises(ValueError, f"{name}: largest score of z is nan, {expected}", function, [NAN, 1, 2], *[y[0] for y in rest])


@pytest.mark.parametrize("function", BINARY_FROM_SCORES)
def test_the_entry_that_is_nan_is_named(function):
    raises(ValueError, f"{function.__name__}: z[1] is nan, expected a number", function, [1.0, NAN], [1, 0])


TWO = [(f, name, good) for f, name, good in ONE_OR_TWO if len(good) == 2]


@pytest.mark.parametrize(("function", "name", "good"), TWO, ids=[f.__name__ for f, _, _ in TWO])
class TestTheSecondArgument:
    @pytest.mark.parametrize("shape", [(2, 2), (1, 3), (3, 3), (3,), (2, 1), (1,)])
    def test_nothing_is_broadcast(self, function, name, good, shape):
        second = "q" if name == "p" else "y"
        wrong = np.eye(*shape) if len(shape) == 2 else np.eye(shape[0])[0]
        if shape == (2, 1):
            wrong = np.ones(shape)
        message = f"{function.__name__}: {name} has shape (2, 3) but {second} has shape {shape}"
        raises(ValueError, message, function, good[0], wrong)

    def test_not_real_numbers(self, function, name, good):
        second = "q" if name == "p" else "y"
        message = f"{function.__name__}: {second} must hold real numbers, but its type is object"
        raises(TypeError, message, function, good[0], None)

    def test_class_numbers_are_not_targets(self, function, name, good):
        second = "q" if name == "p" else "y"
        with pytest.raises(ValueError, match=rf"^{function.__name__}: .*\b{second}\b"):
            function(good[0], [2, 0])

    def test_empty(self, function, name, good):
        second = "q" if name == "p" else "y"
        message = f"{function.__name__}: {second} has shape (0, 3), expected {SHAPES}, not empty"
        raises(ValueError, message, function, good[0], np.empty((0, 3)))


@pytest.mark.parametrize("function", FROM_SCORES + FROM_ACTIVATIONS)
class TestOneHot:
    @pytest.mark.parametrize(
        ("row", "shown"), [([1, 1, 0], "[1. 1. 0.]"), ([0, 0, 0], "[0. 0. 0.]"), ([1, 1, 1], "[1. 1. 1.]")]
    )
    def test_exactly_one_1(self, function, row, shown):
        expected = "expected one-hot: exactly one 1, the rest 0"
        raises(ValueError, f"{function.__name__}: y[1] is {shown}, {expected}", function, A, [[1, 0, 0], row])
        raises(ValueError, f"{function.__name__}: y is {shown}, {expected}", function, A[0], row)

    @pytest.mark.parametrize("row", [[0, 0.5, 0.5], [0, 2, 0], [0, -1, 1], [0, NAN, 1], [0, INF, 0], [0, 1 - 1e-12, 0]])
    def test_only_0_and_1(self, function, row):
        message = f"{function.__name__}: y[1, 1] is {np.float64(row[1])}, expected 0 or 1 (one-hot)"
        raises(ValueError, message, function, A, [[1, 0, 0], row])

    def test_two_ones_in_one_row_and_none_in_another(self, function):
        with pytest.raises(ValueError, match=r"y\[0\] is \[1. 0. 1.\], expected one-hot"):
            function(A, [[1, 0, 1], [0, 0, 0]])


@pytest.mark.parametrize("function", FROM_ACTIVATIONS)
@pytest.mark.parametrize("bad", [-0.1, NAN, INF, -INF])
def test_activations_are_not_negative(function, bad):
    message = f"{function.__name__}: a[0, 1] is {bad}, expected an activation, not negative (is a the scores?)"
    raises(ValueError, message, function, [[0.5, bad, 0.5], A[1]], Y)


@pytest.mark.parametrize("bad", [-0.1, 1.5, NAN, INF])
def test_probabilities_lie_between_0_and_1(bad):
    message = f"binary_crossentropy: a[1] is {bad}, expected a probability, 0 to 1"
    raises(ValueError, message, cross_entropy.binary_crossentropy, [0.5, bad], [0, 1])
    for name, p, q in [("p", [0.5, bad], [0.5, 0.5]), ("q", [0.5, 0.5], [0.5, bad])]:
        message = f"cross_entropy: {name}[1] is {bad}, expected a probability, 0 to 1"
        raises(ValueError, message, cross_entropy.cross_entropy, p, q)


def test_distributions_sum_to_1():
    function = cross_entropy.cross_entropy
    raises(ValueError, "cross_entropy: sum of p is 0.75, expected 1", function, [0.5, 0.25], [0.5, 0.5])
    raises(ValueError, "cross_entropy: sum of q[1] is 1.5, expected 1", function, [[1, 0], [0, 1]], [[0, 1], [1, 0.5]])
    with pytest.raises(ValueError, match=r"^cross_entropy: sum of p is 0\.99999"):
        function([0.5, 0.499999], [0.5, 0.5])
    function(np.full(3, 1 / 3), np.float32([0.1, 0.2, 0.7]))  # rounding is not an error


@pytest.mark.parametrize("function", BINARY)
@pytest.mark.parametrize("bad", [0.5, 2, -1, NAN])
def test_answers_are_0_or_1(function, bad):
    message = f"{function.__name__}: y[1] is {np.float64(bad)}, expected 0 or 1"
    raises(ValueError, message, function, [0.5, 0.5], [0, bad])


class TestLabels:
    @pytest.mark.parametrize("bad", [[0.0, 1.0], [True, False], ["a"], None, [1j]])
    def test_labels_are_integers(self, bad):
        dtype = np.asarray(bad).dtype
        message = f"one_hot: labels must hold integers, but its type is {dtype}"
        raises(TypeError, message, cross_entropy.one_hot, bad, 3)

    @pytest.mark.parametrize(("bad", "shown"), [(3, 3), (-1, -1), (np.uint8(255), 255), (10**12, 10**12)])
    def test_labels_are_class_numbers(self, bad, shown):
        expected = "expected a class number, 0 to 2"
        raises(ValueError, f"one_hot: labels[1] is {shown}, {expected}", cross_entropy.one_hot, np.array([0, bad]), 3)
        raises(ValueError, f"one_hot: labels is {shown}, {expected}", cross_entropy.one_hot, bad, 3)

    @pytest.mark.parametrize(("bad", "empty"), [([[0, 1]], ""), (np.array([], dtype=int), ", not empty")])
    def test_labels_have_one_axis(self, bad, empty):
        message = f"one_hot: labels has shape {np.shape(bad)}, expected () or (N,){empty}"
        raises(ValueError, message, cross_entropy.one_hot, bad, 3)

    @pytest.mark.parametrize("m", [3.0, "3", None, True, np.float64(3), [3]])
    def test_the_number_of_classes_is_an_integer(self, m):
        raises(TypeError, f"one_hot: m must be an integer, but it is {m!r}", cross_entropy.one_hot, [0], m)

    @pytest.mark.parametrize("m", [0, -2])
    def test_there_is_at_least_one_class(self, m):
        raises(ValueError, f"one_hot: m is {m}, expected at least one class", cross_entropy.one_hot, [0], m)

    def test_accuracy_compares_class_numbers_of_one_shape(self):
        accuracy = network.accuracy
        wants = "must hold integers, but its type is"
        raises(TypeError, f"accuracy: predicted {wants} float64", accuracy, [0.0, 1.0], [0, 1])
        raises(TypeError, f"accuracy: labels {wants} bool", accuracy, [0, 1], [True, False])
        raises(ValueError, "accuracy: labels has shape (2, 2), expected (N,)", accuracy, [0, 1], np.eye(2, dtype=int))
        raises(ValueError, "accuracy: predicted has shape (), expected (N,)", accuracy, 1, [1])
        empty = np.array([], dtype=int)
        raises(ValueError, "accuracy: predicted has shape (0,), expected (N,), not empty", accuracy, empty, empty)
        raises(ValueError, "accuracy: predicted has shape (2,) but labels has shape (1,)", accuracy, [0, 1], [1])


class TestWeightedInputs:
    X, W, B = np.ones((2, 3)), np.ones((4, 3)), np.ones(4)

    def test_good_arguments_are_accepted(self):
        assert network.weighted_inputs(self.X, self.W, self.B).shape == (2, 4)

    @pytest.mark.parametrize(
        ("x", "W", "b", "fit"),
        [
            (X, W.T, B, "(4, 3)"),
            (X, W, np.ones(3), "(3, 3)"),
            (X.T, W, B, "(4, 2)"),
            (X, W, np.ones(1), "(1, 3)"),
            (X, np.ones((4, 1)), B, "(4, 3)"),
            (np.ones(1), W, B, "(4, 1)"),
        ],
    )
    def test_shapes_that_do_not_fit(self, x, W, b, fit):
        message = (
            f"weighted_inputs: W has shape {W.shape}, but x has shape {x.shape} and b has shape {b.shape}; "
            f"expected W (m, n) = {fit}"
        )
        raises(ValueError, message, network.weighted_inputs, x, W, b)

    def test_each_argument_has_its_own_shape(self):
        f = network.weighted_inputs
        raises(ValueError, "weighted_inputs: x has shape (), expected (n,) or (N, n)", f, 1, self.W, self.B)
        raises(ValueError, "weighted_inputs: W has shape (3,), expected (m, n)", f, self.X, self.W[0], self.B)
        raises(ValueError, "weighted_inputs: b has shape (1, 4), expected (m,)", f, self.X, self.W, [self.B])
        raises(ValueError, "weighted_inputs: b has shape (0,), expected (m,), not empty", f, self.X, self.W, [])

    @pytest.mark.parametrize("bad", [NAN, INF, -INF])
    def test_everything_is_finite(self, bad):
        for name, place in [("x", (1, 2)), ("W", (3, 0)), ("b", (2,))]:
            given = {"x": self.X.copy(), "W": self.W.copy(), "b": self.B.copy()}
            given[name][place] = bad
            index = ", ".join(map(str, place))
            message = f"weighted_inputs: {name}[{index}] is {bad}, expected a finite number"
            raises(ValueError, message, network.weighted_inputs, *given.values())

    def test_everything_is_numbers(self):
        message = "weighted_inputs: b must hold real numbers, but its type is <U1"
        raises(TypeError, message, network.weighted_inputs, self.X, self.W, list("abcd"))


class TestCentredDifferences:
    @pytest.mark.parametrize("function", [numerical.gradient, numerical.jacobian])
    def test_x_is_real_and_finite(self, function):
        name = function.__name__
        raises(TypeError, f"{name}: x must hold real numbers, but its type is complex128", function, np.sum, [1j])
        raises(ValueError, f"{name}: x[1] is nan, expected a finite number", function, np.sum, [1.0, NAN])
        raises(ValueError, f"{name}: x has shape (0,), expected any shape, not empty", function, np.sum, [])

    @pytest.mark.parametrize("function", [numerical.gradient, numerical.jacobian])
    @pytest.mark.parametrize("h", [0, -1e-5, NAN, INF, 1e-18])
    def test_the_step_changes_x(self, function, h):
        message = f"{function.__name__}: h is {h}, expected a positive step that changes every entry of x"
        raises(ValueError, message, function, np.sum, [1.0, 2.0], h)

    def test_a_step_can_be_too_small_for_a_large_entry_only(self):
        message = "gradient: h is 3e-05, expected a positive step that changes every entry of x"
        raises(ValueError, message, numerical.gradient, np.sum, [1.0, 1e20])

    def test_gradient_needs_one_number(self):
        for x, shape in [([1.0, 2.0], (2,)), (3.0, ()), ([[1.0]], (1, 1))]:
            message = f"gradient: f(x) has shape {(*shape, 1)}, expected (), one number"
            raises(ValueError, message, numerical.gradient, lambda x: x[..., np.newaxis], x)

    @pytest.mark.parametrize("function", [numerical.gradient, numerical.jacobian])
    def test_a_function_that_returns_nothing_is_named(self, function):
        message = f"{function.__name__}: f(x) must hold real numbers, but its type is object"
        raises(TypeError, message, function, lambda x: None, [1.0])


class TestCompare:
    def test_nothing_is_broadcast(self):
        for formula, measured in [((2,), (3,)), ((1,), ()), ((2, 1), (2, 2)), ((3,), (1, 3))]:
            message = f"compare: formula has shape {formula} but measured has shape {measured}"
            raises(ValueError, message, numerical.compare, np.ones(formula), np.ones(measured))

    def test_numbers_and_at_least_one(self):
        message = "compare: formula must hold real numbers, but its type is object"
        raises(TypeError, message, numerical.compare, None, [1.0])
        message = "compare: measured has shape (0, 2), expected any shape, not empty"
        raises(ValueError, message, numerical.compare, [1.0], np.empty((0, 2)))
