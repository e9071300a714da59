"""SciPy as an independent judge: the same numbers by other routes, on inputs that hypothesis makes up.

tests/test_softmax.py and tests/test_cross_entropy.py hold the same functions against 50 digits.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import differentiate, special

from helpers import cross_entropy as ce
from helpers.numerical import gradient, jacobian
from helpers.softmax import sigmoid, softmax, softmax_jacobian
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
def test_softmax_and_sigmoid(batch):
    np.testing.assert_allclose(softmax(batch[0]), special.softmax(batch[0], axis=-1), rtol=1e-13, atol=1e-320)
    np.testing.assert_allclose(sigmoid(batch[0]), special.expit(batch[0]), rtol=1e-14, atol=1e-320)


@law
@given(batches(), st.data())
def test_losses(batch, data):
    z, y = batch
    expected = special.logsumexp(z, axis=-1) - z[y == 1]
    np.testing.assert_allclose(ce.softmax_crossentropy(z, y), expected.mean(), atol=3e-14)
    a, y = special.expit(z / 10), data.draw(arrays(z.shape, st.integers(0, 1)))
    expected = -(special.xlogy(y, a) + special.xlog1py(1 - y, -a)).sum(axis=-1).mean()
    np.testing.assert_allclose(ce.binary_crossentropy(a, y), expected, rtol=1e-13)


@law
@given(distributions())
def test_cross_entropy_is_entropy_plus_divergence(pq):
    p, q = pq
    expected = special.entr(p).sum() + special.rel_entr(p, q).sum()
    np.testing.assert_allclose(ce.cross_entropy(p, q), expected, rtol=1e-13, atol=1e-14)


@law
@given(batches(elements=mild))
def test_derivatives_are_what_adaptive_differences_find(batch):
    """Judges equations (2), (5) and (8), and the centred differences of the course beside them."""
    (z, y), a = batch, softmax(batch[0]) + 1
    for loss, grad, at in [
        (lambda z: ce.softmax_crossentropy(z, y), ce.softmax_crossentropy_grad(z, y), z),
        (lambda a: ce.categorical_crossentropy(a, y), ce.categorical_crossentropy_grad(a, y), a),
    ]:
        expected = derivatives(loss, at).reshape(at.shape)
        np.testing.assert_allclose(grad, expected, atol=1e-9)
        np.testing.assert_allclose(gradient(loss, at), expected, atol=1e-9)
    expected = derivatives(softmax, z[0])
    np.testing.assert_allclose(softmax_jacobian(z[0]), expected, atol=1e-9)
    np.testing.assert_allclose(jacobian(softmax, z[0]), expected, atol=1e-9)


def test_the_judge_of_derivatives_sees_a_wrong_one():
    z = np.array([2.0, 1.0, -1.0])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(np.diag(softmax(z)), derivatives(softmax, z), atol=1e-9)
    matrix = np.arange(6.0).reshape(2, 3)  # rows are values, columns are coordinates
    np.testing.assert_allclose(derivatives(lambda x: matrix @ x, z), matrix, atol=1e-9)
