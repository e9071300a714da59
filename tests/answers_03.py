"""Right and wrong answers to the exercise of lesson 3."""

import math

import numpy as np

from answers import right, wrong

NATS = "cross_entropy_nats"


def masked(p, q):
    return -(p[p > 0] * np.log(q[p > 0])).sum()


def loop(p, q):
    total = 0.0
    for p_k, q_k in zip(p, q, strict=True):
        if p_k > 0:
            total += math.inf if q_k == 0 else p_k * -math.log(q_k)
    return total


def epsilon(p, q, tiny=1e-12):
    return -(p * np.log(q + tiny)).sum()


right(
    NATS,
    masked=masked,
    loop=loop,
    where=lambda p, q: np.where(p > 0, -p * np.log(q), 0).sum(keepdims=True),
    split=lambda p, q: masked(p, p) + (p[p > 0] * np.log(p[p > 0] / q[p > 0])).sum(),
    product=lambda p, q: -np.log(np.prod(q**p)),
    ones=lambda p, q: -p @ np.log(np.where(p == 0, 1, q)),
)
wrong(NATS, "0 log 0", plain=lambda p, q: -(p * np.log(q)).sum(), plain_bits=lambda p, q: -(p * np.log2(q)).sum())
wrong(NATS, "bits", bits=lambda p, q: masked(p, q) / np.log(2))
wrong(NATS, "-1", no_minus=lambda p, q: -masked(p, q), plain_no_minus=lambda p, q: (p * np.log(q)).sum())
wrong(NATS, "1/m", mean=lambda p, q: masked(p, q) / len(p), plain_mean=lambda p, q: -(p * np.log(q)).mean())
wrong(
    NATS,
    "zeros of q",
    q_positive=lambda p, q: -(p[q > 0] * np.log(q[q > 0])).sum(),
    both_positive=lambda p, q: -(p[p * q > 0] * np.log(q[p * q > 0])).sum(),
    nan_and_infinity_to_0=lambda p, q: -np.nan_to_num(p * np.log(q), neginf=0).sum(),
)
wrong(
    NATS,
    "never infinite",
    epsilon=epsilon,
    coarse_epsilon=lambda p, q: epsilon(p, q, 1e-5),
    clipped=lambda p, q: -(p * np.log(np.clip(q, 1e-7, 1 - 1e-7))).sum(),
)
wrong(NATS, "swapped", swapped=lambda p, q: masked(q, p), plain_swapped=lambda p, q: -(q * np.log(p)).sum())
wrong(NATS, "entropy", entropy=lambda p, q: masked(p, p), plain_entropy=lambda p, q: -(p * np.log(p)).sum())
wrong(NATS, "KL", kl=lambda p, q: masked(p, q) - masked(p, p), plain_kl=lambda p, q: (p * np.log(p / q)).sum())
wrong(NATS, "no p", no_weights=lambda p, q: -np.log(q).sum(), no_weights_masked=lambda p, q: -np.log(q[p > 0]).sum())
wrong(NATS, "shape", terms=lambda p, q: np.where(p > 0, -p * np.log(q), 0))
wrong(NATS, "error", logarithm_of_the_math_module=lambda p, q: -sum(a * math.log(b) for a, b in zip(p, q, strict=True)))
wrong(
    NATS,
    "unexplained",
    largest_double=lambda p, q: -np.nan_to_num(p * np.log(q)).sum(),
    logarithm_outside=lambda p, q: -np.log(p @ q),
    squared=lambda p, q: masked(p, q) ** 2,  # its infinity is right and not complained of
)
wrong(NATS, "finite", product_inside=lambda p, q: -(p * np.log(p * q)).sum())
