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
    sigmoid_crossentropy,
    sigmoid_crossentropy_grad,
    softmax_crossentropy,
    softmax_crossentropy_grad,
)
from helpers.numerical import compare, gradient
from helpers.softmax import sigmoid, softmax

LOG = math.log
HAND = np.log([1.0, 2.0, 3.0])  # a = softmax(HAND) = (1/6, 2/6, 3/6)
A = np.array([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7]])
Z = np.array([[0.3, -1.2, 2.0, 0.0], [5.0, 5.0, 5.0, 5.0], [-3.0, 8.0, 7.5, -0.1]])
Y = one_hot([2, 0, 3], 4)
ANSWERS = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 1.0]])  # yes or no, any number of yes
SMALLEST = 5e-324  # the smallest positive float64: results below 2.2e-308 are multiples of it

# Each function of two arrays with arguments it accepts.
CASES = {
    cross_entropy: (softmax(Z), softmax(-Z)),
    categorical_crossentropy: (softmax(Z / 4), Y),
    categorical_crossentropy_grad: (softmax(Z / 4), Y),
    softmax_crossentropy: (Z, Y),
    softmax_crossentropy_grad: (Z, Y),
    binary_crossentropy: (sigmoid(Z), ANSWERS),
    sigmoid_crossentropy: (Z, ANSWERS),
    sigmoid_crossentropy_grad: (Z, ANSWERS),
}
LOSSES = [categorical_crossentropy, softmax_crossentropy, binary_crossentropy, sigmoid_crossentropy]
GRADIENTS = {
    categorical_crossentropy_grad: categorical_crossentropy,
    softmax_crossentropy_grad: softmax_crossentropy,
    sigmoid_crossentropy_grad: sigmoid_crossentropy,
}


def exact_loss_and_gradient(z, label):
    """Equations (4) and (8) for one example, in 400-digit arithmetic: 1 - 1e-304 needs more than 304 digits."""
    with mpmath.workdps(400):
        e = [mpmath.exp(mpmath.mpf(float(z_k))) for z_k in z]
        a = [e_k / mpmath.fsum(e) for e_k in e]
        return -mpmath.log(a[label]), [a_j - (1 if j == label else 0) for j, a_j in enumerate(a)]


def relative_error(value, exact):
    """A result too small for float64's full precision may be off by its last units."""
    with mpmath.workdps(50):
        error = max(abs(mpmath.mpf(float(value)) - exact) - 4 * mpmath.mpf(SMALLEST), 0)
        return float(error / (abs(exact) or 1))


# --- one-hot ----------------------------------------------------------------------------------------------------------


