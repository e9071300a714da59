"""Lesson 0: a finished training run, shown again from stored weights and biases."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import DATA, penguins
from helpers.explorers.explorer import Explorer, button, clock, number, slider
from helpers.explorers.hand import Choice
from helpers.explorers.landscape import layer
from helpers.explorers.plane import Plane
from helpers.explorers.training_player import STAR, say_bird, unknown_bird
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax


class Replay(Explorer):
    """The plane of the penguins, the loss and the unknown bird's probabilities at stored moments of a training run."""

    def build(self):
        stored = np.loadtxt(DATA / "replay.csv", delimiter=",", skiprows=1)
        self.data, self.steps, (self.W, self.b) = penguins(), stored[:, 0].astype(int), layer(stored[:, 1:])
        self.bird, Y = unknown_bird(self.data), one_hot(self.data.labels, 3)
        scores = (weighted_inputs(self.data.X, W, b) for W, b in zip(self.W, self.b, strict=True))
        self.losses = [softmax_crossentropy(Z, Y) for Z in scores]
        self.clock, play = clock(400)
        self.moment = slider("moment of the run", 0, len(self.steps) - 1, 1, 0)

        fig, (left, middle, right) = figures.subplots(1, 3, height=3.7, width_ratios=[5, 4, 3])
        self.plane = Plane(left, self.data)
        (self.star,) = left.plot(*self.bird[:, np.newaxis], "*", **STAR)
        middle.plot(self.steps, self.losses, "o-", markersize=3.5, color=figures.COLOURS[0], linewidth=1.8)
        (self.mark,) = middle.plot([], [], "D", color=figures.INK, markersize=9, markeredgecolor="white", clip_on=False)
        middle.set_xscale("symlog", linthresh=1)
        middle.set_xticks([0, 1, 10, 100, 1000], ["0", "1", "10", "100", "1000"])
        middle.set(xlim=(0, 2400), ylim=(0, 1.2), xlabel="step (wider at the start)", title="loss $L$")
        self.bars = figures.bars(right, np.ones(3), [name[:3] for name in self.data.class_names])
        right.set(title="★ the unknown bird", ylim=(0, 1.12), yticks=[0, 0.25, 0.5, 0.75, 1])
        rows = [[self.clock, play, button("Reset", self.reset), self.moment]]
        return rows, fig, [self.plane.moving, self.star, self.mark, self.bars]

    def grabs(self):
        moments = np.column_stack([self.steps, self.losses])
        return [Choice(self.mark.axes, moments, lambda k: self.moment.set_trait("value", k))]

    def tick(self):
        """On to the next moment, and from the last to the first; the run stops at its end."""
        self.moment.value = (self.moment.value + 1) % len(self.steps)
        if self.moment.value == self.moment.max:
            self.clock.playing = False

    def reset(self):
        """Stop, at the start of the run."""
        self.clock.playing, self.moment.value = False, 0

    def update(self):
        i = self.moment.value
        W, b, loss = self.W[i], self.b[i], self.losses[i]
        self.plane.show(W, b)
        self.mark.set_data([self.steps[i]], [loss])
        a = softmax(weighted_inputs(self.bird, W, b))
        figures.set_bars(*self.bars, a)
        share = accuracy(predict(weighted_inputs(self.data.X, W, b)), self.data.labels)
        before = f"; before the first step it was {number(self.losses[0])}" if i else ""
        return (
            f"After step {self.steps[i]} of {self.steps[-1]} the loss is {number(loss)}{before}. "
            f"{number(100 * share, 1)} % of the known penguins are named correctly. {say_bird(self.data, a)}"
        )
