"""Lesson 6: the scores of a batch."""

import numpy as np

from helpers.exercises.exercise import Exercise, Idea
from helpers.exercises.problems import make
from helpers.softmax import softmax

PROBLEMS = (  # first those where all factors fit: there a mistake shows that stops with an error elsewhere
    *(make("m = n = N", seed, m=size, n=size, N=size) for seed, size in ((1, 3), (2, 4), (3, 2))),
    make("numbers of both signs", 4, m=3, n=2, N=4),
    make("as many examples as classes", 6, m=3, n=2, N=3),
    make("one example only", 7, m=4, n=3, N=1),
    make("m = n = N", 8, m=3, n=3, N=3),
)


def scores(W=lambda p: p.W.T, b=lambda p: p.b):
    """The scores from another W of shape (n, m), and another b that is added."""
    return lambda p: {"Z": p.X @ W(p) + b(p)}


batch_scores = Exercise(
    "batch_scores", parameters=("W", "b", "X"), returns={"Z": "N m"}, problems=PROBLEMS, asked=lambda p: {"Z": p.Z},
    ideas=(
        Idea("not transposed", "A transpose is missing: score j uses column j of W, where row j belongs to class j.",
             scores(lambda p: p.W if len(p.W) == len(p.W.T) else p.W.T)),
        Idea("reshaped", "reshape cuts the same numbers into other rows: it does not make columns of them.",
             scores(lambda p: p.W.reshape(p.W.T.shape))),
        Idea("no bias", "The bias is missing.", scores(b=lambda p: 0)),
        Idea("one bias per example", "The bias goes along the examples: it belongs to the class, whatever the example.",
             scores(b=lambda p: np.resize(p.b, (len(p.X), 1)))),
        Idea("bias subtracted", "The bias is subtracted.", scores(b=lambda p: -p.b)),
        Idea("bias multiplied", "The sum is multiplied by the bias.", lambda p: {"Z": (p.Z - p.b) * p.b}),
        Idea("bias n times", "The bias is added with every feature.", scores(b=lambda p: p.b * p.sizes["n"])),
        Idea("one bias for all", "All classes get the same bias: class j has its own, b[j].",
             lambda p: {"Z": np.stack([p.Z - p.b + c for c in (p.b.sum(), p.b.mean(), *p.b[[0, -1]])])}),
        Idea("one example", "All rows are those of one example: each example has features of its own.",
             lambda p: {"Z": np.stack([np.tile(z, (len(p.X), 1)) for z in p.Z])}),
        Idea("one feature", "Only one feature is left of the sum over i. Is += written as =?",
             lambda p: {"Z": np.stack([p.X[:, [i]] * p.W[:, i] + b for i in (0, -1) for b in (p.b, 0)])}),
        Idea("added first", "Features and weights are added before they are multiplied: w_ji meets its own x_i.",
             lambda p: {"Z": p.X.sum(axis=1, keepdims=True) * p.W.sum(axis=1) + p.b}),
        Idea("softmax", "These are probabilities: it is one step too far.", lambda p: {"Z": softmax(p.Z)}),
    ),
    shapes=(("Z", "m N", "Examples run along the columns: one row per example is asked for."),
            ("Z", "m", "These are the scores of one example: X holds N."),
            ("Z", "N", "One number per example: but each class has a score of its own."),
            ("Z", "N m n, N n m, n N, N n, m n", "The sum over i is missing: n should be gone.")),
    where="equation (9), for each row of X",
    hints=("Write the shapes of X and W side by side. Over which axis of each does (9) sum?",
           "A matrix product sums over the last axis of its first factor and the first axis of its second.",
           "What is added to an array of shape (N, m) and has shape (m,) is added to every row."),
)  # fmt: skip
