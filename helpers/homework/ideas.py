"""The wrong ideas that have a name: the quantity each leads to, measured by centred differences, and what to say.

The sentences hold "{yours}" where the student's answer is to be named.
"""

from dataclasses import dataclass

import numpy as np

from helpers.cross_entropy import categorical_crossentropy_grad, sigmoid_crossentropy, softmax_crossentropy
from helpers.softmax import softmax, softmax_jacobian


@dataclass(frozen=True)
class Part:
    """One of the two slopes, and how the sentences speak of an answer for it."""

    index: int  # 0 for W, 1 for b: its place in (W, b)
    yours: str
    step: bool = False  # the answer is a step, divided by minus the learning rate

    @property
    def letter(self):
        """The parameter it belongs to."""
        return "Wb"[self.index]


@dataclass(frozen=True)
class Idea:
    """A wrong idea: the quantity an answer equals if somebody had it, and what to say to them."""

    sentence: str
    quantity: callable  # problem -> (by W, by b)
    parts: str = "Wb"
    signed: bool = True  # whether a factor -1 says anything


# ---------------------------------------------------------------- factors of the slope

# A factor that depends on the problem, and what it says. The learning rate lr counts for steps only.
MEAN = "where the mean divides by N, the number of examples."
NO_RATE = "The learning rate has no effect on your step: multiply the slope by learning_rate."
SIZES = (
    (
        lambda m, n, N, lr: N,
        "{yours} is too large by the factor N, the number of examples: it is a sum over the examples, "
        "but the loss is their mean. Where do you divide by N?",
    ),
    (lambda m, n, N, lr: 1 / N, "{yours} is too small by the factor N: it is divided by N once more than the mean is."),
    (lambda m, n, N, lr: 1 / N**2, "{yours} is too small by the factor N squared: divide by N once."),
    (
        lambda m, n, N, lr: m,
        "{yours} is too large by the factor m, the number of classes: nothing here is summed over them.",
    ),
    (lambda m, n, N, lr: 1 / m, "{yours} is too small by the factor m: a mean over the classes where none belongs."),
    (lambda m, n, N, lr: n, "{yours} is too large by the factor n, the number of features."),
    (lambda m, n, N, lr: 1 / n, "{yours} is too small by the factor n: a mean over the features where none belongs."),
    (lambda m, n, N, lr: N / m, f"{{yours}} is divided by m, the number of classes, {MEAN}"),
    (lambda m, n, N, lr: N / n, f"{{yours}} is divided by n, the number of features, {MEAN}"),
    (lambda m, n, N, lr: N / max(N - 1, 1), f"{{yours}} is divided by N - 1, {MEAN}"),
    (lambda m, n, N, lr: N / (N + 1), f"{{yours}} is divided by N + 1, {MEAN}"),
    (
        lambda m, n, N, lr: 1 / (m * n),
        "{yours} is too small by the factor m n: a mean over all entries where none belongs.",
    ),
    (lambda m, n, N, lr: 1 / (N * m), "{yours} is too small by the factors N and m: average over the examples, once."),
    (lambda m, n, N, lr: lr, "The learning rate is in your step twice (squared): multiply by learning_rate once."),
    (lambda m, n, N, lr: 1 / lr, NO_RATE),
    (lambda m, n, N, lr: 1 / lr**2, "Your step is divided by the learning rate: multiply the slope by learning_rate."),
    (lambda m, n, N, lr: N / lr, f"{NO_RATE} It is also the sum over the batch instead of the mean: too large by N."),
    (
        lambda m, n, N, lr: lr * N,
        "The learning rate is in your step twice, and it is a sum over the batch, not the mean.",
    ),
    (lambda m, n, N, lr: lr / N, "The learning rate is in your step twice, and it is divided by N once too often."),
)
UPHILL = "Your step goes uphill, along the slope instead of against it: the loss increases. Check the sign."
OPPOSITE = "The sign is opposite: {yours} is the measured slope times -1. Check which of two is subtracted from which."
OPPOSITE_TOO = "The sign is opposite too: check which of two is subtracted from which."


# ---------------------------------------------------------------- other quantities


def by_activations(p):
    """dL/da of each example, equation (5)."""
    return categorical_crossentropy_grad(p.A, p.Y) * len(p.X)


def own_nudge_only(p):
    """Equation (7) if only k = j counted: the diagonal of the Jacobian."""
    return by_activations(p) * np.diagonal(softmax_jacobian(p.Z), axis1=1, axis2=2)


def slopes_at(p, scores):
    """Slopes of the same loss, measured where the scores are other than the problem's."""
    return p.slopes_of(lambda z: softmax_crossentropy(scores + (z - p.Z), p.Y))


def squared(p, prediction):
    """Slopes of the squared error of a prediction from the scores."""
    return p.slopes_of(lambda z: ((prediction(z) - p.Y) ** 2).sum() / (2 * len(p.X)))


def other_labels(p, Y):
    """Slopes of the same loss with other labels."""
    return p.slopes_of(lambda z: softmax_crossentropy(z, Y))


