"""Equations (1) and (2) and sigmoid: hand-computed numbers, the equations as loops, 50-digit arithmetic, extremes."""

import math

import mpmath
import numpy as np
import pytest

from helpers.numerical import jacobian
from helpers.softmax import log_softmax, sigmoid, softmax, softmax_jacobian

HAND = np.log([1.0, 2.0, 3.0])  # e^z = (1, 2, 3), so a = (1/6, 2/6, 3/6)
BATCH = np.array([[0.3, -1.2, 2.0, 0.0], [5.0, 5.0, 5.0, 5.0], [-3.0, 8.0, 7.5, -0.1]])
FUNCTIONS = [softmax, log_softmax, softmax_jacobian, sigmoid]
SMALLEST = 5e-324  # the smallest positive float64: results below 2.2e-308 are multiples of it


def exact_softmax(z):
    """Equation (1) in 50-digit arithmetic, one example, as mpmath numbers."""
    with mpmath.workdps(50):
        e = [mpmath.exp(mpmath.mpf(float(z_k))) for z_k in z]
        return [e_k / mpmath.fsum(e) for e_k in e]


def exact_logarithm(z):
    with mpmath.workdps(400):  # log(1 - 1e-304) needs more than 304 digits
        e = [mpmath.exp(mpmath.mpf(float(z_k))) for z_k in z]
        return [mpmath.log(e_k / mpmath.fsum(e)) for e_k in e]


def relative_error(values, exact):
    """Largest relative error; a result too small for float64's full precision may be off by its last units."""
    with mpmath.workdps(50):
        errors = [
            max(abs(mpmath.mpf(float(v)) - x) - 4 * mpmath.mpf(SMALLEST), 0) / (abs(x) or 1)
            for v, x in zip(values, exact, strict=True)
        ]
    return float(max(errors))


def test_softmax_by_hand():
    np.testing.assert_allclose(softmax(HAND), [1 / 6, 2 / 6, 3 / 6], rtol=1e-15)


def test_log_softmax_by_hand():
    np.testing.assert_allclose(log_softmax(HAND), [-math.log(6), -math.log(3), -math.log(2)], rtol=1e-15)


def test_jacobian_by_hand():
    expected = np.array([[5, -2, -3], [-2, 8, -6], [-3, -6, 9]]) / 36
    np.testing.assert_allclose(softmax_jacobian(HAND), expected, rtol=1e-14)


def test_sigmoid_by_hand():
    z = [0, math.log(3), -math.log(3), math.log(9)]
    np.testing.assert_allclose(sigmoid(z), [0.5, 0.75, 0.25, 0.9], rtol=1e-15)


def test_softmax_is_equation_1():
    a = softmax(BATCH)
    for z, row in zip(BATCH, a, strict=True):
        total = sum(math.exp(z_j) for z_j in z)
        for k in range(4):
            assert math.isclose(row[k], math.exp(z[k]) / total, rel_tol=1e-14)


def test_jacobian_is_equation_2():
    J = softmax_jacobian(BATCH)
    assert J.shape == (3, 4, 4)
    for i, a in enumerate(softmax(BATCH)):
        for k in range(4):
            for j in range(4):
                delta = 1 if j == k else 0
                assert math.isclose(J[i, k, j], a[k] * (delta - a[j]), rel_tol=1e-13)


def test_log_softmax_is_the_logarithm_of_softmax():
    np.testing.assert_allclose(log_softmax(BATCH), np.log(softmax(BATCH)), rtol=1e-13)


def test_sigmoid_is_softmax_of_two_classes():
    for z in BATCH.ravel():
        assert math.isclose(sigmoid(z), softmax([z, 0.0])[0], rel_tol=1e-14)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_batch_is_its_rows_one_by_one(function):
    expected = np.stack([function(row) for row in BATCH])
    np.testing.assert_allclose(function(BATCH), expected, rtol=1e-14)


def test_jacobian_against_centred_differences():
    for z in BATCH:
        np.testing.assert_allclose(softmax_jacobian(z), jacobian(softmax, z), atol=1e-9)


def test_jacobian_against_the_complex_step():
    h = 1e-100
    for z in BATCH:
        J = softmax_jacobian(z)
        for j in range(4):
            e = np.exp(z + 1j * h * np.eye(4)[j])
            np.testing.assert_allclose(J[:, j], (e / e.sum()).imag / h, rtol=1e-13)


def test_rows_of_the_jacobian_sum_to_zero_and_hold_the_changes():
    J = softmax_jacobian(BATCH)
    np.testing.assert_allclose(J.sum(axis=-1), 0, atol=1e-15)
    change = softmax(BATCH + 1e-7 * np.eye(4)[2]) - softmax(BATCH)
    np.testing.assert_allclose(J[:, :, 2], change / 1e-7, atol=1e-7)


@pytest.mark.parametrize("gap", [0, 1e-8, 1, 20, 36, 37, 40, 100, 300, 600, 700, 708])
@pytest.mark.parametrize("others", [[0.0], [0.0, 0.0, -3.0], [0.0, -700.0, 1e-5]])
@pytest.mark.parametrize("offset", [0.0, -350.0, 12345.678])
def test_log_softmax_keeps_13_digits_where_one_class_dominates(gap, others, offset):
    z = np.array([gap, *others]) + offset
    assert relative_error(log_softmax(z), exact_logarithm(z)) < 1e-13


@pytest.mark.parametrize("gap", [709, 720, 740, 744, 745])
def test_log_softmax_down_to_the_smallest_number(gap):
    z = np.array([gap, 0.0, 0.0])
    assert log_softmax(z)[0] < 0
    assert relative_error(log_softmax(z), exact_logarithm(z)) < 1e-13


