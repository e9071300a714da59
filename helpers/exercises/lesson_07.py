"""Lesson 7: the gradients of one example and of a batch, one step, and the loop. The student writes all five."""

import numpy as np

from helpers.exercises import loop
from helpers.exercises.exercise import Exercise
from helpers.exercises.ideas import FACTORS, IDEAS, NAMES, STEP_FACTORS, STEP_IDEAS
from helpers.exercises.problems import BATCHES

GRID = "there is one slope for every weight w_ji, a row for each class and a column for each feature."
SHAPES = (
    ("dL/dW", "n m", "It looks transposed: the slope has the shape of W."),
    ("dL/dW", "m·n", "It is flat: keep the shape of W."),
    ("dL/dW", "m n+1", "There is a column too many: the bias has a slope of its own, so x gets no extra 1 here."),
    ("dL/dW", "N m n", "It holds one matrix per example: take the mean over the batch."),
    ("dL/dW", ", m, n, N", f"A sum too many, an elementwise product, or another order of the two; {GRID}"),
    ("dL/dW", "m m, n n, N N, N m, N n, m N, n N", f"The wrong axis is summed or kept; {GRID}"),
    ("dL/db", ", 1", "It is one number: a sum over too much. Each class keeps its own entry."),
    ("dL/db", "m m", "Two vectors were spread into a table, (m,) against (m, 1): each class has one entry."),
    ("dL/db", "N m, m N", "It holds one row per example: take the mean over the batch. Which axis counts it?"),
    ("dL/db", "N, N 1, 1 N", "The wrong axis is summed: it has one entry per example, but each class needs its own."),
    ("dL/db", "m n, n m, n", "A bias has no features: each class has one entry."),
)
SLOPES = {"problems": BATCHES, "asked": lambda p: p.slopes, "ideas": IDEAS, "factors": FACTORS, "shapes": SHAPES}


def only(name):
    """One of the two slopes, of one example: there is no axis of examples."""
    return SLOPES | {
        "parameters": ("W", "b", "x", "y"),
        "problems": tuple(problem.examples[0] for problem in BATCHES),
        "asked": lambda problem: {name: problem.slopes[name]},
        "ideas": tuple(idea for idea in IDEAS if idea.key != "softmax over examples"),
        "where": "how b and w_ji enter the score: equation (9), lesson 6; how the loss responds to the score: lesson 5",
    }


bias_gradient = Exercise(
    "bias_gradient", returns={"dL/db": "m"}, **only("dL/db"),
    hints=("Nudge one bias b_j and leave everything else. Which scores move, and how much? Equation (9) answers both.",
           "Write the chain rule from L through all scores to b_j, as in equation (6). How many terms are not zero?",
           "The other factor, how the loss responds to the score, is the result of lesson 5. "
           "W, b and x give the scores."),
)  # fmt: skip

weight_gradient = Exercise(
    "weight_gradient", returns={"dL/dW": "m n"}, builds_on=(bias_gradient,), **only("dL/dW"),
    given=lambda p, bias: p.carried_back(np.atleast_2d(bias(p.W, p.b, p.x, p.y))),
    hints=("Nudge one weight w_ji by 1 and leave everything else. Which score moves, and how much? "
           "Equation (9) says it.",
           "The chain rule again: the slope at the score that moves, times how much it moves. "
           "Write w_12 and w_21 down.",
           "One number for each pair (class j, feature i). Two loops fill the table."),
)  # fmt: skip


def mean_of_examples(problem, weight, bias):
    """The mean of what the student's functions for one example return."""
    ones = [(weight(p.W, p.b, p.x, p.y), bias(p.W, p.b, p.x, p.y)) for p in problem.examples]
    return {name: sum(one[k] for one in ones) / len(ones) for k, name in enumerate(NAMES)}


batch_gradients = Exercise(
    "batch_gradients", parameters=("W", "b", "X", "Y"), returns={"dL/dW": "m n", "dL/db": "m"}, **SLOPES,
    builds_on=(weight_gradient, bias_gradient), given=mean_of_examples,
    where="the mean over the batch: lesson 6; the slopes of one example: the two exercises before",
    hints=("The loss of a batch is the mean of its examples' losses. What does that make of its slope?",
           "A right answer is a loop over the N rows that calls your two functions, adds, and divides once.",
           "Without a loop: a matrix product sums over the axis that its factors share. Which axis must disappear?"),
)  # fmt: skip


def went_down(problem, new):
    """The slopes that a step went down, from the W and b it returned."""
    pairs = zip(NAMES, (problem.W, problem.b), new, strict=True)
    return {name: (old - after) / problem.learning_rate for name, old, after in pairs}


STEP = {**SLOPES, "returns": {"W": "m n", "b": "m"}, "reading": went_down, "ideas": STEP_IDEAS, "factors": STEP_FACTORS}

sgd_step = Exercise(
    "sgd_step", parameters=("W", "b", "X", "Y", "learning_rate"), builds_on=(batch_gradients,), **STEP,
    given=lambda p, batch: dict(zip(NAMES, batch(p.W, p.b, p.X, p.Y), strict=True)),
    where="scores and activations from W, b, X: lesson 6; the slopes: batch_gradients; a step: lesson 5",
    otherwise="The step does not go down what is measured, the slope of the batch's mean loss at the given W and b.",
    hints=("What does a step need to know that W and b do not say? You have a function that gives it.",
           "The slope points to where the loss increases. Which way do you go, and how far?",
           "Work out both slopes first, then make two new arrays. The arguments W and b stay as they are."),
)  # fmt: skip

sgd = Exercise(
    "sgd", parameters=("W", "b", "X", "Y", "learning_rate", "epochs", "batch_size", "rng"), **STEP,
    builds_on=(sgd_step,), given=lambda p, step: went_down(p, step(p.W, p.b, p.X, p.Y, p.learning_rate)),
    where="one step: sgd_step; the rules of the loop: the docstring of sgd", trial=loop.LoopTrial,
    otherwise="With epochs = 1 and batch_size = N the loop makes one step, and it does not go down the measured slope.",
    hints=("Two loops: epochs outside, mini-batches inside. Each mini-batch is one call of sgd_step.",
           "Once per epoch draw an order of 0 ... N-1: rng.permutation(N). "
           "Pick the rows of X and of Y with the same one.",
           "Cut the order into pieces of batch_size. What should the last piece hold when N is no multiple of it?"),
)  # fmt: skip
