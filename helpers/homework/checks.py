"""The five exercises: what each function takes and returns, its hints, and its check."""

from dataclasses import dataclass

import numpy as np

from helpers.homework import problems
from helpers.homework.answers import Found, Student, wrong
from helpers.homework.descent import Loop
from helpers.homework.ideas import Part
from helpers.homework.panel import Result
from helpers.homework.slopes import STEP_PARTS, Run, step_finding

ALSO = "inputs unchanged, the same answer for the same input"


@dataclass(frozen=True)
class Exercise:
    """One function of the homework."""

    name: str
    parameters: tuple
    returns: str
    where: str
    shown: str
    hints: tuple
    parts: tuple
    names: tuple
    arguments: callable = None


def one(problem):
    """x, a, y of a problem with one example."""
    return problem.X[0], problem.A[0], problem.Y[0]


EXERCISES = {
    exercise.name: exercise
    for exercise in (
        Exercise(
            name="bias_gradient",
            parameters=("a", "y"),
            returns="an array of shape (m,): the slope of one example's loss by each bias",
            where="how b enters the score: equation (9), lesson 6; how the loss answers the score: lesson 5",
            shown="right on 8 problems with one example",
            hints=(
                "Nudge one bias b_j and leave everything else. Which of the scores z_1, ..., z_m move, and how much? "
                "Equation (9) answers both.",
                "Write the chain rule from L through the scores to b_j: a sum over all scores, as in equation (6). "
                "How many of its terms are not zero?",
                "The other factor, how the loss answers the score, is the result of lesson 5. It holds only a and y.",
            ),
            parts=(Part(1, "your answer"),),
            names=("dL/db",),
            arguments=lambda p: one(p)[1:],
        ),
        Exercise(
            name="weight_gradient",
            parameters=("x", "a", "y"),
            returns="an array of shape (m, n): the slope of one example's loss by each weight",
            where="how w_ji enters the score: equation (9), lesson 6; how the loss answers the score: lesson 5",
            shown="right on 8 problems with one example",
            hints=(
                "Nudge one weight w_ji and leave everything else. Which score moves? By how much, for a nudge of 1? "
                "Equation (9) answers both.",
                "The chain rule again: the slope by the score that moves, times how much it moves. "
                "Write it down for w_12 and for w_21.",
                "One number for each pair (class j, feature i). Two loops fill the table; "
                "then look for a NumPy function that makes a table from two vectors.",
            ),
            parts=(Part(0, "your answer"),),
            names=("dL/dW",),
            arguments=one,
        ),
        Exercise(
            name="batch_gradients",
            parameters=("X", "A", "Y"),
            returns="two arrays, shapes (m, n) and (m,): the means of the examples' slopes by W and by b",
            where="the mean over the batch: lesson 6; the slopes of one example: the two exercises before",
            shown="right on 8 batches of one to five examples",
            hints=(
                "The loss of a batch is the mean of its examples' losses. What does that make of its slope?",
                "A right answer is a loop over the N rows that calls your two functions, adds, and divides once.",
                "Without a loop: the sum over the examples is what a matrix product does with the axis of length N. "
                "Which factor has to be transposed, so that N meets N and (m, n) is left?",
            ),
            parts=(Part(0, "your dL/dW"), Part(1, "your dL/db")),
            names=("dL/dW", "dL/db"),
            arguments=lambda p: (p.X, p.A, p.Y),
        ),
        Exercise(
            name="sgd_step",
            parameters=("W", "b", "X", "Y", "learning_rate"),
            returns="two new arrays (W, b): one step against the mean slope of the batch",
            where="scores and activations from W, b, X: lesson 6; the slopes: batch_gradients; a step: lesson 5",
            shown="right on 8 batches with learning rates from 0.1 to 3",
            hints=(
                "The slopes need the activations. From X, W and b to A it is the forward model of lesson 6.",
                "The slope points to where the loss increases. Which way do you go, and how far?",
                "Work out both slopes first, then make two new arrays. The arguments W and b stay as they are.",
            ),
            parts=STEP_PARTS,
            names=("W", "b"),
            arguments=lambda p: (p.W, p.b, p.X, p.Y, p.learning_rate),
        ),
        Exercise(
            name="sgd",
            parameters=("W", "b", "X", "Y", "learning_rate", "epochs", "batch_size", "rng"),
            returns="(W, b) after all epochs: each visits every example once, in mini-batches, in an order from rng",
            where="one step: sgd_step; the rules of the loop: the docstring of sgd",
            shown="right with one batch and with several, with a smaller last batch, over several epochs; "
            "each epoch in a new order from rng",
            hints=(
                "Two loops: epochs outside, mini-batches inside. Each mini-batch is one call of sgd_step.",
                "Once per epoch draw the numbers 0 ... N-1 in random order: rng.permutation(N). "
                "Pick the rows of X and of Y with the same numbers.",
                "Slices order[k : k + batch_size] with k = 0, batch_size, 2 batch_size, ... cover everything; "
                "the last one becomes shorter by itself.",
            ),
            parts=STEP_PARTS,
            names=("W", "b"),
        ),
    )
}


