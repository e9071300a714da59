"""Equation (9), prediction and accuracy."""

import numpy as np
import pytest

from helpers.network import accuracy, predict, weighted_inputs

X = np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 0.0]])
W = np.array([[1.0, 0.0], [0.0, 10.0], [-1.0, 3.0], [2.0, 2.0]])
B = np.array([0.0, 100.0, 0.5, -1.0])


def test_weighted_inputs_by_hand():
    np.testing.assert_array_equal(weighted_inputs(X[0], W, B), [1, 120, 5.5, 5])
    np.testing.assert_array_equal(weighted_inputs(X, W, B), [[1, 120, 5.5, 5], [0.5, 90, -3, -2], B])
    np.testing.assert_array_equal(weighted_inputs([[2], [3]], [[10]], [1]), [[21], [31]])
    np.testing.assert_array_equal(weighted_inputs([[0, 1]], [[1, 2], [3, 4]], [5, 6]), [[7, 10]])  # W is square


def test_weighted_inputs_is_equation_9():
    rng = np.random.default_rng(0)
    x, weights, b = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), rng.normal(size=4)
    expected = [[sum(weights[j, i] * row[i] for i in range(3)) + b[j] for j in range(4)] for row in x]
    np.testing.assert_allclose(weighted_inputs(x, weights, b), expected, atol=1e-14)


def test_types_of_numbers():
    x, weights = np.array([200], dtype=np.uint8), np.array([[100], [3]], dtype=np.int8)
    np.testing.assert_array_equal(weighted_inputs(x, weights, np.array([1, 1], dtype=np.uint8)), [20001, 601])
    assert weighted_inputs(*(value.astype(np.float32) for value in (X, W, B))).dtype == np.float32


@pytest.mark.parametrize("rows", [slice(0, 3), slice(0, 1), 0])
def test_inputs_are_left_alone_and_results_are_new(rows):
    given = [value.copy() for value in (X[rows], W, B)]
    for value in given:
        value.flags.writeable = False
    z = weighted_inputs(*given)
    for value, before in zip(given, (X[rows], W, B), strict=True):
        assert not np.shares_memory(z, value)
        np.testing.assert_array_equal(value, before)


def test_tiny_products_raise_no_numpy_error():
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(weighted_inputs([1e-200, 1.0], [[1e-200, 2.0]], [0.0]), [2])


def test_predict_is_the_place_of_the_first_largest_activation():
    assert predict([0.2, 0.5, 0.3]) == 1
    np.testing.assert_array_equal(predict([[0.4, 0.2, 0.4], [0.1, 0.2, 0.7]]), [0, 2])
    np.testing.assert_array_equal(predict([[-5.0, -np.inf], [-np.inf, 3.0]]), [0, 1])


def test_accuracy_by_hand():
    assert accuracy([0, 1, 2, 2], [0, 1, 2, 0]) == 0.75
    assert accuracy(predict(np.eye(3)), [0, 1, 2]) == 1
    assert accuracy(np.array([0, 255], dtype=np.uint8), np.array([0, -1], dtype=np.int8)) == 0.5
