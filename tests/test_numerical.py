"""Centred differences measure right, and the comparison can fail."""

import math

import numpy as np
import pytest

from helpers.numerical import STEP, compare, gradient, jacobian


def test_gradient_by_hand():
    slopes = gradient(lambda x: x[0] ** 2 * x[1] + 3 * x[2], np.array([2.0, 5.0, -1.0]))
    np.testing.assert_allclose(slopes, [20, 4, 3], rtol=1e-9)


def test_gradient_has_the_shape_of_x():
    for shape in [(), (1,), (4,), (2, 3), (2, 3, 2)]:
        x = np.arange(math.prod(shape), dtype=float).reshape(shape)
        slopes = gradient(lambda x: (x**2).sum(), x)
        assert slopes.shape == shape
        np.testing.assert_allclose(slopes, 2 * x, atol=1e-8)


def test_jacobian_by_hand():
    J = jacobian(lambda x: np.array([x[0] * x[1], x[0] + 7 * x[2]]), np.array([2.0, 3.0, 4.0]))
    np.testing.assert_allclose(J, [[3, 2, 0], [1, 0, 7]], atol=1e-9)


def test_jacobian_has_the_shape_of_the_value_then_the_shape_of_x():
    x = np.random.default_rng(0).normal(size=(2, 3))
    J = jacobian(lambda x: np.outer(x.sum(axis=0), [1, 10, 100, 1000]), x)
    assert J.shape == (3, 4, 2, 3)
    for k in range(3):
        for i in range(3):
            np.testing.assert_allclose(J[k, :, :, i], (k == i) * np.outer([1, 10, 100, 1000], [1, 1]), atol=1e-6)


def test_centred_differences_are_exact_for_parabolas():
    """The forward difference of x^2 is off by h; the centred one by rounding only."""
    assert math.isclose(gradient(lambda x: x**2, 3.0, h=0.5), 6, rel_tol=1e-14)
    assert math.isclose(gradient(lambda x: x**3, 1.0, h=0.5), 3 + 0.5**2, rel_tol=1e-14)


def test_the_step_is_near_the_best():
    def error(h):
        x = np.linspace(0.5, 2.5, 41)
        return abs(jacobian(np.sin, x, h).diagonal() - np.cos(x)).max()

    assert error(STEP) < 1e-9
    assert error(STEP) < error(STEP * 100)
    assert error(STEP) < error(STEP / 1000)


def test_the_step_that_is_taken_is_the_step_divided_by():
    """Beside 1e9 the step of 3e-5 is rounded by 20 %."""
    assert gradient(lambda x: 3 * (x - 1e9), 1e9) == 3


def test_x_is_not_changed_and_integers_are_accepted():
    x = np.array([1, 2, 3])
    np.testing.assert_allclose(gradient(lambda x: (x**2).sum(), x), [2, 4, 6], rtol=1e-9)
    x = np.array([[1.0, 2.0]])
    x.flags.writeable = False
    gradient(lambda x: x.sum(), x)
    np.testing.assert_array_equal(x, [[1, 2]])


def test_a_function_that_changes_its_argument_is_measured_all_the_same():
    def f(x):
        value = (x**2).sum()
        x[...] = 0
        return value

    np.testing.assert_allclose(gradient(f, [3.0, -1.0]), [6, -2], rtol=1e-9)


def test_float32_is_measured_in_float64():
    np.testing.assert_allclose(gradient(lambda x: np.sin(x).sum(), np.float32([1, 2])), np.cos([1, 2]), rtol=1e-8)


def test_values_that_are_integers_do_not_wrap():
    assert gradient(lambda x: np.uint8(0 if x > 0 else 6), 0.0, h=1.0) == -3
    assert gradient(lambda x: bool(x > 0), 0.0, h=0.5) == 1


def test_compare_agrees():
    result = compare([[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0], [3.0, 4.0 + 1e-8]])
    assert result
    assert result.agree is True
    assert str(result) == repr(result) == "agree: all 4 entries, to within 1e-07"


def test_compare_reports_the_worst_entry():
    result = compare([[1.0, 2.0], [3.5, 4.0]], [[1.0, 2.1], [3.0, 4.0]])
    assert not result
    assert result.worst == (1, 0)
    assert math.isclose(result.error, 0.5 / 4)
    assert str(result) == "DIFFER: worst at entry (1, 0): formula 3.5, measured 3 (2 of 4 entries differ)"


def test_compare_reports_the_first_of_entries_that_differ_by_rounding_only():
    formula = np.zeros((2, 2))
    measured = np.array([[0.0, 0.3], [0.1 + 0.2, 0.0]])  # 0.1 + 0.2 is larger than 0.3, in the last digit
    assert compare(formula, measured).worst == (0, 1)


def test_compare_shows_the_digits_in_which_two_numbers_differ():
    assert str(compare(0.1234561, 0.1234569)).startswith(
        "DIFFER: worst at entry (): formula 0.123456, measured 0.123457"
    )
    assert str(compare(np.nan, np.nan)).startswith("DIFFER: worst at entry (): formula nan, measured nan")


def test_compare_sees_a_sign_a_transpose_and_a_zero():
    J = np.array([[0.1, 0.2], [0.3, 0.4]])
    assert compare(J, J)
    assert not compare(-J, J)
    assert not compare(J.T, J)
    assert not compare(0 * J, J)


def test_compare_is_absolute_for_ordinary_numbers_and_relative_for_large_ones():
    assert compare(1e-9, 0.0)
    assert not compare(1e-6, 0.0)
    assert compare([1e9 + 1, 0.0], [1e9, 0.0])
    assert not compare([1e9 + 1000, 0.0], [1e9, 0.0])
    assert not compare([0.0], [1e9])


def test_compare_uses_its_tolerance():
    assert compare(1.01, 1.0, tolerance=0.1)
    assert not compare(1.01, 1.0, tolerance=0.001)
    assert compare(0.5, 0.5, tolerance=0)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_compare_never_agrees_about_nan_or_infinity(bad):
    for formula, measured in [([1.0, bad], [1.0, 2.0]), ([1.0, 2.0], [1.0, bad]), ([1.0, bad], [1.0, bad])]:
        result = compare(formula, measured)
        assert not result
        assert result.worst == (1,)


def test_compare_counts_narrow_integers_right():
    assert not compare(np.array([0], dtype=np.uint8), np.array([255], dtype=np.uint8))
    assert compare(np.array([0], dtype=np.uint8), np.array([255], dtype=np.uint8)).error == 1
