"""Right and wrong answers to the exercise of lesson 4; P stands for the activations."""

import numpy as np

from answers import right, wrong

LOSS = "batch_loss"


def of_the_right(P, Y):
    return (P * Y).sum(axis=1)


def looped(P, Y):
    total = 0.0
    for a, y in zip(P, Y, strict=True):
        for a_k, y_k in zip(a, y, strict=True):
            if y_k == 1:
                total -= np.log(a_k)
    return total / len(P)


right(
    LOSS,
    masked=lambda P, Y: -np.log(P[Y == 1]).mean(),
    summed=lambda P, Y: float(-np.log(of_the_right(P, Y)).mean()),
    looped=looped,
    by_label=lambda P, Y: -np.log(P[np.arange(len(P)), Y.argmax(axis=1)]).mean(keepdims=True),
    where=lambda P, Y: -np.where(Y > 0, np.log(P), 0).sum() / len(P),
    nan_to_num=lambda P, Y: -np.nansum(Y * np.log(P), axis=1).mean(),
    likelihood=lambda P, Y: -np.log(np.prod(of_the_right(P, Y))) / len(P),
)
wrong(
    LOSS,
    "0 log 0",
    as_written=lambda P, Y: -(Y * np.log(P)).sum(axis=1).mean(),
    as_written_sum=lambda P, Y: -(Y * np.log(P)).sum(),
    as_written_mean=lambda P, Y: -(Y * np.log(P)).mean(),
    diagonal=lambda P, Y: -np.trace(Y @ np.log(P).T) / len(P),
)
wrong(
    LOSS,
    "tiny",
    added=lambda P, Y: -(Y * np.log(P + 1e-12)).sum(axis=1).mean(),
    clipped=lambda P, Y: -(Y * np.log(np.clip(P, 1e-7, 1 - 1e-7))).sum(axis=1).mean(),
    added_and_meant=lambda P, Y: -(Y * np.log(P + 1e-15)).mean(),
    machine=lambda P, Y: -(Y * np.log(P + np.finfo(float).eps)).sum() / len(P),
)
wrong(LOSS, "N", total=lambda P, Y: -np.log(P[Y == 1]).sum())
wrong(LOSS, "1/m", all_entries=lambda P, Y: -np.log(np.where(Y > 0, P, 1)).mean())
wrong(LOSS, "-1", no_minus=lambda P, Y: np.log(P[Y == 1]).mean())
wrong(LOSS, "bits", log2=lambda P, Y: -np.log2(P[Y == 1]).mean())
wrong(LOSS, "mean first", mean_first=lambda P, Y: -np.log(P[Y == 1].mean()))
wrong(LOSS, "product", likelihood_itself=lambda P, Y: P[Y == 1].prod())
wrong(LOSS, "no log", no_log=lambda P, Y: P[Y == 1].mean(), to_one=lambda P, Y: (1 - P[Y == 1]).mean())
wrong(LOSS, "no y", all_classes=lambda P, Y: -np.log(P).sum(axis=1).mean())
wrong(
    LOSS,
    "shape",
    each_example=lambda P, Y: -np.log(of_the_right(P, Y)),
    each_class=lambda P, Y: -np.log(np.where(Y > 0, P, 1)).sum(axis=0),
    terms=lambda P, Y: -np.log(np.where(Y > 0, P, 1)),
)
wrong(LOSS, "unexplained", constant=lambda P, Y: np.log(3), rounded=lambda P, Y: np.round(-np.log(P[Y == 1]).mean(), 1))
