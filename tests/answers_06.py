"""Right and wrong answers to the exercise of lesson 6."""

import numpy as np

from answers import right, wrong
from helpers.softmax import softmax

SCORES = "batch_scores"


def loops(change=lambda z, product, bias: z + product, start=lambda bias: bias):
    """Three loops, with another step or start."""

    def batch_scores(W, b, X):
        Z = np.zeros((len(X), len(b)))
        for r, x in enumerate(X):
            for j, w_j in enumerate(W):
                Z[r, j] = start(b[j])
                for x_i, w_ji in zip(x, w_j, strict=True):
                    Z[r, j] = change(Z[r, j], w_ji * x_i, b[j])
        return Z

    return batch_scores


def turned_if_needed(W, b, X):
    return X @ (W if W.shape[0] == X.shape[1] else W.T) + b


right(
    SCORES,
    by_matrix=lambda W, b, X: X @ W.T + b,
    by_loops=loops(),
    by_examples=lambda W, b, X: [W @ x + b for x in X],
    by_columns=lambda W, b, X: (W @ X.T + b[:, None]).T,
    by_broadcasting=lambda W, b, X: (X[:, None, :] * W).sum(axis=2) + b,
    by_einsum=lambda W, b, X: np.einsum("ri,ji->rj", X, W) + b,
)
wrong(SCORES, "not transposed", forgotten=lambda W, b, X: X @ W + b, if_needed=turned_if_needed)
wrong(SCORES, "reshaped", cut_anew=lambda W, b, X: X @ W.reshape(X.shape[1], -1) + b)
wrong(SCORES, "no bias", without_b=lambda W, b, X: X @ W.T)
wrong(
    SCORES,
    "one bias per example",
    b_down=lambda W, b, X: X @ W.T + b[:, None],
    turned_late=lambda W, b, X: (W @ X.T + b).T,
)
wrong(SCORES, "bias subtracted", minus_b=lambda W, b, X: X @ W.T - b)
wrong(SCORES, "bias multiplied", times_b=lambda W, b, X: X @ W.T * b)
wrong(SCORES, "bias n times", b_each_time=loops(lambda z, product, bias: z + product + bias, lambda bias: 0))
wrong(SCORES, "one bias for all", b_sum=lambda W, b, X: X @ W.T + b.sum(), b_first=lambda W, b, X: X @ W.T + b[0])
wrong(SCORES, "one example", first_example=lambda W, b, X: np.tile(W @ X[0] + b, (len(X), 1)))
wrong(SCORES, "one feature", overwritten=loops(lambda z, product, bias: product))
wrong(SCORES, "added first", sums_first=lambda W, b, X: np.outer(X.sum(axis=1), W.sum(axis=1)) + b)
wrong(SCORES, "softmax", too_far=lambda W, b, X: softmax(X @ W.T + b))
wrong(SCORES, "shape", transposed=lambda W, b, X: W @ X.T + b[:, None])
wrong(SCORES, "shape", one_row=lambda W, b, X: W @ X[0] + b, summed=lambda W, b, X: (X @ W.T + b).sum(axis=1))
wrong(SCORES, "shape", not_summed=lambda W, b, X: X[:, None, :] * W)
wrong(SCORES, "error", elementwise=lambda W, b, X: X * W + b)
wrong(SCORES, "times", upside_down=lambda W, b, X: -2 * (X @ W.T + b))
