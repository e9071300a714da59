"""Equations (3), (4), (5), (8) and binary cross entropy: by hand, as loops, against 50 digits, at the extremes."""

import math

import mpmath
import numpy as np
import pytest

from helpers.cross_entropy import (
    binary_crossentropy,
    categorical_crossentropy,
    categorical_crossentropy_grad,
    cross_entropy,
    one_hot,
    softmax_crossentropy,
    softmax_crossentropy_grad,
)
from helpers.softmax import sigmoid, softmax
from test_softmax import NASTY, RAISE_OR_WARN, exact, largest_error, random_scores

LOG = math.log
HAND = np.log([1.0, 2.0, 3.0])  # a = softmax(HAND) = (1/6, 2/6, 3/6)
A = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
Z = np.array([[0.3, -1.2, 2.0, 0.0], [5.0, 5.0, 5.0, 5.0], [-3.0, 8.0, 7.5, -0.1]])
Y = one_hot([2, 0, 3], 4)
ANSWERS = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]])  # yes or no, any number of yes

# Each function of two arrays with arguments it accepts.
CASES = {
    cross_entropy: (softmax(Z), softmax(-Z)),
    categorical_crossentropy: (softmax(Z / 4), Y),
    categorical_crossentropy_grad: (softmax(Z / 4), Y),
    softmax_crossentropy: (Z, Y),
    softmax_crossentropy_grad: (Z, Y),
    binary_crossentropy: (sigmoid(Z), ANSWERS),
}
LOSSES = [categorical_crossentropy, softmax_crossentropy, binary_crossentropy]


def close(value, expected):
    np.testing.assert_allclose(value, expected, rtol=1e-14)