def test_one_hot_by_hand():
    np.testing.assert_array_equal(one_hot([0, 1, 2], 3), np.eye(3))
    np.testing.assert_array_equal(one_hot([2, 0], 4), [[0, 0, 1, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(one_hot(1, 3), [0, 1, 0])
    np.testing.assert_array_equal(one_hot([0, 0], 1), [[1], [1]])


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.uint64])
def test_one_hot_of_every_width_of_integers(dtype):
    y = one_hot(np.array([0, 100, 7], dtype=dtype), 300)
    assert y.dtype == np.float64
    assert y.argmax(axis=-1).tolist() == [0, 100, 7]
    assert y.sum() == 3


# --- equation (3) -----------------------------------------------------------------------------------------------------


def test_cross_entropy_by_hand():
    p, q = [0.5, 0.25, 0.25], [0.25, 0.5, 0.25]
    assert math.isclose(cross_entropy(p, p), 1.5 * LOG(2), rel_tol=1e-15)
    assert math.isclose(cross_entropy(p, q), 1.75 * LOG(2), rel_tol=1e-15)
    assert math.isclose(cross_entropy(np.full(8, 1 / 8), np.full(8, 1 / 8)), 3 * LOG(2), rel_tol=1e-15)


def test_cross_entropy_is_not_symmetric():
    p, q = [0.5, 0.5], [0.75, 0.25]
    assert math.isclose(cross_entropy(p, q), -0.5 * LOG(0.75) - 0.5 * LOG(0.25), rel_tol=1e-15)
    assert math.isclose(cross_entropy(q, p), LOG(2), rel_tol=1e-15)


def test_cross_entropy_is_equation_3_one_number_per_row():
    p, q = CASES[cross_entropy]
    H = cross_entropy(p, q)
    assert H.shape == (3,)
    for i in range(3):
        assert math.isclose(H[i], -sum(p[i, k] * LOG(q[i, k]) for k in range(4)), rel_tol=1e-14)
        assert math.isclose(cross_entropy(p[i], q[i]), H[i], rel_tol=1e-14)


def test_cross_entropy_counts_zero_times_log_zero_as_zero():
    assert math.isclose(cross_entropy([0, 1, 0], [0, 0.5, 0.5]), LOG(2), rel_tol=1e-15)
    assert str(cross_entropy([0.0, 1.0], [0.0, 1.0])) == "0.0"  # not -0.0


def test_cross_entropy_of_something_held_impossible_is_infinite():
    assert cross_entropy([0.5, 0.5], [1, 0]) == np.inf
    np.testing.assert_array_equal(cross_entropy([[0.5, 0.5], [1, 0]], [[1, 0], [1, 0]]), [np.inf, 0])


def test_cross_entropy_with_one_hot_p_is_equation_4():
    """L = H(y, a), and over a batch their mean."""
    assert math.isclose(categorical_crossentropy(A, one_hot([0, 2], 3)), cross_entropy(one_hot([0, 2], 3), A).mean())


# --- equations (4) and (5) --------------------------------------------------------------------------------------------


def test_categorical_crossentropy_by_hand():
    assert math.isclose(categorical_crossentropy(A[0], [1, 0, 0]), LOG(2), rel_tol=1e-15)
    assert math.isclose(categorical_crossentropy(A, [[0, 0, 1], [1, 0, 0]]), (LOG(4) + LOG(10)) / 2, rel_tol=1e-15)


def test_categorical_crossentropy_is_equation_4():
    a, y = softmax(Z), Y
    total = -sum(y[i, k] * LOG(a[i, k]) for i in range(3) for k in range(4))
    assert math.isclose(categorical_crossentropy(a, y), total / 3, rel_tol=1e-14)


def test_ignorance_costs_log_m():
    assert math.isclose(categorical_crossentropy(np.full(10, 0.1), one_hot(3, 10)), LOG(10), rel_tol=1e-15)
    assert math.isclose(softmax_crossentropy(np.zeros((7, 10)), one_hot(np.arange(7), 10)), LOG(10), rel_tol=1e-15)


def test_a_certain_prediction_costs_nothing_or_everything():
    assert str(categorical_crossentropy([0.0, 1.0], [0, 1])) == "0.0"  # 0 log 0 counts 0, and it is not -0.0
    assert categorical_crossentropy([0.0, 1.0], [1, 0]) == np.inf


def test_categorical_crossentropy_grad_by_hand():
    np.testing.assert_allclose(categorical_crossentropy_grad(A[1], [0, 1, 0]), [0, -5, 0], rtol=1e-15)
    np.testing.assert_allclose(
        categorical_crossentropy_grad(A, [[0, 0, 1], [1, 0, 0]]), [[0, 0, -2], [-5, 0, 0]], rtol=1e-15
    )


def test_categorical_crossentropy_grad_is_equation_5():
    a, y = softmax(Z), Y
    g = categorical_crossentropy_grad(a, y)
    for i in range(3):
        for k in range(4):
            assert math.isclose(g[i, k], -y[i, k] / a[i, k] / 3, rel_tol=1e-14)


def test_categorical_crossentropy_grad_where_the_activation_underflowed():
    np.testing.assert_array_equal(categorical_crossentropy_grad([0.0, 1.0], [1, 0]), [-np.inf, 0])
    np.testing.assert_array_equal(categorical_crossentropy_grad([0.0, 1.0], [0, 1]), [0, -1])


def test_activations_need_not_sum_to_1():
    assert math.isclose(categorical_crossentropy([0.5, 0.7], [1, 0]), LOG(2), rel_tol=1e-15)


# --- from scores, equation (8) ----------------------------------------------------------------------------------------


def test_softmax_crossentropy_by_hand():
    for label, probability in enumerate([1 / 6, 1 / 3, 1 / 2]):
        assert math.isclose(softmax_crossentropy(HAND, one_hot(label, 3)), -LOG(probability), rel_tol=1e-15)
    both = softmax_crossentropy([HAND, HAND[::-1]], one_hot([0, 1], 3))
    assert math.isclose(both, (LOG(6) + LOG(3)) / 2, rel_tol=1e-15)


def test_softmax_crossentropy_grad_by_hand():
    np.testing.assert_allclose(softmax_crossentropy_grad(HAND, [0, 1, 0]), [1 / 6, 1 / 3 - 1, 1 / 2], rtol=1e-15)
    np.testing.assert_allclose(
        softmax_crossentropy_grad([HAND, HAND], one_hot([0, 2], 3)),
        [[-5 / 12, 1 / 6, 1 / 4], [1 / 12, 1 / 6, -1 / 4]],
        rtol=1e-15,
    )


def test_softmax_crossentropy_is_equation_4_after_equation_1():
    assert math.isclose(softmax_crossentropy(Z, Y), categorical_crossentropy(softmax(Z), Y), rel_tol=1e-14)


def test_softmax_crossentropy_grad_is_equation_8():
    a, g = softmax(Z), softmax_crossentropy_grad(Z, Y)
    for i in range(3):
        for j in range(4):
            total = sum(Y[i, k] * (a[i, j] - (1 if k == j else 0)) for k in range(4))
            assert math.isclose(g[i, j], total / 3, rel_tol=1e-13)


def test_softmax_crossentropy_grad_is_the_chain_rule_of_equations_5_and_2():
    """Equation (6): the sum over all k of (dL/da_k) (da_k/dz_j), both factors measured by the complex step."""
    h = 1e-100
    for z, y, g in zip(Z, Y, 3 * softmax_crossentropy_grad(Z, Y), strict=True):
        for j in range(4):
            e = np.exp(z + 1j * h * np.eye(4)[j])
            loss = -np.log((e / e.sum())[y == 1][0])
            assert math.isclose(g[j], loss.imag / h, rel_tol=1e-13)


@pytest.mark.parametrize("gap", [0, 1e-8, 0.5, 1, 20, 36, 37, 40, 100, 300, 600, 700, 708])
@pytest.mark.parametrize("others", [[0.0], [0.0, 0.0, -3.0], [0.0, -700.0, 1e-5]])
@pytest.mark.parametrize("offset", [0.0, 12345.678])
def test_loss_and_gradient_keep_13_digits_at_every_gap(gap, others, offset):
    """Whether the class that dominates is the right one (label 0) or not."""
    z = np.array([gap, *others]) + offset
    for label in range(len(z)):
        y = one_hot(label, len(z))
        loss, gradient = exact_loss_and_gradient(z, label)
        assert relative_error(softmax_crossentropy(z, y), loss) < 1e-13
        for value, exact in zip(softmax_crossentropy_grad(z, y), gradient, strict=True):
            assert relative_error(value, exact) < 1e-13


@pytest.mark.parametrize("gap", [709, 720, 740, 744, 745])
def test_loss_and_gradient_down_to_the_smallest_number(gap):
    z, y = np.array([gap, 0.0, 0.0]), [1, 0, 0]
    loss, gradient = exact_loss_and_gradient(z, 0)
    assert softmax_crossentropy(z, y) > 0
    assert relative_error(softmax_crossentropy(z, y), loss) < 1e-13
    for value, exact in zip(softmax_crossentropy_grad(z, y), gradient, strict=True):
        assert relative_error(value, exact) < 1e-13


def test_loss_and_gradient_beyond_the_smallest_number():
    np.testing.assert_array_equal(softmax_crossentropy([746.0, 0.0], [1, 0]), 0)
    np.testing.assert_array_equal(softmax_crossentropy([746.0, 0.0], [0, 1]), 746)
    np.testing.assert_array_equal(softmax_crossentropy_grad([746.0, 0.0], [0, 1]), [1, -1])
    assert softmax_crossentropy([-1e300, 1e300], [1, 0]) == 2e300


def test_a_batch_keeps_the_digits_of_each_example():
    """One maximum for the whole batch, or one sum, would lose the gradient of the small rows."""
    rng = np.random.default_rng(5)
    z = rng.normal(size=(40, 6)) * 10.0 ** rng.integers(-3, 3, size=(40, 1)) + rng.normal(size=(40, 1)) * 1000
    labels = rng.integers(6, size=40)
    g = 40 * softmax_crossentropy_grad(z, one_hot(labels, 6))
    losses = []
    for i in range(40):
        loss, gradient = exact_loss_and_gradient(z[i], labels[i])
        losses.append(loss)
        assert max(relative_error(v, x) for v, x in zip(g[i], gradient, strict=True)) < 1e-13
    assert relative_error(softmax_crossentropy(z, one_hot(labels, 6)), mpmath.fsum(losses) / 40) < 1e-13


def test_impossible_classes_cost_nothing_unless_they_are_right():
    z = [-np.inf, 0.0, 0.0]
    assert math.isclose(softmax_crossentropy(z, [0, 1, 0]), LOG(2), rel_tol=1e-15)
    np.testing.assert_array_equal(softmax_crossentropy_grad(z, [0, 1, 0]), [0, -0.5, 0.5])
    assert softmax_crossentropy(z, [1, 0, 0]) == np.inf
    np.testing.assert_array_equal(softmax_crossentropy_grad(z, [1, 0, 0]), [-1, 0.5, 0.5])
    assert softmax_crossentropy([-np.inf, 0.0], [0, 1]) == 0
    np.testing.assert_array_equal(softmax_crossentropy_grad([-np.inf, 0.0], [0, 1]), [0, 0])


def test_one_class_costs_nothing():
    assert softmax_crossentropy([[3.0], [9.0]], [[1], [1]]) == 0
    np.testing.assert_array_equal(softmax_crossentropy_grad([[3.0], [9.0]], [[1], [1]]), [[0], [0]])


# --- binary cross entropy ---------------------------------------------------------------------------------------------


def test_binary_crossentropy_by_hand():
    assert math.isclose(binary_crossentropy([0.25], [1]), LOG(4), rel_tol=1e-15)
    assert math.isclose(binary_crossentropy([0.25], [0]), LOG(4 / 3), rel_tol=1e-15)
    loss = binary_crossentropy([[0.5, 0.25], [0.9, 0.2]], [[1, 1], [0, 0]])
    assert math.isclose(loss, (LOG(2) + LOG(4) + LOG(10) + LOG(1.25)) / 2, rel_tol=1e-15)


def test_binary_crossentropy_is_its_equation():
    a = sigmoid(Z)
    total = 0.0
    for i in range(3):
        for k in range(4):
            total -= ANSWERS[i, k] * LOG(a[i, k]) + (1 - ANSWERS[i, k]) * LOG(1 - a[i, k])
    assert math.isclose(binary_crossentropy(a, ANSWERS), total / 3, rel_tol=1e-13)
    assert math.isclose(sigmoid_crossentropy(Z, ANSWERS), total / 3, rel_tol=1e-13)


def test_binary_crossentropy_of_certain_answers():
    assert str(binary_crossentropy([0.0, 1.0], [0, 1])) == "0.0"
    assert binary_crossentropy([0.0, 1.0], [1, 1]) == np.inf
    assert binary_crossentropy([0.0, 1.0], [0, 0]) == np.inf


def test_one_question_is_softmax_with_two_classes():
    z = Z[:, :1]
    two, y = np.concatenate([np.zeros_like(z), z], axis=1), np.array([[1], [0], [1]])
    assert math.isclose(sigmoid_crossentropy(z, y), softmax_crossentropy(two, one_hot(y[:, 0], 2)), rel_tol=1e-14)
    np.testing.assert_allclose(
        sigmoid_crossentropy_grad(z, y)[:, 0], softmax_crossentropy_grad(two, one_hot(y[:, 0], 2))[:, 1], rtol=1e-14
    )


def test_sigmoid_crossentropy_grad_by_hand():
    g = sigmoid_crossentropy_grad([[LOG(3), 0.0], [-LOG(3), LOG(9)]], [[1, 0], [0, 1]])
    np.testing.assert_allclose(g, [[-0.125, 0.25], [0.125, -0.05]], rtol=1e-15)


@pytest.mark.parametrize("z", [-745.0, -700.0, -40.0, -1.0, 0.0, 1e-9, 1.0, 37.0, 40.0, 700.0, 745.0])
@pytest.mark.parametrize("y", [0, 1])
def test_sigmoid_crossentropy_against_50_digits(z, y):
    with mpmath.workdps(400):
        s = mpmath.mpf(-z if y else z)
        loss, slope = mpmath.log1p(mpmath.exp(s)), 1 / (1 + mpmath.exp(-s))
    assert relative_error(sigmoid_crossentropy([z], [y]), loss) < 1e-15
    assert relative_error(sigmoid_crossentropy_grad([z], [y])[0], -slope if y else slope) < 1e-15


def test_sigmoid_crossentropy_of_infinite_scores():
    assert sigmoid_crossentropy([np.inf, -np.inf], [1, 0]) == 0
    assert sigmoid_crossentropy([np.inf, -np.inf], [0, 0]) == np.inf
    np.testing.assert_array_equal(sigmoid_crossentropy_grad([np.inf, -np.inf, np.inf], [1, 1, 0]), [0, -1, 1])


# --- what all of them share -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("grad", GRADIENTS)
def test_every_gradient_against_centred_differences_of_its_loss(grad):
    first, y = CASES[grad]
    loss = GRADIENTS[grad]
    assert compare(grad(first, y), gradient(lambda value: loss(value, y), first))
    assert compare(grad(first[2], y[2]), gradient(lambda value: loss(value, y[2]), first[2]))


@pytest.mark.parametrize("loss", LOSSES)
def test_a_loss_is_the_mean_of_its_rows(loss):
    first, y = CASES[loss]
    each = [loss(row, target) for row, target in zip(first, y, strict=True)]
    assert math.isclose(loss(first, y), sum(each) / 3, rel_tol=1e-14)
    assert np.ndim(loss(first, y)) == 0


@pytest.mark.parametrize("grad", GRADIENTS)
def test_a_gradient_is_that_of_its_rows_over_N(grad):
    first, y = CASES[grad]
    each = np.stack([grad(row, target) for row, target in zip(first, y, strict=True)])
    np.testing.assert_allclose(grad(first, y), each / 3, rtol=1e-14)


@pytest.mark.parametrize("function", CASES)
def test_lists_and_integers_are_accepted(function):
    first, y = CASES[function]
    expected = function(first, y)
    np.testing.assert_array_equal(function(first.tolist(), y.tolist()), expected)
    if function is not cross_entropy:
        for dtype in (bool, np.uint8, np.int8, np.int64):
            np.testing.assert_array_equal(function(first, y.astype(dtype)), expected)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64])