class StepRun(Run):
    """The run of sgd_step: what comes back is W and b, not slopes."""

    def values(self, answers):
        """Compare the steps with steps down the measured slope."""
        infinite, k = self.finite(answers)
        if infinite:
            raise wrong(infinite, self.tried[k], *self.changed())
        lines, off = step_finding(self.problems, [answer.arrays for answer in answers])
        if lines:
            raise wrong(*lines, self.tried[off], *self.changed())


def twin():
    """A batch of the same shapes as the first, with other numbers."""
    return problems.make("numbers of both signs", 8, m=3, n=4, N=5)


def finding(exercise, function):
    """(outcome, lines, arguments of the call that the lines speak of)."""
    student = None
    try:
        student = Student(exercise.name, exercise.parameters, function)
        if exercise.name == "sgd":
            remark = Loop(exercise, student).check()
        elif exercise.name == "sgd_step":
            remark = StepRun(exercise, student, [*problems.batches(), twin()]).check()
        elif exercise.name == "batch_gradients":
            remark = Run(exercise, student, [*problems.batches(), twin()]).check()
        else:
            remark = Run(exercise, student, list(problems.singles())).check()
    except Found as found:
        inputs = student.inputs if student else {}
        tried = next((inputs[line] for line in found.lines if line in inputs), {})
        return found.outcome, found.lines, {k: v for k, v in tried.items() if k != "rng"}
    return "passed", tuple(line for line in (f"Shown: {exercise.shown}; {ALSO}.", remark) if line), {}


def check(name, function):
    """The Result of checking a function as the exercise `name`. Never raises."""
    exercise = EXERCISES[name]
    try:
        with np.errstate(all="ignore"):
            outcome, lines, tried = finding(exercise, function)
    except Exception as error:  # an object that breaks even the reading of it
        outcome, tried = "wrong", {}
        lines = (f"What it returns could not be examined ({type(error).__name__}): return plain arrays.",)
    if outcome == "not attempted":
        lines = (*lines, f"Write {name}({', '.join(exercise.parameters)}). It returns {exercise.returns}.")
    if outcome == "wrong":
        lines = (*lines, f"Where to look: {exercise.where}.")
    return Result(name, outcome, tuple(lines), exercise.hints if outcome != "passed" else (), tried)


def check_bias_gradient(function):
    """Check bias_gradient(a, y) against measured slopes; returns a Result."""
    return check("bias_gradient", function)


def check_weight_gradient(function):
    """Check weight_gradient(x, a, y) against measured slopes; returns a Result."""
    return check("weight_gradient", function)


def check_batch_gradients(function):
    """Check batch_gradients(X, A, Y) against measured slopes; returns a Result."""
    return check("batch_gradients", function)


def check_sgd_step(function):
    """Check sgd_step(W, b, X, Y, learning_rate) against measured slopes; returns a Result."""
    return check("sgd_step", function)


def check_sgd(function):
    """Check sgd(W, b, X, Y, learning_rate, epochs, batch_size, rng) against simulated runs; returns a Result."""
    return check("sgd", function)
