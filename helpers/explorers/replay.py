"""Lesson 0: a finished training run, shown again from stored weights and biases."""

import ipywidgets
import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import DATA, penguins
from helpers.explorers.explorer import Explorer, button, number, slider
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
        # The clock is the browser's; its own buttons have no names that a screen reader could say: it stays hidden.
        self.clock = ipywidgets.Play(max=100_000, interval=400, description="clock", layout={"display": "none"})
        self.ticks, play = 0, button("Play", self.play)
        self.clock.observe(lambda change: play.set_trait("description", "Pause" if change.new else "Play"), "playing")
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

    def play(self):
        """Play or pause; a run that has ended plays from its start."""
        if not self.clock.playing and self.moment.value == self.moment.max:
            self.moment.value = 0
        self.clock.playing = not self.clock.playing

    def reset(self):
        """Stop, at the start of the run."""
        self.clock.playing, self.moment.value = False, 0

    def update(self):
        ticked, self.ticks = self.clock.value > self.ticks, self.clock.value
        if ticked:
            self.moment.value = min(self.moment.value + 1, self.moment.max)
        if self.moment.value == self.moment.max:
            self.clock.playing = False
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