@pytest.mark.parametrize("function", [softmax_crossentropy, softmax_crossentropy_grad])
def test_integer_scores_do_not_wrap(function, dtype):
    z = np.array([[0, 120, 119], [7, 0, 3]], dtype=dtype)
    result = function(z, one_hot([1, 2], 3))
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, function(z.astype(float), one_hot([1, 2], 3)))


@pytest.mark.parametrize("function", CASES)
def test_float32_is_kept(function):
    first, y = CASES[function]
    for rows in (slice(None), 0):
        result = function(first[rows].astype(np.float32), y[rows].astype(np.float32))
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, function(first[rows], y[rows]), rtol=2e-5, atol=1e-7)


@pytest.mark.parametrize("function", [f for f in CASES if f is not cross_entropy])
def test_float32_is_kept_with_float64_targets(function):
    first, y = CASES[function]
    assert function(first.astype(np.float32), y).dtype == np.float32


@pytest.mark.parametrize("function", CASES)
@pytest.mark.parametrize("rows", [slice(0, 3), slice(0, 1), 0])
def test_inputs_are_left_alone_and_results_are_new(function, rows):
    first, y = (value[rows].copy() for value in CASES[function])
    before = first.copy(), y.copy()
    for value in (first, y):
        value.flags.writeable = False
    result = function(first, y)
    assert not np.shares_memory(result, first)
    assert not np.shares_memory(result, y)
    np.testing.assert_array_equal(first, before[0])
    np.testing.assert_array_equal(y, before[1])


