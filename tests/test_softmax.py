"""Equations (1) and (2) and sigmoid: by hand, as loops, against 50 digits, at the extremes. The code stays plain."""

import ast
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest

from helpers.softmax import sigmoid, softmax, softmax_jacobian

HELPERS = Path(__file__).parents[1] / "helpers"
HAND = np.log([1.0, 2.0, 3.0])  # e^z = (1, 2, 3), so a = (1/6, 2/6, 3/6)
BATCH = np.array([[0.3, -1.2, 2.0, 0.0], [5.0, 5.0, 5.0, 5.0], [-3.0, 8.0, 7.5, -0.1]])
FUNCTIONS = [softmax, softmax_jacobian, sigmoid]
RAISE_OR_WARN = [{"all": "raise"}, {"all": "warn"}]  # and pytest makes an error of a warning
GAPS = [0, 1e-320, 1e-8, 0.5, 1, 20, 36, 37, 40, 100, 700, 709, 745, 746, 1e4, 1e15, 1e300, 1e308]
NASTY = [
    *([gap, 0.0] for gap in GAPS),
    *([gap + c, c, c, c - 3.0] for gap in GAPS[2:11] for c in (-350.0, 0.1, 12345.678)),
    *([gap / 2, gap / 2, -gap / 2, 0.0] for gap in GAPS),  # ties
    *([7.0], [-1e308] * 3, [-np.inf, 0.0, 0.0], [3.0, -np.inf, -np.inf]),
]


def random_scores():
    """Rows of 2 to 1,000 random scores of every scale."""
    rng = np.random.default_rng(0)
    return [rng.normal(size=m) * scale for m in (2, 3, 10, 100, 1000) for scale in (0.1, 1, 5, 30, 1000)]


def exact(z):
    """Equations (1) and (4) for one example in 50-digit arithmetic: the activations, and the loss for every label."""
    with mpmath.workdps(50):
        shifted = [mpmath.mpf(float(z_k)) - mpmath.mpf(float(max(z))) for z_k in z]
        e = [mpmath.exp(z_k) for z_k in shifted]
        total = mpmath.fsum(e)
        return [e_k / total for e_k in e], [mpmath.log(total) - z_k for z_k in shifted]


def largest_error(values, exact):
    """Largest absolute error of numbers against exact ones."""
    with mpmath.workdps(50):
        return float(max(abs(mpmath.mpf(float(v)) - x) for v, x in zip(values, exact, strict=True)))


def test_by_hand():
    np.testing.assert_allclose(softmax(HAND), [1 / 6, 2 / 6, 3 / 6], rtol=1e-15)
    J = np.array([[5, -2, -3], [-2, 8, -6], [-3, -6, 9]]) / 36
    np.testing.assert_allclose(softmax_jacobian(HAND), J, rtol=1e-14)
    z = [0, math.log(3), -math.log(3), math.log(9), -np.inf, np.inf]
    np.testing.assert_allclose(sigmoid(z), [0.5, 0.75, 0.25, 0.9, 0, 1], rtol=1e-15)
    assert np.shape(sigmoid(2)) == np.shape(sigmoid(np.float32(2))) == ()


def test_softmax_is_equation_1_and_its_jacobian_equation_2():
    A, J = softmax(BATCH), softmax_jacobian(BATCH)
    assert J.shape == (3, 4, 4)
    for z, a, J_z in zip(BATCH, A, J, strict=True):
        total = sum(math.exp(z_j) for z_j in z)
        for k in range(4):
            assert math.isclose(a[k], math.exp(z[k]) / total, rel_tol=1e-14)
            for j in range(4):
                assert math.isclose(J_z[k, j], a[k] * ((1 if j == k else 0) - a[j]), rel_tol=1e-13)


@pytest.mark.parametrize("scores", [NASTY, random_scores()], ids=["nasty", "random"])
def test_probabilities_and_jacobians_are_right_to_1e_15(scores):
    for z in scores:
        a = exact(z)[0]
        assert largest_error(softmax(z), a) < 1e-15, z
        if len(z) <= 10:
            slopes = [a[k] * ((j == k) - a[j]) for k in range(len(z)) for j in range(len(z))]
            assert largest_error(softmax_jacobian(z).ravel(), slopes) < 1e-15, z


def test_a_big_batch_is_right_to_1e_15():
    z = np.random.default_rng(1).normal(size=(20_000, 10), scale=4)
    a = softmax(z)
    assert max(largest_error(a[i], exact(z[i])[0]) for i in range(0, 20_000, 200)) < 1e-15


def test_sigmoid_is_right_to_1e_15():
    z = np.array([*GAPS, *np.negative(GAPS)])
    assert largest_error(sigmoid(z), [exact([z_k, 0.0])[0][0] for z_k in z]) < 1e-15


def test_probabilities_underflow_only_where_they_must():
    np.testing.assert_array_equal(softmax([[0.0, 746.0], [-1e308, 1e308]]), [[0, 1], [0, 1]])
    assert softmax([0.0, 745.0])[0] > 0
    assert sigmoid(-708.0) > 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_batch_is_its_rows_one_by_one_in_every_memory_layout(function):
    expected = np.stack([function(row) for row in BATCH])
    for z in (BATCH, np.asfortranarray(BATCH), np.repeat(BATCH, 2, axis=1)[:, ::2]):
        np.testing.assert_allclose(function(z), expected, rtol=1e-14)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_types_of_numbers(function):
    for dtype in (np.bool_, np.uint8, np.int8, np.int64, np.uint64):
        z = np.array([[0, 1, 1], [1, 0, 0]], dtype=dtype) * dtype(127)  # narrow integers must not wrap
        result = function(z)
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, function(z.astype(float)))
        np.testing.assert_array_equal(result, function(z.tolist()))
    for z in (BATCH, BATCH[0]):
        result = function(z.astype(np.float32))
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, function(z), rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("rows", [slice(0, 3), slice(0, 1), 0])
def test_inputs_are_left_alone_and_results_are_new(function, rows):
    z = BATCH[rows].copy()
    z.flags.writeable = False
    result = function(z)
    assert not np.shares_memory(result, z)
    assert result.flags.writeable
    np.testing.assert_array_equal(z, BATCH[rows])


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("outside", RAISE_OR_WARN)
def test_extremes_warn_and_raise_nothing(function, outside):
    with np.errstate(**outside):
        for z in [*NASTY, [1e308, -1e308], [[1e308, -1e308], [800, 0], [0, 37]]]:
            assert np.isfinite(function(z)).all()


# --- the code is the equation -----------------------------------------------------------------------------------------


def nodes(file):
    return ast.walk(ast.parse((HELPERS / f"{file}.py").read_text(encoding="utf-8")))


@pytest.mark.parametrize("file", ["softmax", "cross_entropy"])
def test_classes_stay_on_the_last_axis_and_nothing_is_written_in_place(file):
    for node in nodes(file):
        assert not isinstance(node, ast.AugAssign), ast.unparse(node)
        if isinstance(node, ast.Attribute):
            assert node.attr not in ("T", "transpose", "swapaxes", "put", "take", "put_along_axis", "take_along_axis")
        if isinstance(node, ast.Call):
            assert not {keyword.arg for keyword in node.keywords} & {"out", "where"}, ast.unparse(node)
        if isinstance(node, ast.Subscript):
            assert isinstance(node.ctx, ast.Load), ast.unparse(node)
