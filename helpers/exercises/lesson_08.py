"""Lesson 8: the gradient of a batch of yes/no answers."""

import numpy as np

from helpers.cross_entropy import binary_crossentropy
from helpers.exercises.exercise import Exercise, Factor, Idea
from helpers.exercises.ideas import with_sign
from helpers.exercises.problems import Given
from helpers.numerical import gradient
from helpers.softmax import sigmoid, softmax

Z = np.random.default_rng(8).normal(scale=2, size=(4, 4))
Y = np.array([[1.0, 0, 1, 0], [0, 0, 0, 1], [1, 1, 0, 0], [0, 1, 1, 1]])
PROBLEMS = (
    Given("any number of ones in a row", "N m", Z=Z[:, :3], Y=Y[:, :3]),
    Given("more questions than examples", "N m", Z=Z[2:], Y=Y[2:]),
    Given("one example with three times no", "N m", Z=Z[1:2, 1:], Y=Y[1:2, :3]),
    Given("as many examples as questions", "N m", Z=Z, Y=Y),
)


def asked(p, change=0, factor=1):
    """The slope of the mean loss, measured; for an idea, changed in each example's part, and times a factor."""
    measured = gradient(lambda z: binary_crossentropy(sigmoid(z), p.Y), p.Z)
    return {"dL/dZ": (measured + change / len(p.Z)) * factor}


questions_gradient = Exercise(
    "questions_gradient", parameters=("Z", "Y"), returns={"dL/dZ": "N m"}, problems=PROBLEMS, asked=asked,
    ideas=(
        Idea("softmax", "It is made with softmax, but the answers of a row need not share a sum of 1.",
             lambda p: asked(p, softmax(p.Z) - sigmoid(p.Z))),
        Idea("no sigmoid", "The sigmoid is missing: scores stand where probabilities belong.",
             lambda p: asked(p, p.Z - sigmoid(p.Z))),
        Idea("no y", "The answers Y are missing.", lambda p: asked(p, p.Y)),
        Idea("a (1 - a)", "A factor a (1 - a) too many: it belongs to the squared error, and here it cancels.",
             lambda p: asked(p, factor=np.stack([sigmoid(p.Z) * sigmoid(-p.Z) * c for c in (1, 2)]))),
        Idea("stops at dL/da", "It is dL/da alone: the sigmoid between z and a is missing from the chain.",
             lambda p: asked(p, factor=1 / (sigmoid(p.Z) * sigmoid(-p.Z)))),
        Idea("yes alone", "Only a yes counts. The loss has a second term, which speaks for a no.",
             lambda p: asked(p, factor=p.Y)),
        Idea("categorical", "It is the slope of the categorical loss, with softmax, where a no counts for nothing.",
             lambda p: {"dL/dZ": gradient(lambda z: -(p.Y * np.log(softmax(z))).sum() / len(z), p.Z)}),
    ),
    factors=with_sign("The sign is opposite.", (
        Factor("N", "It is a sum over the examples, but the loss is their mean.", lambda p: len(p.Z)),
        Factor("1/m", "It is divided by m too, as in Keras. Here questions are summed.", lambda p: 1 / len(p.Z.T)),
        Factor("N/m", "It is divided by m, but the mean runs over the N examples.", lambda p: len(p.Z) / len(p.Z.T)),
    )),
    shapes=(("dL/dZ", "m N", "It looks transposed: the slope has the shape of Z."),
            ("dL/dZ", "N, m, ", "Something is summed, but each score of each example has a slope of its own.")),
    where="one question: section 1; a row of questions and the mean over the batch: section 2",
    hints=("How many of the numbers in Z change the answer to one question about one picture?",
           "So section 1 gives every entry of the result, but for one factor. What does the mean divide by?",
           "No loop and no sum are needed: each step can take the whole array."),
)  # fmt: skip
