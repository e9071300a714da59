"""Lesson 1: softmax of a batch."""

import numpy as np

from helpers.exercises.exercise import Exercise, Idea
from helpers.exercises.problems import Given
from helpers.softmax import sigmoid, softmax

SCORES = np.random.default_rng(1).normal(scale=2, size=(4, 4))
PROBLEMS = (
    Given("as many examples as classes", "N m", Z=SCORES[:3, :3]),
    Given("numbers of both signs", "N m", Z=SCORES[:, :3]),
    Given("more classes than examples", "N m", Z=SCORES[:2]),
    Given("scores near 1000", "N m", Z=SCORES[:2, :3] + 1000),
    Given("one example near 1000, the other near 0", "N m", Z=SCORES[:2, :3] + [[1000], [0]]),
)


def exponentials(p):
    """Of the scores: plain, and after a maximum was subtracted, that of all, of each column, of each row."""
    return [np.exp(p.Z), *(np.exp(p.Z - p.Z.max(axis=axis, keepdims=True)) for axis in (None, 0, 1))]


def shares(numbers, axis=-1):
    """Numbers divided by their sum along an axis; NaN where they are too large or all 0."""
    return numbers / numbers.sum(axis=axis, keepdims=True)


def along(axis):
    """Alternatives: exponentials, shifted in any way, divided by their sum along a wrong axis."""
    return lambda p: {"A": np.stack([shares(e, axis) for e in exponentials(p)])}


softmax_rows = Exercise(
    "softmax_rows", parameters=("Z",), returns={"A": "N m"}, problems=PROBLEMS, asked=lambda p: {"A": softmax(p.Z)},
    ideas=(
        Idea("no shift", "Right for small scores, but e^710 does not fit a double: subtract each row's maximum first.",
             lambda p: {"A": shares(exponentials(p)[0])}),
        Idea("one maximum", "One maximum for the whole batch: e^-1000 is rounded to 0, so the small row is 0 / 0. Each "
             "row needs its own maximum.", lambda p: {"A": shares(exponentials(p)[1])}),
        Idea("keepdims", "The sum of each row divides a column: without keepdims=True it lies the wrong way.",
             lambda p: {"A": np.stack([e / np.resize(e.sum(axis=-1), e.shape[1]) for e in exponentials(p)])}),
        Idea("axis 0", "Each column sums to 1: the sum runs over the examples. Each row needs its own sum.", along(0)),
        Idea("all at once", "All entries together sum to 1. Each example, a row, needs a sum of its own.", along(None)),
        Idea("no exp", "It divides the scores themselves by their sum: the exponential is missing.",
             lambda p: {"A": shares(p.Z)}),
        Idea("not divided", "The exponentials are not divided by their sum.",
             lambda p: {"A": np.stack(exponentials(p))}),
        Idea("sigmoid", "Each score is turned into a probability alone: the classes must share one sum.",
             lambda p: {"A": sigmoid(p.Z)}),
        Idea("certain", "The largest score gets 1 and the others 0: that is argmax, without the soft.",
             lambda p: {"A": np.isclose(p.Z, p.Z.max(axis=-1, keepdims=True)).astype(float)}),
    ),
    where="equation (1); a batch and large scores: section 4",
    hints=("Your line for one example divides by one number. A batch needs one number for each row.",
           "e.sum(axis=-1) has shape (N,). With keepdims=True it has shape (N, 1) and divides each row.",
           "Large scores: subtract each row's own maximum first, Z.max(axis=-1, keepdims=True)."),
)  # fmt: skip
