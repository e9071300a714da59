"""SciPy as an independent judge: the same numbers by other routes, on inputs that hypothesis makes up.

tests/test_softmax.py and tests/test_cross_entropy.py hold the same functions against 50 digits.
"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from helpers import cross_entropy as ce
from helpers.softmax import sigmoid, softmax
from test_properties import arrays, batches, distributions, law

extreme = st.floats(-1e300, 1e300)


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
