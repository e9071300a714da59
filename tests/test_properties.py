"""Laws that hold for every input, tried on inputs that hypothesis makes up (the same ones in every run)."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.cross_entropy import (
    categorical_crossentropy,
    categorical_crossentropy_grad,
    cross_entropy,
    one_hot,
    softmax_crossentropy,
    softmax_crossentropy_grad,
)
from helpers.numerical import compare, gradient, jacobian
from helpers.softmax import softmax, softmax_jacobian

law = settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
sizes = st.integers(1, 6)
numbers = st.floats(-50, 50, allow_subnormal=False)


def arrays(shape, elements=numbers):
    """Arrays of one shape, made of `elements`."""
    count = int(np.prod(shape))
    return st.lists(elements, min_size=count, max_size=count).map(lambda values: np.array(values).reshape(shape))


@st.composite
def batches(draw, elements=numbers):
    """Scores (N, m) and their one-hot targets."""
    N, m = draw(sizes), draw(sizes)
    return draw(arrays((N, m), elements)), one_hot(draw(arrays((N,), st.integers(0, m - 1))), m)


@st.composite
def distributions(draw):
    """Two distributions over m classes; either may hold zeros."""
    m = draw(sizes)
    weights = [draw(arrays((m,), st.integers(0, 20))) for _ in range(2)]
    for w in weights:
        w[draw(st.integers(0, m - 1))] += 1
    return tuple(w / w.sum() for w in weights)


@law
@given(batches(elements=st.floats(allow_nan=False, allow_infinity=False)))
def test_softmax_is_a_distribution_in_the_order_of_the_scores(batch):
    z, a = batch[0], softmax(batch[0])
    assert (a >= 0).all()
    np.testing.assert_allclose(a.sum(axis=-1), 1, rtol=1e-15)
    larger = z[:, :, np.newaxis] > z[:, np.newaxis, :]
    assert (a[:, :, np.newaxis] >= a[:, np.newaxis, :])[larger].all()


@law
@given(batches(), st.data())
def test_adding_the_same_to_all_scores_of_an_example_changes_nothing(batch, data):
    z, y = np.round(batch[0] * 256) / 256, batch[1]  # so that z + c is exact
    shifted = z + data.draw(arrays((len(z), 1), st.integers(-1000, 1000)))
    for function in (softmax, softmax_jacobian):
        np.testing.assert_array_equal(function(shifted), function(z))
    for function in (softmax_crossentropy, softmax_crossentropy_grad):
        np.testing.assert_array_equal(function(shifted, y), function(z, y))


@law
@given(batches())
def test_the_jacobian_is_symmetric_with_rows_that_sum_to_0(batch):
    J = softmax_jacobian(batch[0])
    np.testing.assert_allclose(J.sum(axis=-1), 0, atol=1e-15)
    np.testing.assert_allclose(J, J.swapaxes(-1, -2), rtol=1e-12, atol=1e-300)
    assert (np.linalg.eigvalsh(J) >= -1e-15).all()  # in no direction does the slope of the loss fall: it is convex


@law
@given(distributions())
def test_gibbs_inequality(pq):
    """No q describes p better than p itself, and only p does as well; nothing is less certain than the uniform one."""
    p, q = pq
    H_p, H_pq = cross_entropy(p, p), cross_entropy(p, q)
    assert 0 <= H_p <= np.log(len(p)) + 1e-15
    assert H_pq >= H_p * (1 - 1e-15)
    assert H_pq >= H_p + 0.5 * abs(p - q).sum() ** 2 - 1e-12  # Pinsker's inequality


@law
@given(batches(), st.data(), st.floats(0, 1))
def test_the_loss_is_convex_along_every_line(batch, data, t):
    """The chord between two points lies on or above the loss; the tangent on or below it."""
    z, y = batch
    other = data.draw(arrays(z.shape))
    start, end = softmax_crossentropy(z, y), softmax_crossentropy(other, y)
    assert softmax_crossentropy((1 - t) * z + t * other, y) <= (1 - t) * start + t * end + 1e-12
    assert end >= start + (softmax_crossentropy_grad(z, y) * (other - z)).sum() - 1e-12


@law
@given(batches(), st.sampled_from([0.01, 1.0, 10.0]))
def test_derivatives_against_centred_differences_at_every_shape_and_scale(batch, scale):
    z, y = batch[0] / 50 * scale, batch[1]
    assert compare(softmax_crossentropy_grad(z, y), gradient(lambda z: softmax_crossentropy(z, y), z))
    assert compare(softmax_jacobian(z[0]), jacobian(softmax, z[0]))
    a = softmax(z / scale / 10)
    assert compare(categorical_crossentropy_grad(a, y), gradient(lambda a: categorical_crossentropy(a, y), a))