def test_log_softmax_beyond_the_smallest_number():
    np.testing.assert_array_equal(log_softmax([0.0, 746.0]), [-746, 0])
    np.testing.assert_array_equal(log_softmax([-1e300, 1e300]), [-2e300, 0])


def test_log_softmax_when_several_classes_share_the_maximum():
    z = np.array([[9.0, 9.0, 9.0], [9.0, 9.0, -700.0]])
    np.testing.assert_allclose(log_softmax(z)[0], -math.log(3), rtol=1e-15)
    assert relative_error(log_softmax(z)[1], exact_logarithm(z[1])) < 1e-13


@pytest.mark.parametrize("gap", [0, 1, 40, 300, 700, 740])
def test_softmax_against_50_digits(gap):
    z = np.array([gap, 0.0, 0.3, -1.0]) + 0.1
    assert relative_error(softmax(z), exact_softmax(z)) < 1e-13


def test_softmax_of_ordinary_scores_is_right_to_the_last_digits():
    z = np.random.default_rng(1).normal(size=(200, 10))
    errors = [relative_error(a, exact_softmax(row)) for row, a in zip(z, softmax(z), strict=True)]
    assert max(errors) < 2e-15


@pytest.mark.parametrize("z", [-745.0, -708.0, -100.0, -1e-9, 0.0, 1e-9, 30.0, 37.0, 700.0])
def test_sigmoid_against_50_digits(z):
    with mpmath.workdps(50):
        exact = 1 / (1 + mpmath.exp(-mpmath.mpf(z)))
    assert relative_error([sigmoid(z)], [exact]) < 1e-15


@pytest.mark.parametrize("dtype", [np.bool_, np.uint8, np.int8, np.int32, np.int64, np.uint64])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_integer_scores_are_computed_as_float64(function, dtype):
    z = np.array([[0, 1, 1], [1, 0, 0]], dtype=dtype)
    result = function(z)
    assert result.dtype == np.float64
    np.testing.assert_array_equal(result, function(z.astype(float)))


def test_narrow_integers_do_not_wrap():
    np.testing.assert_array_equal(softmax(np.array([200, 0, 255], dtype=np.uint8)), softmax([200.0, 0.0, 255.0]))
    np.testing.assert_array_equal(softmax(np.array([-128, 127], dtype=np.int8)), softmax([-128.0, 127.0]))


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", [(3,), (5, 3)])
def test_float32_is_kept(function, shape):
    z = np.random.default_rng(2).normal(size=shape).astype(np.float32)
    result = function(z)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, function(z.astype(float)), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_lists_are_accepted(function):
    np.testing.assert_array_equal(function([[1, 2.5], [0, -1]]), function(np.array([[1, 2.5], [0, -1]])))


def test_minus_infinity_is_an_impossible_class():
    z = np.array([[-np.inf, 0.0, 0.0], [3.0, -np.inf, -np.inf]])
    np.testing.assert_array_equal(softmax(z), [[0, 0.5, 0.5], [1, 0, 0]])
    expected = [[-np.inf, -math.log(2), -math.log(2)], [0, -np.inf, -np.inf]]
    np.testing.assert_allclose(log_softmax(z), expected, rtol=1e-15)
    np.testing.assert_array_equal(softmax_jacobian(z)[0], [[0, 0, 0], [0, 0.25, -0.25], [0, -0.25, 0.25]])
    np.testing.assert_array_equal(softmax_jacobian(z)[1], np.zeros((3, 3)))


def test_sigmoid_of_infinite_scores():
    np.testing.assert_array_equal(sigmoid([-np.inf, np.inf]), [0, 1])


def test_one_class_is_certain():
    np.testing.assert_array_equal(softmax([[7.0], [-2.0]]), [[1], [1]])
    np.testing.assert_array_equal(log_softmax([7.0]), [0])
    np.testing.assert_array_equal(softmax_jacobian([7.0]), [[0]])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", [(3,), (1, 3), (4, 3), (3, 1), (1,)])
def test_inputs_are_left_alone_and_results_are_new(function, shape):
    z = np.random.default_rng(3).normal(size=shape)
    before = z.copy()
    result = function(z)
    assert not np.shares_memory(result, z)
    np.testing.assert_array_equal(z, before)
    result[...] = 99  # a result can be written to, and that does not reach z
    np.testing.assert_array_equal(z, before)
    z.flags.writeable = False
    function(z)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_memory_layout_does_not_matter(function):
    z = np.random.default_rng(4).normal(size=(4, 6))
    expected = function(z[:, ::2].copy())
    np.testing.assert_allclose(function(np.asfortranarray(z)[:, ::2]), expected, rtol=1e-15)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_extremes_raise_no_numpy_error(function):
    rows = [[1e308, -1e308], [-1e308, -1e308], [0, 745.2], [800, 0], [1e-320, 0], [710, 710], [-800, -745], [0, 37]]
    with np.errstate(all="raise"):
        result = function(np.array(rows))
        assert function(np.array(rows[0])).shape == result[0].shape
    assert not np.isnan(result).any()


def test_every_row_has_its_own_maximum():
    z = np.array([[0.0, math.log(3)], [1e4, 1e4], [-1e4, -1e4]])
    np.testing.assert_allclose(softmax(z), [[0.25, 0.75], [0.5, 0.5], [0.5, 0.5]], rtol=1e-11)


def test_sigmoid_of_a_single_number_has_no_axes():
    assert np.shape(sigmoid(2)) == ()
    assert np.shape(sigmoid(np.float32(2))) == ()
