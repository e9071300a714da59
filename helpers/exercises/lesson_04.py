"""Lesson 4: the loss of a batch."""

import numpy as np

from helpers.cross_entropy import categorical_crossentropy, one_hot
from helpers.exercises.exercise import Exercise, Factor, Idea
from helpers.exercises.problems import Given
from helpers.softmax import softmax

SCORES = np.random.default_rng(4).normal(scale=1.5, size=(5, 4))
ZEROS, TINY = np.array([[0.3, 0.7, 0], [0, 0.2, 0.8]]), np.array([[1, 1e-20], [0.4, 0.6], [0.1, 0.9]])
PROBLEMS = (
    Given("activations of all sizes", "N m", A=softmax(SCORES[:, :3]), Y=one_hot([2, 1, 1, 0, 2], 3)),
    Given("one example only", "N m", A=softmax(SCORES[:1]), Y=one_hot([3], 4)),
    Given("two wrong classes have the activation 0", "N m", A=ZEROS, Y=one_hot([1, 1], 3)),
    Given("one right class has the activation 1e-20", "N m", A=TINY, Y=one_hot([1, 0, 1], 2)),
    Given("as many examples as classes", "N m", A=softmax(SCORES[1:]), Y=one_hot([2, 3, 0, 1], 4)),
)


def idea(key, sentence, loss):
    """A wrong idea by the number it returns, or numbers, from A, Y and the activations of the right classes."""
    return Idea(key, sentence, lambda p: {"loss": np.array(loss(p.A, p.Y, p.A[p.Y == 1]))})


batch_loss = Exercise(
    "batch_loss", parameters=("A", "Y"), returns={"loss": ""}, problems=PROBLEMS,
    asked=lambda p: {"loss": np.array(categorical_crossentropy(p.A, p.Y))},
    ideas=(
        idea("0 log 0", "A wrong class with a = 0 makes it nan, 0 times minus infinity. Such a term should count 0.",
             lambda A, Y, right: -(Y * np.log(A)).sum() / len(A)),
        *(idea("tiny", "Is something tiny added to A, or A cut off? A right class with a = 1e-20 costs 46, not less.",
               lambda A, Y, right, k=k: -np.log(right + 10.0**-k).mean()) for k in (*range(5, 20), 15.6536)),
        idea("mean first", "The mean is taken before the logarithm: each example has a logarithm of its own.",
             lambda A, Y, right: -np.log(right.mean())),
        idea("product", "It is the likelihood, the product of all probabilities. Where is its logarithm?",
             lambda A, Y, right: right.prod()),
        idea("no log", "It is made of the right classes' probabilities, but the logarithm is missing.",
             lambda A, Y, right: [right.mean(), -right.mean(), 1 - right.mean()]),
        idea("no y", "Every class is in the sum, right or wrong: Y is missing.",
             lambda A, Y, right: -np.log(A).sum() / len(A)),
    ),
    factors=(Factor("-1", "The sign is wrong: logarithms of probabilities are negative, losses are not.", lambda p: -1),
             Factor("N", "It adds over the examples. The loss of a batch is their mean.", lambda p: len(p.A)),
             Factor("bits", "It is the loss in bits: the course takes the natural logarithm.", lambda p: 1 / np.log(2)),
             Factor("1/m", "It divides by all N·m entries, but only N examples count.", lambda p: 1 / p.A.shape[1])),
    shapes=(("loss", "N", "One loss for each example: a batch has one, their mean."),
            ("loss", "N m", "These are the terms of equation (4), before they are added.")),
    where="one logarithm an example: section 2; their mean: section 3",
    hints=("Of each row of A the loss reads a single entry. Which one, and what in Y picks it?",
           "Zeros of wrong classes: let Y do its work before the logarithm, so that the logarithm never sees them.",
           "A * Y leaves one entry a row. What is its sum along axis=1?"),
)  # fmt: skip