@pytest.mark.parametrize("function", CASES)
def test_memory_layout_does_not_matter(function):
    first, y = CASES[function]
    result = function(np.asfortranarray(first), np.repeat(y, 2, axis=0)[::2])
    np.testing.assert_allclose(result, function(first, y), rtol=1e-14)


@pytest.mark.parametrize("function", [softmax_crossentropy, softmax_crossentropy_grad])
def test_extreme_scores_raise_no_numpy_error(function):
    rows = [[1e308, -1e308], [-1e308, -1e308], [0, 745.2], [800, 0], [1e-320, 0], [710, 710], [-800, -745], [0, 37]]
    with np.errstate(all="raise"):
        for label in (0, 1):
            assert not np.isnan(function(np.array(rows), one_hot([label] * 8, 2))).any()
            assert not np.isnan(function(rows[0], one_hot(label, 2))).any()


@pytest.mark.parametrize("function", [sigmoid_crossentropy, sigmoid_crossentropy_grad])
def test_extreme_answers_raise_no_numpy_error(function):
    with np.errstate(all="raise"):
        for y in (0, 1):
            for z in ([1e308, 1e308, -1e308], [745.2, -745.2, 740], [1e-320, 0, 37]):
                assert not np.isnan(function(z, [y] * 3)).any()


@pytest.mark.parametrize(
    "function", [categorical_crossentropy, categorical_crossentropy_grad, binary_crossentropy, cross_entropy]
)
@pytest.mark.parametrize("a", [[1.0, 0.0], [1.0, 1e-310], [1e-310, 1.0], [1.0, 5e-324]])
def test_extreme_probabilities_raise_no_numpy_error(function, a):
    with np.errstate(all="raise"):
        for y in ([1, 0], [0, 1]):
            assert not np.isnan(function(a, y)).any()
            assert not np.isnan(function([a, a], [y, y])).any()
