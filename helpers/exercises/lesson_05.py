"""Lesson 5: the factors of equations (6) to (8), one by one, and what they add up to."""

import numpy as np

from helpers import numerical
from helpers.cross_entropy import categorical_crossentropy, one_hot, softmax_crossentropy
from helpers.exercises.exercise import Exercise, Factor, Idea
from helpers.exercises.problems import Given
from helpers.softmax import softmax

PROBLEMS = tuple(
    Given(f"class {k + 1} of {len(z)} is right", "m", z=np.array(z), y=one_hot(k, len(z)))
    for z, k in (([2.0, 1.0, -1.0], 1), ([0.5, -1.0, 2.0, 0.0], 3), ([1.0, -0.5], 0), ([-1.0, 0.3, 0.8], 0))
)


def asked(p):
    """The slopes of both steps and of their chain, measured."""
    return {
        "dL/da": numerical.gradient(lambda a: categorical_crossentropy(a, p.y), softmax(p.z)),
        "da/dz": numerical.jacobian(softmax, p.z),
        "dL/dz": numerical.gradient(lambda z: softmax_crossentropy(z, p.y), p.z),
    }


chain_rule = Exercise(
    "chain_rule", parameters=("z", "y"), returns={"dL/da": "m", "da/dz": "m m", "dL/dz": "m"},
    problems=PROBLEMS, asked=asked,
    ideas=(
        Idea("no y", "y is missing: only the right class stands in the loss.", lambda p: {"dL/da": -1 / softmax(p.z)}),
        Idea("no 1/a", "The derivative of the logarithm is missing.", lambda p: {"dL/da": -p.y}),
        Idea("scores", "The scores z stand where the activations belong: a = softmax(z) comes first.",
             lambda p: {"dL/da": -p.y / p.z, "da/dz": np.diag(p.z) - p.z[:, None] * p.z}),
        Idea("k = j alone", "A nudge of z_j moves every a_k: the sum in (6) has m terms.",
             lambda p: {"da/dz": np.eye(len(p.z)) * asked(p)["da/dz"],
                        "dL/dz": np.diag(asked(p)["da/dz"]) * asked(p)["dL/da"]}),
        Idea("off the diagonal", "The entries with j = k lack a_k: δ_jk is 1 there.",
             lambda p: {"da/dz": -softmax(p.z)[:, np.newaxis] * softmax(p.z)}),
        Idea("added first", "The da_k/dz_j are added before they are multiplied: each da_k/dz_j has to meet its own "
             "dL/da_k first.", lambda p: {"dL/dz": 0 * p.z}),
        Idea("not multiplied", "It is dL/da alone: multiply by da/dz and add.", lambda p: {"dL/dz": asked(p)["dL/da"]}),
        Idea("no label", "It is a alone, the same whichever class is right: where does y come in?",
             lambda p: {"dL/dz": softmax(p.z)}),
    ),
    factors=(Factor("-1", "The sign is opposite.", lambda p: -1),),
    shapes=(("dL/dz", "m m", "The products are not added yet: (6) has one sum over k for each j."),
            ("dL/dz", "", "One number: add over k alone, so that every j keeps a slope of its own.")),
    where="dL/da: equation (5), lesson 4; da/dz: equation (2), lesson 2; dL/dz: equation (6)",
    hints=("Equations (5) and (2) need the activations. Which function gives them from z?",
           "Equation (6) is one sum over k for each j. Write it for j = 1 and m = 2.",
           "A sum over the first index of the matrix: which of v @ M and M @ v adds over it?"),
)  # fmt: skip
