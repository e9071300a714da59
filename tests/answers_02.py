"""Right and wrong answers to the exercise of lesson 2."""

import numpy as np

from answers import right, wrong
from helpers.softmax import softmax

COLUMN = "jacobian_column"


def delta(z, j):
    return np.arange(len(z)) == j


def loop(z, j):
    a = softmax(z)
    return [a[k] * (1 - a[j]) if k == j else -a[k] * a[j] for k in range(len(z))]


def in_place(z, j):
    column = -softmax(z) * softmax(z)[j]
    column[j] += softmax(z)[j]
    return column


def whole(z):
    a = softmax(z)
    return np.diag(a) - np.outer(a, a)


right(
    COLUMN,
    one_line=lambda z, j: softmax(z) * (delta(z, j) - softmax(z)[j]),
    cases=loop,
    in_place=in_place,
    of_the_matrix=lambda z, j: whole(z)[:, j],
    row_of_a_symmetric_matrix=lambda z, j: whole(z)[j],
    measured=lambda z, j: (softmax(z + 1e-5 * delta(z, j)) - softmax(z - 1e-5 * delta(z, j))) / 2e-5,
)
wrong(COLUMN, "own score", zeros_elsewhere=lambda z, j: np.diag(np.diag(whole(z)))[:, j])
wrong(COLUMN, "no δ", without_delta=lambda z, j: -softmax(z) * softmax(z)[j])
wrong(COLUMN, "δ = 1", delta_everywhere=lambda z, j: softmax(z) * (1 - softmax(z)[j]))
wrong(COLUMN, "diagonal", own_slopes=lambda z, j: softmax(z) * (1 - softmax(z)))
wrong(COLUMN, "no a_k", of_the_logarithm=lambda z, j: delta(z, j) - softmax(z)[j])
wrong(COLUMN, "a_j twice", nudged_twice=lambda z, j: softmax(z)[j] * (delta(z, j) - softmax(z)[j]))
wrong(COLUMN, "a_k twice", watched_twice=lambda z, j: softmax(z) * (delta(z, j) - softmax(z)))
wrong(COLUMN, "plus", plus_a_j=lambda z, j: softmax(z) * (delta(z, j) + softmax(z)[j]))
wrong(COLUMN, "unexplained", not_differentiated=lambda z, j: softmax(z))
wrong(COLUMN, "neighbour", counted_from_one=lambda z, j: whole(z)[:, j - 1])
wrong(COLUMN, "change", of_a_nudge=lambda z, j: softmax(z + 0.1 * delta(z, j)) - softmax(z))
wrong(COLUMN, "-1", sign=lambda z, j: softmax(z) * (softmax(z)[j] - delta(z, j)))
wrong(COLUMN, "no δ × -1", product_alone=lambda z, j: softmax(z) * softmax(z)[j])
wrong(COLUMN, "shape", matrix=lambda z, j: whole(z), one_slope=lambda z, j: whole(z)[j, j])
wrong(COLUMN, "close", one_sided=lambda z, j: (softmax(z + 1e-5 * delta(z, j)) - softmax(z)) / 1e-5)
wrong(COLUMN, "times", not_divided=lambda z, j: softmax(z + 1e-6 * delta(z, j)) - softmax(z))


@wrong(COLUMN, "changed")
def shifted_in_place(z, j):
    z -= z.max()
    return whole(z)[:, j]
