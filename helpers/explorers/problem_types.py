"""Lesson 8: which activation and which loss fit a task, and what a wrong pair breaks."""

import numpy as np

from helpers import figures
from helpers.explorers.explorer import INDEX, Explorer, choice, number, numbers, slider, values
from helpers.explorers.hand import LEAST, Bars, Points, put, put_probability
from helpers.softmax import sigmoid, softmax, softmax_jacobian

TASKS = {  # name: the questions and the targets of one example
    "binary": (["Gentoo?"], np.array([1.0])),
    "single-label": (["Adelie", "Chinstrap", "Gentoo"], np.array([1.0, 0.0, 0.0])),
    "multi-label": (["even?", "≥ 5?", "loop?"], np.array([0.0, 1.0, 1.0])),  # the digit 9
}
BINARY, CATEGORICAL, SQUARED = "binary cross entropy", "categorical cross entropy", "squared error"
RIGHT = "The right pair: each score is pushed by y − a, and the loss can fall towards 0."
FADES, ANY = " and fades where the answer is sure and wrong.", None
VERDICTS = (  # task, activation, loss, and what they do together: the first line that fits counts
    ("single-label", "softmax", CATEGORICAL, RIGHT),
    ("single-label", "sigmoid", BINARY, "It learns, but each answer stands alone: the three need not sum to 1."),
    (ANY, "sigmoid", BINARY, RIGHT),
    ("binary", "softmax", ANY, "Wrong: softmax of a single score is always 1, so nothing is ever pushed."),
    ("multi-label", "softmax", ANY, "Wrong: the answers share a sum of 1, so two of them cannot both be yes."),
    (ANY, "sigmoid", SQUARED, "Weak: the push carries a factor a (1 − a)" + FADES),
    (ANY, "softmax", SQUARED, "Weak: the push carries the entries of softmax's Jacobian" + FADES),
    (ANY, "softmax", ANY, "It learns, but each class is counted twice, and the push is no longer y − a."),
    ("binary", ANY, ANY, "Wrong: this example works, but with y = 0 the loss would be 0 whatever the answer."),
    (ANY, ANY, ANY, "Wrong: the loss sees only the answers that should be yes, and nothing pushes the others down."),
)
STEPS, START = 100, (-2.0, 2.0, 1.0)


