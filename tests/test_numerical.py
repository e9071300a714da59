"""Centred differences measure right, and the one notion of "equal" can fail."""

import math

import numpy as np
import pytest

from helpers.cross_entropy import softmax_crossentropy, softmax_crossentropy_grad
from helpers.numerical import MEASURED, NOISE, SINGLE, STEP, compare, equal, gradient, jacobian

TOO_SMALL = "TOO SMALL to tell: no number is known better than to 1e-11"


def test_gradient_by_hand_in_the_shape_of_x():
    slopes = gradient(lambda x: x[0] ** 2 * x[1] + 3 * x[2], np.array([2.0, 5.0, -1.0]))
    np.testing.assert_allclose(slopes, [20, 4, 3], rtol=1e-9)
    for shape in [(), (1,), (4,), (2, 3), (2, 3, 2)]:
        x = np.arange(math.prod(shape), dtype=float).reshape(shape)
        slopes = gradient(lambda x: (x**2).sum(), x)
        assert slopes.shape == shape
        np.testing.assert_allclose(slopes, 2 * x, atol=1e-8)


def test_jacobian_has_the_shape_of_the_value_then_the_shape_of_x():
    J = jacobian(lambda x: np.array([x[0] * x[1], x[0] + 7 * x[2]]), np.array([2.0, 3.0, 4.0]))
    np.testing.assert_allclose(J, [[3, 2, 0], [1, 0, 7]], atol=1e-9)
    J = jacobian(lambda x: x.sum() * np.ones((2, 1, 4)), np.zeros((2, 3)))
    assert J.shape == (2, 1, 4, 2, 3)
    x = np.random.default_rng(0).normal(size=(2, 3))
    J = jacobian(lambda x: np.outer(x.sum(axis=0), [1, 10, 100, 1000]), x)
    for k in range(3):
        for i in range(3):
            np.testing.assert_allclose(J[k, :, :, i], (k == i) * np.outer([1, 10, 100, 1000], [1, 1]), atol=1e-6)


def test_centred_differences_are_exact_for_parabolas():
    """The forward difference of x^2 is off by h; the centred one by rounding only."""
    assert math.isclose(gradient(lambda x: x**2, 3.0, h=0.5), 6, rel_tol=1e-14)
    assert math.isclose(jacobian(lambda x: x**3, 1.0, h=0.5), 3 + 0.5**2, rel_tol=1e-14)


def test_the_step_is_near_the_best():
    def error(h):
        x = np.linspace(0.5, 2.5, 41)
        return abs(jacobian(np.sin, x, h).diagonal() - np.cos(x)).max()

    assert error(STEP) < min(1e-9, error(STEP * 100), error(STEP / 1000))


def test_the_step_that_is_taken_is_the_step_divided_by():
    """Beside 1e9 the step of 3e-5 is rounded by 20 %."""
    assert gradient(lambda x: 3 * (x - 1e9), 1e9) == 3


def test_x_is_not_changed_and_may_be_integers_or_float32():
    for dtype in (int, np.float32, float):
        x = np.array([1, 2, 3], dtype=dtype)
        x.flags.writeable = False
        np.testing.assert_allclose(gradient(lambda x: np.sin(x).sum(), x), np.cos([1, 2, 3]), rtol=1e-8)


def test_values_that_are_integers_do_not_wrap():
    assert gradient(lambda x: np.uint8(0 if x > 0 else 6), 0.0, h=1.0) == -3
    assert jacobian(lambda x: np.uint8(0 if x > 0 else 6), 0.0, h=1.0) == -3
    assert compare(np.array([0], dtype=np.uint8), np.array([255], dtype=np.uint8)).error == 255


# --- one notion of equal ----------------------------------------------------------------------------------------------


