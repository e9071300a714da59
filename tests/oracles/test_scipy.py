"""SciPy as an independent judge: the same numbers by other routes, on inputs that hypothesis makes up.

SciPy loses digits where one class dominates (lesson 5), so the tolerances here are absolute where a rest may be tiny;
tests/test_softmax.py and tests/test_cross_entropy.py hold the same functions against 50 digits.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import differentiate, special

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
from helpers.numerical import gradient, jacobian
from helpers.softmax import log_softmax, sigmoid, softmax, softmax_jacobian
from test_properties import arrays, batches, distributions, law

extreme = st.floats(-1e300, 1e300)
mild = st.floats(-5, 5)


def derivatives(function, x):
    """d function[...] / dx[...] by SciPy's adaptive differences, for `function` of one array and a vector of values."""

    def of_columns(columns):  # SciPy hands many points at once, coordinates first
        points = columns.reshape(x.size, -1).T
        values = np.array([np.ravel(function(point.reshape(x.shape))) for point in points])
        return values.T.reshape(-1, *columns.shape[1:])

    return differentiate.jacobian(of_columns, x.ravel()).df


@law
@given(st.one_of(batches(), batches(elements=extreme)))
def test_softmax(batch):
    np.testing.assert_allclose(softmax(batch[0]), special.softmax(batch[0], axis=-1), rtol=1e-13, atol=1e-320)


@law
@given(batches())
def test_log_softmax(batch):
    np.testing.assert_allclose(log_softmax(batch[0]), special.log_softmax(batch[0], axis=-1), rtol=1e-13, atol=1e-14)


@law
@given(batches())
def test_the_loss_is_logsumexp_minus_the_right_score(batch):
    z, labels = batch
    expected = special.logsumexp(z, axis=-1) - z[np.arange(len(z)), labels]
    np.testing.assert_allclose(softmax_crossentropy(z, one_hot(labels, z.shape[1])), expected.mean(), atol=3e-14)


@law
@given(distributions())
def test_cross_entropy_is_entropy_plus_divergence(pq):
    p, q = pq
    expected = special.entr(p).sum() + special.rel_entr(p, q).sum()
    np.testing.assert_allclose(cross_entropy(p, q), expected, rtol=1e-13, atol=1e-14)


@law
@given(extreme)
def test_sigmoid(z):
    np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=1e-14, atol=1e-320)


@law
@given(batches(), st.data())
def test_sigmoid_crossentropy(batch, data):
    z = batch[0]
    y = data.draw(arrays(z.shape, st.integers(0, 1)))
    expected = -(y * special.log_expit(z) + (1 - y) * special.log_expit(-z)).sum(axis=-1).mean()
    np.testing.assert_allclose(sigmoid_crossentropy(z, y), expected, rtol=1e-13)
    a = special.expit(z / 10)
    expected = -(special.xlogy(y, a) + special.xlog1py(1 - y, -a)).sum(axis=-1).mean()
    np.testing.assert_allclose(binary_crossentropy(a, y), expected, rtol=1e-13)


@law
@given(batches(elements=mild), st.data())
def test_gradients_are_what_adaptive_differences_find(batch, data):
    """Judges equations (5) and (8), and the centred differences of the course beside them."""
    z, labels = batch
    y, yes = one_hot(labels, z.shape[1]), data.draw(arrays(z.shape, st.integers(0, 1)))
    for loss, grad, at in [
        (lambda z: softmax_crossentropy(z, y), softmax_crossentropy_grad(z, y), z),
        (lambda a: categorical_crossentropy(a, y), categorical_crossentropy_grad(softmax(z) + 1, y), softmax(z) + 1),
        (lambda z: sigmoid_crossentropy(z, yes), sigmoid_crossentropy_grad(z, yes), z),
    ]:
        expected = derivatives(loss, at).reshape(at.shape)
        np.testing.assert_allclose(grad, expected, atol=1e-9)
        np.testing.assert_allclose(gradient(loss, at), expected, atol=1e-9)


@law
@given(st.integers(1, 5).flatmap(lambda m: arrays((m,), mild)))
def test_the_jacobian_is_what_adaptive_differences_find(z):
    """Judges equation (2), rows and columns, and the centred differences of the course."""
    expected = derivatives(softmax, z)
    np.testing.assert_allclose(softmax_jacobian(z), expected, atol=1e-9)
    np.testing.assert_allclose(jacobian(softmax, z), expected, atol=1e-9)


def test_the_judge_of_derivatives_sees_a_wrong_one():
    z = np.array([2.0, 1.0, -1.0])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(np.diag(softmax(z)), derivatives(softmax, z), atol=1e-9)
    matrix = np.arange(6.0).reshape(2, 3)  # rows are values, columns are coordinates
    np.testing.assert_allclose(derivatives(lambda x: matrix @ x, z), matrix, atol=1e-9)