class ProblemTypes(Explorer):
    """One example, its scores, and the push that a pair of activation and loss gives them."""

    def build(self):
        self.task = choice("task", list(TASKS), "multi-label")
        self.activation = choice("activation", ["sigmoid", "softmax"], "softmax")
        self.loss = choice("loss", [BINARY, CATEGORICAL, SQUARED], CATEGORICAL)
        self.z = [slider(f"start score z{INDEX[k]}", -6, 6, 0.5, START[k]) for k in range(3)]
        self.time = slider("steps of descent t", 0, STEPS, 1, 0)
        rows = [[self.task], [self.activation], [self.loss], self.z[:2], [self.z[2], self.time]]

        fig, (left, middle, right) = figures.subplots(1, 3, height=3.3, width_ratios=[4, 4, 5])
        self.axes, self.shown = (left, middle), None  # the questions that stand below these axes
        self.answers, self.pushes = (figures.bars(ax, np.ones(3), [""] * 3) for ax in (left, middle))
        left.set(ylim=(0, 1.2), title="predictions $a$, targets $y$ (thick)")
        middle.set(ylim=(-1.3, 1.3), title="push $-\\partial L / \\partial z_k$")
        self.right = right
        right.set(xlim=(0, STEPS), ylim=(0, 2), xlabel="steps of descent $t$", title="loss $L$ along the descent")
        (self.targets,) = left.plot([], [], color=figures.INK, linewidth=5, solid_capstyle="butt", clip_on=False)
        (self.curve,) = right.plot([], [], color=figures.INK, linewidth=2)
        (self.here,) = right.plot([], [], "o", color=figures.COLOURS[1], markersize=9)
        return rows, fig, [self.answers, self.targets, self.pushes, self.curve, self.here]

    def update(self):
        task, activation, loss, t = self.task.value, self.activation.value, self.loss.value, self.time.value
        questions, y = TASKS[task]
        path, losses = descend(values(self.z)[: len(y)], y, activation, loss)
        z, push = path[t], -loss_and_slope(path[t], y, activation, loss)[1]
        a = softmax(z) if activation == "softmax" else sigmoid(z)
        if self.shown != questions:  # as many answers and sliders as this task has
            self.shown = questions
            for ax in self.axes:
                ax.set_xticks(range(len(y)), questions)
                ax.set_xlim(-0.6, len(y) - 0.4)
            for k, control in enumerate(self.z):
                control.disabled = k >= len(y)
        for (bars, texts), heights, digits in ((self.answers, a, 2), (self.pushes, push, 3)):
            figures.set_bars(bars[: len(y)], texts[: len(y)], heights, digits)
        self.a = a
        self.targets.set_data((np.arange(len(y))[:, np.newaxis] + [-0.35, 0.35, np.nan]).ravel(), np.repeat(y, 3))
        self.curve.set_data(range(STEPS + 1), losses)
        high = next(high for high in (2, 8, 48) if losses.max() <= high)  # a higher axis only where it is needed
        if self.right.get_ylim()[1] != high:
            self.right.set_ylim(0, high)
        self.here.set_data([t], [losses[t]])
        later = f"; after {STEPS} steps the loss is {number(losses[-1])}" if t < STEPS else ""
        return (
            f"{task}, y = {numbers(y, 0)}; {activation} with {loss}: {verdict(task, activation, loss)} After {t} steps "
            f"z = {numbers(z, 2)}, a = {numbers(a, 2)}, push {numbers(push)}, loss {number(losses[t])}{later}."
        )

    def grabs(self):
        time = Points(self.right, self.here.get_xydata(), lambda k, t, loss: put([self.time], [t]))
        if self.time.value > 0 or (len(self.a) == 1 and self.activation.value == "softmax"):
            return [time]
        return [time, Bars(self.answers[0][: len(self.a)], self.pull_answer)]

    def pull_answer(self, k, height):
        """A start score whose answer is as high as the hand; the others stay, or with softmax their ratios."""
        if self.activation.value == "softmax":
            put_probability(self.z[: len(self.a)], self.a, k, height)
        else:
            a = np.clip(height, LEAST, 1 - LEAST)
            put([self.z[k]], [np.log(a / (1 - a))])


def loss_and_slope(z, y, activation, loss):
    """The loss of one example and its derivative with respect to z: dL/da through the activation's derivative."""
    a = softmax(z) if activation == "softmax" else sigmoid(z)
    J = softmax_jacobian(z) if activation == "softmax" else np.diag(a * (1 - a))
    if loss == SQUARED:
        return ((a - y) ** 2).sum() / 2, (a - y) @ J
    value, slope = -(y * np.log(a)).sum(), -y / a
    if loss == BINARY:
        no = sigmoid(-z) if activation == "sigmoid" else 1 - a
        no = np.maximum(no, np.finfo(float).tiny)  # softmax of one score: 1 - a is 0, and so is J
        value, slope = value - ((1 - y) * np.log(no)).sum(), slope + (1 - y) / no
    return value, slope @ J


def descend(z, y, activation, loss):
    """Scores (STEPS + 1, m) and losses (STEPS + 1,) on the way down, each step once the slope."""
    path, losses = np.empty((STEPS + 1, len(z))), np.empty(STEPS + 1)
    for t in range(STEPS + 1):
        path[t] = z
        losses[t], slope = loss_and_slope(z, y, activation, loss)
        z = z - slope
    return path, losses


def verdict(*choices):
    """What a task, an activation and a loss do together, in one or two sentences."""
    return next(text for *line, text in VERDICTS if all(a in (ANY, b) for a, b in zip(line, choices, strict=True)))
