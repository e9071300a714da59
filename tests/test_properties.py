"""Laws that hold for every input, tried on inputs that hypothesis makes up (the same ones in every run)."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpers.cross_entropy import (
    categorical_crossentropy,
    categorical_crossentropy_grad,
    cross_entropy,
    one_hot,
    sigmoid_crossentropy,
    sigmoid_crossentropy_grad,
    softmax_crossentropy,
    softmax_crossentropy_grad,
)
from helpers.network import accuracy, predict, weighted_inputs
from helpers.numerical import compare, gradient, jacobian
from helpers.softmax import log_softmax, sigmoid, softmax, softmax_jacobian

law = settings(derandomize=True, deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
sizes = st.integers(1, 6)
numbers = st.floats(-50, 50, allow_subnormal=False)


def arrays(shape, elements=numbers):
    """Arrays of one shape, made of `elements`."""
    count = int(np.prod(shape))
    return st.lists(elements, min_size=count, max_size=count).map(lambda values: np.array(values).reshape(shape))


@st.composite
def batches(draw, classes=sizes, elements=numbers):
    """Scores (N, m) and labels (N,)."""
    N, m = draw(sizes), draw(classes)
    return draw(arrays((N, m), elements)), np.array(draw(st.lists(st.integers(0, m - 1), min_size=N, max_size=N)))


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
def test_softmax_is_a_distribution_whatever_the_scores(batch):
    a = softmax(batch[0])
    assert (a >= 0).all()
    np.testing.assert_allclose(a.sum(axis=-1), 1, rtol=1e-14)


@law
@given(batches(), st.integers(-1000, 1000))
def test_adding_the_same_to_all_scores_changes_nothing(batch, c):
    z, labels = batch
    z = np.round(z * 256) / 256  # so that z + c is exact
    y = one_hot(labels, z.shape[1])
    for function in (softmax, log_softmax, softmax_jacobian):
        np.testing.assert_array_equal(function(z + c), function(z))
    for function in (softmax_crossentropy, softmax_crossentropy_grad):
        np.testing.assert_array_equal(function(z + c, y), function(z, y))


@law
@given(batches(), st.data())
def test_each_example_may_be_shifted_by_its_own_number(batch, data):
    z = np.round(batch[0] * 256) / 256
    c = data.draw(arrays((len(z), 1), st.integers(-1000, 1000)))
    np.testing.assert_array_equal(softmax(z + c), softmax(z))


@law
@given(batches())
def test_softmax_keeps_the_order(batch):
    z = batch[0]
    a, log_a = softmax(z), log_softmax(z)
    larger = z[:, :, np.newaxis] > z[:, np.newaxis, :]
    assert (a[:, :, np.newaxis] >= a[:, np.newaxis, :])[larger].all()
    assert (log_a[:, :, np.newaxis] >= log_a[:, np.newaxis, :])[larger].all()
    np.testing.assert_array_equal(log_a[np.arange(len(z)), predict(z)], log_a.max(axis=1))


@law
@given(batches())
def test_log_softmax_is_the_logarithm_of_softmax(batch):
    np.testing.assert_allclose(np.exp(log_softmax(batch[0])), softmax(batch[0]), rtol=1e-12)


@law
@given(batches())
def test_the_jacobian_is_symmetric_with_rows_that_sum_to_0(batch):
    J = softmax_jacobian(batch[0])
    np.testing.assert_allclose(J.sum(axis=-1), 0, atol=1e-15)
    np.testing.assert_allclose(J, J.swapaxes(-1, -2), rtol=1e-12, atol=1e-300)
    assert (np.linalg.eigvalsh(J) >= -1e-15).all()  # no direction lowers the loss's slope: the loss is convex


@law
@given(st.integers(1, 5).flatmap(lambda m: arrays((m,), st.floats(-5, 5))))
def test_the_jacobian_against_centred_differences(z):
    assert compare(softmax_jacobian(z), jacobian(softmax, z))


@law
@given(distributions())
def test_gibbs_inequality(pq):
    """No q describes p better than p itself, and only p does as well."""
    p, q = pq
    H_p, H_pq = cross_entropy(p, p), cross_entropy(p, q)
    assert H_p >= 0
    assert H_pq >= H_p * (1 - 1e-15)
    if abs(p - q).sum() > 1e-3:
        assert H_pq > H_p + 0.5 * abs(p - q).sum() ** 2 - 1e-12  # Pinsker's inequality


@law
@given(distributions())
def test_entropy_is_at_most_log_m(pq):
    assert cross_entropy(pq[0], pq[0]) <= np.log(len(pq[0])) + 1e-15


@law
@given(batches(), st.data(), st.floats(0, 1))
def test_the_loss_is_convex_along_every_line(batch, data, t):
    """The chord between two points lies on or above the loss; the tangent on or below it."""
    z, labels = batch
    other, y = data.draw(arrays(z.shape)), one_hot(labels, z.shape[1])
    yes = data.draw(arrays(z.shape, st.integers(0, 1)))
    for loss, grad, target in [
        (softmax_crossentropy, softmax_crossentropy_grad, y),
        (sigmoid_crossentropy, sigmoid_crossentropy_grad, yes),
    ]:
        start, end = loss(z, target), loss(other, target)
        assert loss((1 - t) * z + t * other, target) <= (1 - t) * start + t * end + 1e-12
        assert end >= start + (grad(z, target) * (other - z)).sum() - 1e-12


@law
@given(batches(), st.sampled_from([0.01, 1.0, 30.0]))
def test_gradients_against_centred_differences_at_every_shape_and_scale(batch, scale):
    z, labels = batch
    z = z / 50 * scale
    y = one_hot(labels, z.shape[1])
    yes = (z > scale / 3).astype(float)
    assert compare(softmax_crossentropy_grad(z, y), gradient(lambda z: softmax_crossentropy(z, y), z))
    assert compare(sigmoid_crossentropy_grad(z, yes), gradient(lambda z: sigmoid_crossentropy(z, yes), z))
    a = softmax(z / scale / 10)
    assert compare(categorical_crossentropy_grad(a, y), gradient(lambda a: categorical_crossentropy(a, y), a))


@law
@given(batches())
def test_the_gradient_by_the_scores_is_the_chain_rule(batch):
    """Equations (6) and (7): dL/dz = J^T dL/da, wherever the activations do not underflow."""
    z, labels = batch[0] / 10, batch[1]
    y = one_hot(labels, z.shape[1])
    through_a = np.einsum("nk,nkj->nj", categorical_crossentropy_grad(softmax(z), y), softmax_jacobian(z))
    np.testing.assert_allclose(softmax_crossentropy_grad(z, y), through_a, atol=1e-15)


@law
@given(batches())
def test_each_row_of_the_gradient_sums_to_0_and_only_the_right_class_is_pulled_up(batch):
    z, labels = batch
    y = one_hot(labels, z.shape[1])
    g = softmax_crossentropy_grad(z, y)
    np.testing.assert_allclose(g.sum(axis=-1), 0, atol=1e-15)
    assert (g[y == 1] <= 0).all()
    assert (g[y == 0] >= 0).all()


@law
@given(batches(), st.randoms(use_true_random=False))
def test_renaming_the_classes_renames_the_results(batch, random):
    z, labels = batch
    y = one_hot(labels, z.shape[1])
    order = random.sample(range(z.shape[1]), z.shape[1])
    np.testing.assert_allclose(softmax(z[:, order]), softmax(z)[:, order], rtol=1e-14)
    np.testing.assert_allclose(log_softmax(z[:, order]), log_softmax(z)[:, order], rtol=1e-14)
    np.testing.assert_allclose(softmax_jacobian(z[:, order]), softmax_jacobian(z)[:, order][:, :, order], atol=1e-15)
    np.testing.assert_allclose(softmax_crossentropy(z[:, order], y[:, order]), softmax_crossentropy(z, y), rtol=1e-13)
    np.testing.assert_allclose(
        softmax_crossentropy_grad(z[:, order], y[:, order]), softmax_crossentropy_grad(z, y)[:, order], rtol=1e-12
    )


@law
@given(batches(), st.randoms(use_true_random=False))
def test_the_order_of_the_examples_does_not_matter(batch, random):
    z, labels = batch
    y = one_hot(labels, z.shape[1])
    order = random.sample(range(len(z)), len(z))
    np.testing.assert_array_equal(softmax(z[order]), softmax(z)[order])
    np.testing.assert_array_equal(softmax_crossentropy_grad(z[order], y[order]), softmax_crossentropy_grad(z, y)[order])
    np.testing.assert_allclose(softmax_crossentropy(z[order], y[order]), softmax_crossentropy(z, y), rtol=1e-13)
    assert accuracy(predict(z[order]), labels[order]) == accuracy(predict(z), labels)


@law
@given(batches(), st.integers(2, 3))
def test_repeating_a_batch_changes_no_mean(batch, times):
    z, labels = batch
    y = one_hot(labels, z.shape[1])
    again = np.tile(z, (times, 1)), np.tile(y, (times, 1))
    np.testing.assert_allclose(softmax_crossentropy(*again), softmax_crossentropy(z, y), rtol=1e-13)
    np.testing.assert_allclose(
        softmax_crossentropy_grad(*again)[: len(z)] * times, softmax_crossentropy_grad(z, y), rtol=1e-13
    )


@law
@given(numbers)
def test_sigmoid_mirrors(z):
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-15)


@law
@given(batches(elements=st.floats(-5, 5)), st.data())
def test_weighted_inputs_is_linear(batch, data):
    x, m = batch[0], data.draw(sizes)
    W, b = data.draw(arrays((m, x.shape[1]))), data.draw(arrays((m,)))
    z = weighted_inputs(x, W, b)
    np.testing.assert_allclose(weighted_inputs(2 * x, W, b) - b, 2 * (z - b), atol=1e-10)
    np.testing.assert_allclose(weighted_inputs(x, 2 * W, 2 * b), 2 * z, atol=1e-10)
    np.testing.assert_array_equal(weighted_inputs(0 * x, W, b), np.tile(b, (len(x), 1)))