def test_compare_agrees_and_says_how():
    result = compare([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0 + 1e-7]])
    assert result
    assert (result.agree, result.worst, round(result.error, 12)) == (True, (1, 1), 1e-7)
    assert str(result) == repr(result) == "agree: all 4 entries, to within 1e-06 of the largest, 4 (relative)"
    for formula, measured in [(0.0, 1e-12), (1e-12, 1e-12), (100.5 * NOISE, 100 * NOISE)]:
        assert str(compare([formula], [measured])) == "agree: all 1 entries, to within 1e-11 (absolute)"
    result = compare([0.0, 1e-12], [0.0, 0.0])
    assert not result
    assert (str(result), result.worst, result.error) == (TOO_SMALL, (1,), 1e-12)


def test_compare_reports_the_worst_entry():
    result = compare([[1.0, 2.0], [3.5, 4.0]], [[1.0, 2.1], [3.0, 4.0]])
    assert (result.agree, result.worst, result.error) == (False, (1, 0), 0.5)
    assert str(result) == "DIFFER: worst at entry (1, 0): formula 3.5, measured 3 (2 of 4 entries differ)"
    measured = np.array([[0.0, 0.3], [0.1 + 0.2, 0.3001]])  # 0.1 + 0.2 is larger than 0.3, by rounding
    assert compare(np.zeros((2, 2)), measured).worst == (1, 1)
    assert compare(np.zeros(4)[:3], measured.ravel()[:3]).worst == (1,)


def test_compare_shows_the_digits_in_which_two_numbers_differ():
    start = "DIFFER: worst at entry (): formula "
    assert str(compare(0.1234561, 0.1234569)).startswith(f"{start}0.123456, measured 0.123457 ")
    assert str(compare(1e5, 1.00000001e5, tolerance=0)).startswith(f"{start}100000, measured 100000.001 ")


def test_equal_is_relative_to_the_largest_number_expected_down_to_the_noise():
    for off, expected, answer in [
        ([999, 0], [1e9, 0], True),
        ([1001, 0], [1e9, 0], False),
        ([0, 1e-9], [1e-9, 1e-9], False),
        ([NOISE], [0], True),
        ([1.1 * NOISE], [0], False),
    ]:
        expected = np.array(expected, dtype=float)
        assert equal(expected + off, expected) is answer
    assert not compare([1e-9], [2e-9])
    assert not compare([1e-9], [0.0])
    assert str(compare([NOISE, 1e-9], [0.0, 2e-9])).endswith("(1 of 2 entries differ)")
    assert not compare(2.0, 1.0, tolerance=0.5)  # relative to what is measured
    assert compare(1.0, 2.0, tolerance=0.5)
    assert compare(0.5, 0.5, tolerance=0)
    assert NOISE < MEASURED < SINGLE < 1e-4  # a number of single precision keeps seven digits, of which a sum loses one


def slopes_at(gap):
    """The gradient where one class of three leads by `gap`, and the same measured."""
    z, y = np.array([gap, 0.0, 0.0]), np.array([1, 0, 0])
    return softmax_crossentropy_grad(z, y), gradient(lambda z: softmax_crossentropy(z, y), z)


@pytest.mark.parametrize("gap", [0.0, 10.0, 15.0, 20.0, 22.0, 25.0, 30.0, 40.0])
def test_a_right_gradient_agrees_as_long_as_it_can_be_measured_and_a_sign_flipped_one_never(gap):
    right, measured = slopes_at(gap)
    assert compare(right, measured).agree == (gap <= 20)
    assert not compare(-right, measured)
    if gap >= 30:
        for formula in (right, -right, 2 * right):
            assert str(compare(formula, measured)) == TOO_SMALL


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_are_equal_to_nothing(bad):
    for formula, measured in [([1.0, bad], [1.0, 2.0]), ([1.0, 2.0], [1.0, bad]), ([1.0, bad], [1.0, bad])]:
        with np.errstate(all="raise"):
            assert not equal(np.array(formula), np.array(measured))
            result = compare(formula, measured)
            assert not equal(np.array([1e308]), np.array([-1e308]))
        assert not result
        assert result.worst == (1,)
        assert str(result).endswith("1 of 2 entries differ)")