def test_one_hot_by_hand():
    np.testing.assert_array_equal(one_hot([0, 1, 2], 3), np.eye(3))
    np.testing.assert_array_equal(one_hot([2, 0], 4), [[0, 0, 1, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(one_hot(1, 3), [0, 1, 0])
    np.testing.assert_array_equal(one_hot([0, 0], 1), [[1], [1]])
    for dtype in (np.uint8, np.int8, np.int64, np.uint64):
        y = one_hot(np.array([0, 100, 7], dtype=dtype), 300)
        assert y.dtype == np.float64
        np.testing.assert_array_equal(np.argwhere(y == 1), [[0, 0], [1, 100], [2, 7]])


# --- equations (3), (4) and (5) ---------------------------------------------------------------------------------------


def test_cross_entropy_by_hand():
    p, q = [0.5, 0.25, 0.25], [0.25, 0.5, 0.25]
    close([cross_entropy(p, p), cross_entropy(p, q)], [1.5 * LOG(2), 1.75 * LOG(2)])
    close(cross_entropy([0.5, 0.5], [0.75, 0.25]), -0.5 * LOG(0.75) - 0.5 * LOG(0.25))
    close(cross_entropy([0.75, 0.25], [0.5, 0.5]), LOG(2))
    close(cross_entropy([0, 1, 0], [0, 0.5, 0.5]), LOG(2))  # 0 log 0 counts 0
    np.testing.assert_array_equal(cross_entropy([[0.5, 0.5], [1, 0]], [[1, 0], [1, 0]]), [np.inf, 0])


def test_cross_entropy_is_equation_3_one_number_per_row():
    p, q = CASES[cross_entropy]
    expected = [-sum(p[i, k] * LOG(q[i, k]) for k in range(4)) for i in range(3)]
    close(cross_entropy(p, q), expected)
    close([cross_entropy(p[i], q[i]) for i in range(3)], expected)
    close(categorical_crossentropy(A, one_hot([0, 2], 3)), cross_entropy(one_hot([0, 2], 3), A).mean())  # L = H(y, a)


def test_categorical_crossentropy_and_its_grad_by_hand():
    y = [[0, 0, 1], [1, 0, 0]]
    close(categorical_crossentropy(A[0], [1, 0, 0]), LOG(2))
    close(categorical_crossentropy([0.5, 0.7], [1, 0]), LOG(2))  # activations need not sum to 1
    close(categorical_crossentropy(A, y), (LOG(4) + LOG(10)) / 2)
    close(categorical_crossentropy_grad(A, y), [[0, 0, -2], [-5, 0, 0]])


def test_categorical_crossentropy_and_its_grad_are_equations_4_and_5():
    a, y = CASES[categorical_crossentropy]
    close(categorical_crossentropy(a, y), -sum(y[i, k] * LOG(a[i, k]) for i in range(3) for k in range(4)) / 3)
    close(categorical_crossentropy_grad(a, y), [[-y[i, k] / a[i, k] / 3 for k in range(4)] for i in range(3)])


def test_a_certain_prediction_costs_nothing_or_everything():
    for loss in (categorical_crossentropy, binary_crossentropy):
        assert str(loss([0.0, 1.0], [0, 1])) == "0.0"  # 0 log 0 counts 0, and it is not -0.0
        assert loss([0.0, 1.0], [1, 0]) == np.inf
    assert binary_crossentropy([0.0, 1.0], [1, 1]) == binary_crossentropy([0.0, 1.0], [0, 0]) == np.inf
    np.testing.assert_array_equal(categorical_crossentropy_grad([0.0, 1.0], [1, 0]), [-np.inf, 0])
    np.testing.assert_array_equal(categorical_crossentropy_grad([0.0, 1.0], [0, 1]), [0, -1])


def test_binary_crossentropy_by_hand_and_as_its_equation():
    close(binary_crossentropy([[0.5, 0.25], [0.9, 0.2]], [[1, 1], [0, 0]]), (LOG(2) + LOG(4) + LOG(10) + LOG(1.25)) / 2)
    a, y = CASES[binary_crossentropy]
    terms = [y[i, k] * LOG(a[i, k]) + (1 - y[i, k]) * LOG(1 - a[i, k]) for i in range(3) for k in range(4)]
    close(binary_crossentropy(a, y), -sum(terms) / 3)


def test_one_question_is_softmax_with_two_classes():
    z, y = Z[:, :1], np.array([[1], [0], [1]])
    close(binary_crossentropy(sigmoid(z), y), softmax_crossentropy(np.hstack([0 * z, z]), one_hot(y[:, 0], 2)))


# --- from scores, equation (8) ----------------------------------------------------------------------------------------


def test_softmax_crossentropy_and_its_grad_by_hand():
    close([softmax_crossentropy(HAND, y) for y in np.eye(3)], [LOG(6), LOG(3), LOG(2)])
    close(softmax_crossentropy([HAND, HAND[::-1]], one_hot([0, 1], 3)), (LOG(6) + LOG(3)) / 2)
    close(softmax_crossentropy(np.zeros((7, 10)), one_hot(np.arange(7), 10)), LOG(10))
    expected = [[-5 / 12, 1 / 6, 1 / 4], [1 / 12, 1 / 6, -1 / 4]]
    close(softmax_crossentropy_grad([HAND, HAND], one_hot([0, 2], 3)), expected)


def test_softmax_crossentropy_is_equation_4_after_equation_1_and_its_grad_equation_8():
    a = softmax(Z)
    close(softmax_crossentropy(Z, Y), categorical_crossentropy(a, Y))
    sums = [[sum(Y[i, k] * (a[i, j] - int(k == j)) for k in range(4)) for j in range(4)] for i in range(3)]
    close(softmax_crossentropy_grad(Z, Y), np.array(sums) / 3)


@pytest.mark.parametrize("scores", [NASTY, random_scores()], ids=["nasty", "random"])
def test_loss_and_gradient_are_right_to_1e_15(scores):
    """The loss relative to max(1, L), the gradient absolutely, whichever of the first and last classes is right."""
    for z in scores:
        (a, losses), m = exact(z), len(z)
        for label in {0, 1, m - 1} & set(range(m)):
            y, L = one_hot(label, m), losses[label]
            slopes = [a_k - int(k == label) for k, a_k in enumerate(a)]
            assert largest_error(softmax_crossentropy_grad(z, y), slopes) < 1e-15, z
            loss = softmax_crossentropy(z, y)
            assert loss == L == np.inf or largest_error([loss], [L]) < 1e-15 * max(1, L), (z, label)


def test_a_big_batch_is_right_to_1e_15():
    rng = np.random.default_rng(2)
    z, labels = rng.normal(size=(1000, 5)) * 10.0 ** rng.integers(-3, 4, size=(1000, 1)), rng.integers(5, size=1000)
    y, results = one_hot(labels, 5), [exact(row) for row in z]
    L = mpmath.fsum(losses[label] for (_, losses), label in zip(results, labels, strict=True)) / 1000
    assert largest_error([softmax_crossentropy(z, y)], [L]) < 1e-15 * L
    for g, y_row, (a, _) in zip(1000 * softmax_crossentropy_grad(z, y), y, results, strict=True):
        assert largest_error(g + y_row, a) < 1e-15


def test_where_the_gap_itself_overflows_the_loss_is_infinite_and_the_gradient_right():
    z = [-1e308, 1e308]
    assert softmax_crossentropy(z, [1, 0]) == np.inf
    assert softmax_crossentropy(z, [0, 1]) == 0
    np.testing.assert_array_equal(softmax_crossentropy_grad(z, [1, 0]), [-1, 1])


# --- what all of them share -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("function", [f for f in CASES if f is not cross_entropy])
def test_a_loss_is_the_mean_of_its_rows_and_a_gradient_carries_1_over_N(function):
    first, y = CASES[function]
    each = np.stack([function(row, target) for row, target in zip(first, y, strict=True)])
    close(function(first, y), each.mean() if function in LOSSES else each / 3)
    assert np.shape(function(first, y)) == (() if function in LOSSES else first.shape)


@pytest.mark.parametrize("function", CASES)
def test_lists_every_type_of_number_and_every_memory_layout(function):
    first, y = CASES[function]
    expected = function(first, y)
    np.testing.assert_array_equal(function(first.tolist(), y.tolist()), expected)
    close(function(np.asfortranarray(first), np.repeat(y, 2, axis=0)[::2]), expected)
    for dtype in (bool, np.uint8, np.int8, np.int64) if function is not cross_entropy else ():
        np.testing.assert_array_equal(function(first, y.astype(dtype)), expected)
    for rows in (slice(0, 3), 0):
        result = function(first[rows].astype(np.float32), y[rows].astype(np.float32))
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, function(first[rows], y[rows]), rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize("function", CASES)
@pytest.mark.parametrize("rows", [slice(0, 3), slice(0, 1), 0])
def test_inputs_are_left_alone_and_results_are_new(function, rows):
    given = [value[rows].copy() for value in CASES[function]]
    for value in given:
        value.flags.writeable = False
    result = function(*given)
    for value, before in zip(given, CASES[function], strict=True):
        assert not np.shares_memory(result, value)
        np.testing.assert_array_equal(value, before[rows])


@pytest.mark.parametrize("outside", RAISE_OR_WARN)
@pytest.mark.parametrize("function", CASES)
def test_extremes_warn_and_raise_nothing(function, outside):
    first = [[1.0, 0.0], [1.0, 1e-310], [1.0, 5e-324]]
    if function in (softmax_crossentropy, softmax_crossentropy_grad):
        first += [[1e308, -1e308], [-1e308, -1e308], [0, 745.0], [800, 0], [1e-320, 0], [-np.inf, 0], [0, 37]]
    with np.errstate(**outside):
        for y in ([1, 0], [0, 1]):
            assert not np.isnan(function(first, [y] * len(first))).any()
            assert not any(np.isnan(function(row, y)).any() for row in first)
