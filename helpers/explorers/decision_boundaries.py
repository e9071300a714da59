"""Lesson 6: nine numbers decide where the boundaries run."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import penguins
from helpers.explorers.explorer import INDEX, Explorer, button, choice, number, numbers, slider, values
from helpers.explorers.plane import Plane
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

START_W, START_B = np.array([[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]), np.zeros(3)
TARGET = 0.15
PANELS = [["plane", "x", "z", "a"], ["plane", "loss", "loss", "loss"]]


class DecisionBoundaries(Explorer):
    """The penguins in the plane of two measurements, and a layer whose weights and biases are yours to set."""

    def build(self):
        self.data = penguins()
        self.names, self.Y = self.data.class_names, one_hot(self.data.labels, 3)
        self.of_class = choice("weights of class", [(name, k) for k, name in enumerate(self.names)], 0)
        self.layer = [slider("", -5, 5, 0.1, 0) for _ in range(3)]  # two weights and the bias
        self.bird = slider("penguin number", 0, len(self.Y) - 1, 1, 80)
        rows = [[self.of_class, button("Reset", self.reset)], self.layer[::2], [self.layer[1], self.bird]]
        self.reset()

        fig, self.ax = figures.mosaic(PANELS, height=4.2, width_ratios=[6, 2, 3, 3], height_ratios=[4, 1])
        self.plane = Plane(self.ax["plane"], self.data)
        style = {"markersize": 15, "markerfacecolor": "none", "color": "black", "markeredgewidth": 2.5}
        (self.ring,) = self.ax["plane"].plot([], [], "o", **style)
        self.x = figures.bars(self.ax["x"], np.ones(2), ["$x_1$", "$x_2$"], [figures.GREY] * 2)
        self.z, self.a = (figures.bars(self.ax[k], np.ones(3), [name[:3] + "." for name in self.names]) for k in "za")
        self.ax["x"].set(title="features", ylim=(-3.4, 3.4), yticks=[-2, 0, 2])
        self.ax["z"].set_title("→  scores $z$")
        self.ax["a"].set(title="→  probabilities $a$", ylim=(0, 1.15), yticks=[0, 0.5, 1])
        return rows, fig, [self.plane.moving, self.ring, self.x, self.z, self.a, self.build_gauge(self.ax["loss"])]

    def build_gauge(self, ax):
        """The loss now and the best one, on a line with the target."""
        ax.set(xscale="log", xlim=(0.05, 40), title="loss on all training penguins: ◆ now, ★ best, ┆ target", yticks=[])
        ax.set_xticks([0.1, 0.3, 1, 3, 10, 30], ["0.1", "0.3", "1", "3", "10", "30"])
        ax.minorticks_off()
        ax.axvline(TARGET, color=figures.GREY, linestyle="--")
        (self.record,) = ax.plot([1], [0], "*", color=figures.COLOURS[4], markersize=13, markeredgecolor=figures.INK)
        (self.now,) = ax.plot([1], [0], "d", color=figures.INK, markersize=9)
        return [self.now, self.record]

    def reset(self):
        self.W, self.b, self.best, self.shown = START_W.copy(), START_B.copy(), np.inf, None

    def update(self):
        self.read()
        Z = weighted_inputs(self.data.X, self.W, self.b)
        loss, share = softmax_crossentropy(Z, self.Y), accuracy(predict(Z), self.data.labels)
        self.best = min(self.best, loss)
        self.plane.show(self.W, self.b)
        self.now.set_xdata([loss])
        self.record.set_xdata([self.best])

        i, label = self.bird.value, self.data.labels[self.bird.value]
        x, z, a = self.data.X[i], Z[i], softmax(Z[i])
        self.trace(x, z, a)
        goal = f"target {TARGET} {'reached' if self.best <= TARGET else 'not reached yet'}"
        return (
            f"Loss {number(loss)}, accuracy {number(100 * share, 1)} %; best loss so far {number(self.best)}, {goal}. "
            f"Penguin {i} ({self.names[label]}): x = {numbers(x, 2)}, z = {numbers(z, 2)}, a = {numbers(a)}, "
            f"its loss −log a{INDEX[label]} = {number(softmax_crossentropy(z, self.Y[i]))}."
        )

    def read(self):
        """Take over what the sliders say about the chosen class; when the class changes, show its numbers."""
        j, (first, second) = self.of_class.value, self.data.feature_names
        if self.shown == j:
            *self.W[j], self.b[j] = values(self.layer)
        self.shown = j
        labels = f"weight w{INDEX[j]}₁ ({first})", f"weight w{INDEX[j]}₂ ({second})", f"bias b{INDEX[j]}"
        for control, label, value in zip(self.layer, labels, (*self.W[j], self.b[j]), strict=True):
            control.description, control.value = label, value

    def trace(self, x, z, a):
        """One penguin: its place, its features, its scores, its probabilities."""
        self.ring.set_data(*x[:, np.newaxis])
        figures.set_bars(*self.x, x, digits=1)
        limit = 6 if abs(z).max() < 5 else 45
        if self.ax["z"].get_ylim()[1] != limit:
            self.ax["z"].set(ylim=(-limit, limit), yticks=[-limit // 3 * 2, 0, limit // 3 * 2])
        figures.set_bars(*self.z, z, digits=1)
        figures.set_bars(*self.a, a)
