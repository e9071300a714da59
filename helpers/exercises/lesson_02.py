"""Lesson 2: a column of the Jacobian of softmax."""

import numpy as np

from helpers import numerical
from helpers.exercises.exercise import Exercise, Factor, Idea
from helpers.exercises.problems import Given
from helpers.softmax import softmax

PROBLEMS = tuple(
    Given(f"score {j + 1} of {len(z)} is nudged", "m", z=np.array(z), j=j)
    for z, j in (([2.0, 1.0, -1.0], 1), ([0.5, -1.0, 2.0, 0.0], 3), ([1.0, -0.5], 0), ([-1.0, 0.3, 0.8, 0.1, 1.5], 2))
)


def idea(key, sentence, column):
    """A wrong idea from all slopes, measured, and the a_k, a_j and delta_jk of equation (2)."""
    parts = lambda z, a, j: (numerical.jacobian(softmax, z), a, a[j], np.eye(len(z))[j])  # noqa: E731
    return Idea(key, sentence, lambda p: {"da/dz_j": column(*parts(p.z, softmax(p.z), p.j))})


jacobian_column = Exercise(
    "jacobian_column", parameters=("z", "j"), returns={"column": "m"}, problems=PROBLEMS,
    asked=lambda p: {"da/dz_j": numerical.jacobian(softmax, p.z)[:, p.j]},
    ideas=(
        idea("own score", "Only entry j is not 0. But a nudge of z_j moves every a_k.", lambda J, a, a_j, d: J @ d * d),
        idea("no δ", "Entry j is wrong: δ_jk is missing. It is 1 there.", lambda J, a, a_j, d: -a * a_j),
        idea("δ = 1", "δ_jk is 1 only where k = j; here it is 1 in every entry.", lambda J, a, a_j, d: a * (1 - a_j)),
        idea("diagonal", "Entry k is for a nudge of its own score. Nudge z_j alone.", lambda J, a, a_j, d: np.diag(J)),
        idea("no a_k", "This is how log a_k moves: multiply it by a_k.", lambda J, a, a_j, d: d - a_j),
        idea("a_j twice", "The factor before the bracket belongs to class k.", lambda J, a, a_j, d: a_j * (d - a_j)),
        idea("a_k twice", "What is subtracted in the bracket belongs to class j.", lambda J, a, a_j, d: a * (d - a)),
        idea("plus", "The bracket adds a_j, but the other classes must lose.", lambda J, a, a_j, d: a * (d + a_j)),
        idea("neighbour", "It is the column of a neighbour: j counts from 0, like every index in Python.",
             lambda J, a, a_j, d: np.stack([J @ np.roll(d, -1), J @ np.roll(d, 1)])),
        idea("change", "It is how far each a_k moved, not how fast: divide by the nudge and let it shrink.",
             lambda J, a, a_j, d: np.stack([softmax(np.log(a) + h * d) - a for h in (1, 0.1, 0.01)])),
    ),
    factors=(Factor("-1", "The sign is opposite.", lambda p: -1),),
    shapes=(("da/dz_j", "m m", "It is the whole Jacobian: return the column of z_j."),
            ("da/dz_j", "", "It is one slope, but a nudge of z_j moves all m probabilities.")),
    where="equation (2), section 3",
    hints=("In a column j stays the same. Which parts of equation (2) change with k, and which is one number?",
           "Compute a once. Then a is all the a_k, and a[j] is the number a_j.",
           "δ_jk for all k is an array of m zeros with a single 1, at place j."),
)  # fmt: skip