CHAIN = "the chain rule goes on from a through the softmax to the scores (lesson 5)"
NO_X = "The input x is missing: {yours} has the same number in every column. How much does a nudge of w_ji move z_j?"
FACTOR = "There is a factor too many: {yours} is the measured slope multiplied by"

IDEAS = (
    Idea(
        "{yours} is the derivative of the score alone, from equation (9). That is one factor of the chain rule; "
        "the other one, how the loss answers the score, is missing.",
        lambda p: p.carried_back(np.ones_like(p.A)),
        signed=False,
    ),
    Idea("The label is missing: {yours} does not depend on the target y at all.", lambda p: p.carried_back(p.A)),
    Idea(
        f"{{yours}} is made of y alone. The activations a are missing: {CHAIN}, where every a_k depends on every z_j.",
        lambda p: p.carried_back(p.Y),
        signed=False,
    ),
    Idea(f"{{yours}} stops at equation (5), dL/da = -y/a: {CHAIN}.", lambda p: p.carried_back(by_activations(p))),
    Idea(
        "Only the right class has a slope in {yours}. The wrong classes' scores change the loss too.",
        lambda p: p.carried_back(own_nudge_only(p)),
    ),
    Idea(
        "The entry of the right class is missing, the negative one: its score changes the loss too.",
        lambda p: p.carried_back(p.score_slopes * (1 - p.Y)),
    ),
    Idea(
        f"{FACTOR} a (1 - a). That factor belongs to the squared error with a sigmoid; with cross entropy it cancels.",
        lambda p: p.carried_back(p.score_slopes * p.A * (1 - p.A)),
    ),
    Idea(
        "{yours} is the derivative of the activation of the right class, not of its logarithm: "
        "where is the factor of equation (5)?",
        lambda p: p.carried_back(-p.score_slopes * (p.A * p.Y).sum(axis=1, keepdims=True)),
    ),
    Idea(f"{FACTOR} a once more.", lambda p: p.carried_back(p.score_slopes * p.A)),
    Idea(f"{FACTOR} 1 - a.", lambda p: p.carried_back(p.score_slopes * (1 - p.A))),
    Idea(f"{FACTOR} 1 / a.", lambda p: p.carried_back(p.score_slopes / p.A)),
    Idea(f"{FACTOR} 1 / (a (1 - a)).", lambda p: p.carried_back(p.score_slopes / (p.A * (1 - p.A)))),
    Idea("{yours} is built from a (1 - a) alone: y is missing.", lambda p: p.carried_back(p.A * (1 - p.A))),
    Idea(
        "{yours} is built from the terms of the loss, y log a. Those are values of the loss, not its derivative.",
        lambda p: p.carried_back(p.Y * np.log(p.A)),
        signed=False,
    ),
    Idea(
        "{yours} is built from log a alone: a logarithm is left where its derivative belongs.",
        lambda p: p.carried_back(np.log(p.A)),
        signed=False,
    ),
    Idea(
        "{yours} holds log a in place of a: the logarithm belongs to the loss, not to its slope.",
        lambda p: p.carried_back(p.score_slopes + np.log(p.A) - p.A),
    ),
    Idea(
        "The number of the right class, np.argmax(y), stands in {yours} where the one-hot vector y belongs.",
        lambda p: p.carried_back(p.score_slopes + p.Y - p.Y.argmax(axis=1, keepdims=True)),
    ),
    Idea("{yours} is built from 1 - a alone: the label y is missing.", lambda p: p.carried_back(1 - p.A), signed=False),
    Idea(
        "The derivative has lost its signs: {yours} holds the size of each class's slope, without plus or minus.",
        lambda p: p.carried_back(abs(p.score_slopes)),
    ),
    Idea("Every class's slope is squared in {yours}.", lambda p: p.carried_back(p.score_slopes**2)),
    Idea(
        "{yours} keeps only the sign of each class's slope, not its size.",
        lambda p: p.carried_back(np.sign(p.score_slopes)),
    ),
    Idea(
        "The classes are in the wrong order: {yours} has the entries of the slope, shifted by one class. "
        "Classes count from 0 in NumPy.",
        lambda p: p.carried_back(np.roll(p.score_slopes, 1, axis=1)),
    ),
    Idea(
        "The classes are in the wrong order: {yours} has the entries of the slope, shifted by one class. "
        "Classes count from 0 in NumPy.",
        lambda p: p.carried_back(np.roll(p.score_slopes, -1, axis=1)),
    ),
    Idea("The classes are in reversed order in {yours}.", lambda p: p.carried_back(p.score_slopes[:, ::-1])),
    *(
        Idea(
            "The label is off by one: {yours} fits if the right class were the "
            f"{word} one. Classes count from 0 in NumPy, and the position of the 1 in y is the label.",
            lambda p, shift=shift: other_labels(p, np.roll(p.Y, shift, axis=1)),
        )
        for shift, word in ((1, "next"), (-1, "previous"))
    ),
    Idea("{yours} fits labels that are read from the wrong end of y.", lambda p: other_labels(p, p.Y[:, ::-1])),
    Idea(
        "{yours} takes the class with the largest activation for the label: y says which class is right.",
        lambda p: other_labels(p, np.eye(p.A.shape[1])[p.A.argmax(axis=1)]),
    ),
    Idea(
        "{yours} always takes class 0 for the label: y says which class is right.",
        lambda p: other_labels(p, np.eye(p.A.shape[1])[np.zeros(len(p.A), int)]),
    ),
    Idea(
        "{yours} always takes the last class for the label: y says which class is right.",
        lambda p: other_labels(p, np.eye(p.A.shape[1])[np.full(len(p.A), -1)]),
    ),
    Idea(
        "Softmax is applied twice: {yours} is the slope for the softmax of the activations. They need no second one.",
        lambda p: slopes_at(p, p.A),
    ),
    Idea(
        "{yours} uses the predicted class, 0 or 1, in place of the activations: keep the probabilities as they are.",
        lambda p: slopes_at(p, 60 * np.eye(p.A.shape[1])[p.A.argmax(axis=1)]),
    ),
    Idea(
        "{yours} is the derivative of the squared error with softmax: our loss is the cross entropy, equation (4).",
        lambda p: squared(p, softmax),
    ),
    Idea(
        "The softmax is missing: {yours} uses the scores z where the activations a belong.",
        lambda p: squared(p, lambda z: z),
    ),
    Idea(
        "{yours} is the slope for a sigmoid in place of the softmax: the classes must share one sum.",
        lambda p: p.slopes_of(lambda z: sigmoid_crossentropy(z, p.Y) if len(z) else 0),
    ),
    Idea(
        "The scores lack the bias: {yours} is the slope where the activations were computed without b.",
        lambda p: slopes_at(p, p.Z - p.b),
    ),
    # the feature side
    Idea(NO_X, lambda p: p.carried_back(p.score_slopes, np.ones_like(p.X)), "W"),
    Idea("{yours} uses the size of x without its sign.", lambda p: p.carried_back(p.score_slopes, abs(p.X)), "W"),
    Idea(
        "The input x is in {yours} twice (squared): how much does a nudge of w_ji move z_j?",
        lambda p: p.carried_back(p.score_slopes, p.X**2),
        "W",
    ),
    Idea(
        "The features are in reversed order in {yours}: column i belongs to feature x_i.",
        lambda p: p.carried_back(p.score_slopes, p.X[:, ::-1]),
        "W",
    ),
    *(
        Idea(
            "The features are shifted by one in {yours}: column i belongs to feature x_i, counted from 0.",
            lambda p, shift=shift: p.carried_back(p.score_slopes, np.roll(p.X, shift, axis=1)),
            "W",
        )
        for shift in (1, -1)
    ),
    Idea(
        "{yours} has the sum of all features in every column: column i belongs to feature x_i alone.",
        lambda p: p.carried_back(p.score_slopes, np.repeat(p.X.sum(axis=1, keepdims=True), p.X.shape[1], axis=1)),
        "W",
    ),
    Idea(
        "{yours} has the first feature in every column: column i belongs to feature x_i.",
        lambda p: p.carried_back(p.score_slopes, np.repeat(p.X[:, :1], p.X.shape[1], axis=1)),
        "W",
    ),
    Idea(
        "{yours} uses x scaled to length 1: use the features as they are.",
        lambda p: p.carried_back(p.score_slopes, p.X / np.linalg.norm(p.X, axis=1, keepdims=True)),
        "W",
    ),
    Idea(
        "{yours} uses x minus its mean over the batch: use the features as they are.",
        lambda p: p.carried_back(p.score_slopes, p.X - p.X.mean(axis=0)),
        "W",
    ),
    Idea(
        "{yours} uses W where the features belong.",
        lambda p: (p.score_slopes.mean(axis=0)[:, np.newaxis] * p.W,) * 2,
        "W",
    ),
    Idea(
        "{yours} averages before it multiplies: the mean of products is not the product of the means. "
        "Work out each example's part first, then take the mean.",
        lambda p: p.carried_back(
            np.repeat(p.score_slopes.mean(axis=0, keepdims=True), len(p.X), axis=0),
            np.repeat(p.X.mean(axis=0, keepdims=True), len(p.X), axis=0),
        ),
        "W",
    ),
    *(
        Idea(
            f"{{yours}} is multiplied by the input, {word} x: a nudge of b moves its score by the same amount "
            "whatever x is, so no x belongs there.",
            lambda p, size=size: p.carried_back(p.score_slopes * size(p.X)),
            "b",
        )
        for word, size in (
            ("the sum of", lambda X: X.sum(axis=1, keepdims=True)),
            ("the mean of", lambda X: X.mean(axis=1, keepdims=True)),
            ("the first entry of", lambda X: X[:, :1]),
            ("the length of", lambda X: np.linalg.norm(X, axis=1, keepdims=True)),
            ("the squared length of", lambda X: (X**2).sum(axis=1, keepdims=True)),
        )
    ),
)
