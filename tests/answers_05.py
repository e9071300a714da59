"""More right and wrong answers to the exercise of lesson 5."""

import numpy as np

from answers import right, wrong
from helpers.softmax import softmax

CHAIN = "chain_rule"


def parts(z, y):
    a = softmax(z)
    return -y / a, np.diag(a) - np.outer(a, a)


def with_jacobian(jacobian):
    """An answer whose da/dz is a function of a, everything else being right."""
    return lambda z, y: (parts(z, y)[0], jacobian(softmax(z)), softmax(z) - y)


def with_chain(chain):
    """An answer whose dL/dz is made of the right factors in some way."""
    return lambda z, y: (*parts(z, y), chain(*parts(z, y)))


@right(CHAIN)
def in_loops(z, y):
    m, a = len(z), softmax(z)
    outer = [-y[k] / a[k] for k in range(m)]
    inner = [[a[k] * ((j == k) - a[j]) for j in range(m)] for k in range(m)]
    return outer, inner, [sum(outer[k] * inner[k][j] for k in range(m)) for j in range(m)]


right(CHAIN, broadcast=with_chain(lambda v, M: (v[:, np.newaxis] * M).sum(axis=0)))
wrong(CHAIN, "off the diagonal", without_delta=with_jacobian(lambda a: -np.outer(a, a)))
wrong(CHAIN, "k = j alone", sigmoid_habit=with_jacobian(lambda a: np.diag(a * (1 - a))))
wrong(CHAIN, "scores", scores=lambda z, y: (-y / z, *parts(z, y)[1:], softmax(z) - y))
wrong(CHAIN, "added first", sums_multiplied=with_chain(lambda v, M: v.sum() * M.sum(axis=0)))
wrong(CHAIN, "k = j alone", own_term=with_chain(lambda v, M: v * np.diag(M)))
wrong(CHAIN, "no label", without_y=lambda z, y: (*parts(z, y), softmax(z)))
wrong(CHAIN, "-1", truth_minus_prediction=with_chain(lambda v, M: -v @ M))
wrong(
    CHAIN,
    "shape",
    products=with_chain(lambda v, M: v[:, np.newaxis] * M),
    one_number=with_chain(lambda v, M: (v @ M).sum()),
)
