"""Right and wrong answers to the exercise of lesson 1."""

import numpy as np

from answers import right, wrong
from helpers.softmax import softmax

ROWS = "softmax_rows"


def shifted(Z):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def by_rows(Z):
    return [softmax(z).tolist() for z in Z]


right(ROWS, shifted=shifted, by_rows=by_rows, transposed=lambda Z: softmax(Z.T.copy().T))
wrong(ROWS, "no shift", no_shift=lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1, keepdims=True))
wrong(ROWS, "one maximum", one_maximum=lambda Z: np.exp(Z - Z.max()) / np.exp(Z - Z.max()).sum(axis=1)[:, None])
wrong(
    ROWS,
    "axis 0",
    columns=lambda Z: np.exp(Z) / np.exp(Z).sum(axis=0),
    shifted_columns=lambda Z: np.exp(Z - Z.max(axis=0)) / np.exp(Z - Z.max(axis=0)).sum(axis=0),
)
wrong(ROWS, "all at once", one_sum=lambda Z: softmax(Z.ravel()).reshape(Z.shape))
wrong(ROWS, "no exp", scores_divided=lambda Z: Z / Z.sum(axis=1, keepdims=True))
wrong(ROWS, "not divided", numerators=lambda Z: np.exp(Z - Z.max(axis=1, keepdims=True)))
wrong(ROWS, "sigmoid", sigmoids=lambda Z: 1 / (1 + np.exp(-Z)))
wrong(ROWS, "certain", argmax=lambda Z: np.isclose(Z, Z.max(axis=1, keepdims=True)))
wrong(ROWS, "keepdims", keepdims_forgotten=lambda Z: np.exp(Z) / np.exp(Z).sum(axis=1))
wrong(
    ROWS,
    "keepdims",
    shifted_without=lambda Z: np.exp(Z - Z.max(axis=1)[:, None]) / np.exp(Z - Z.max(axis=1)[:, None]).sum(axis=1),
)
