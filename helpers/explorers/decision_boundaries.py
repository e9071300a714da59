"""Lesson 6: nine numbers decide where the boundaries run."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import penguins
from helpers.explorers.explorer import INDEX, Explorer, button, number, numbers, slider, values
from helpers.explorers.hand import Choice, Points, put
from helpers.explorers.landscape import PARAMETERS, layer
from helpers.explorers.plane import Plane
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

START = (-1, 0, 0, 1, 1, 0, 0, 0, 0)
TARGET = 0.15
ARROW = 0.45  # the length in the plane of a weight of 1


class DecisionBoundaries(Explorer):
    """The penguins in the plane of two measurements, and a layer whose weights and biases are yours to set."""

    def build(self):
        self.data = penguins()
        self.names, self.Y, self.best = self.data.class_names, one_hot(self.data.labels, 3), np.inf
        meanings = [f"{name} × {of}" for name in self.names for of in self.data.feature_names] + list(self.names)
        labels = [f"{symbol} ({meaning})" for symbol, meaning in zip(PARAMETERS, meanings, strict=True)]
        self.layer = [slider(label, -5, 5, 0.1, start) for label, start in zip(labels, START, strict=True)]
        self.bird = slider("penguin number", 0, len(self.Y) - 1, 1, 80)
        controls = [*self.layer, self.bird]
        rows = [*(controls[i : i + 2] for i in range(0, 10, 2)), [button("Reset", self.reset)]]

        fig, (plane, features, self.scores, answers) = figures.subplots(1, 4, height=3.7, width_ratios=[6, 2, 3, 3])
        self.plane = Plane(plane, self.data)
        style = {"markersize": 15, "markerfacecolor": "none", "color": "black", "markeredgewidth": 2.5}
        (self.ring,) = plane.plot([], [], "o", **style)
        style = {"arrowstyle": "-|>", "linewidth": 3, "mutation_scale": 18, "shrinkA": 0, "shrinkB": 0}
        self.arrows = [
            plane.annotate("", (0, 0), (0, 0), arrowprops={**style, "color": colour}, annotation_clip=False)
            for colour in figures.COLOURS[:3]
        ]
        self.x = figures.bars(features, np.ones(2), ["$x_1$", "$x_2$"], [figures.GREY] * 2)
        self.z, self.a = (figures.bars(ax, np.ones(3), [k[:3] for k in self.names]) for ax in (self.scores, answers))
        features.set(title="features", ylim=(-3.4, 3.4), yticks=[-2, 0, 2])
        self.scores.set_title("→  scores $z$")
        answers.set(title="→  probabilities $a$", ylim=(0, 1.15), yticks=[0, 0.5, 1])
        return rows, fig, [self.plane.moving, self.arrows, self.ring, self.x, self.z, self.a]

    def reset(self):
        self.best = np.inf
        put(self.layer, START)

    def update(self):
        W, b = layer(values(self.layer))
        Z = weighted_inputs(self.data.X, W, b)
        loss, share = softmax_crossentropy(Z, self.Y), accuracy(predict(Z), self.data.labels)
        self.best = min(self.best, loss)
        self.plane.show(W, b)
        for arrow, weights in zip(self.arrows, W, strict=True):
            arrow.xy = ARROW * weights
        i, label = self.bird.value, self.data.labels[self.bird.value]
        x, z, a = self.data.X[i], Z[i], softmax(Z[i])
        self.ring.set_data(*x[:, np.newaxis])
        limit = 6 if abs(z).max() < 5 else 45  # a wider axis only where it is needed
        if self.scores.get_ylim()[1] != limit:
            self.scores.set_ylim(-limit, limit)
        for bars, heights, digits in ((self.x, x, 1), (self.z, z, 1), (self.a, a, 3)):
            figures.set_bars(*bars, heights, digits)
        goal = f"target {TARGET} {'reached' if self.best <= TARGET else 'not reached yet'}"
        return (
            f"Loss {number(loss)}, accuracy {number(100 * share, 1)} %; best loss so far {number(self.best)}, {goal}. "
            f"Penguin {i} ({self.names[label]}): x = {numbers(x, 2)}, z = {numbers(z, 2)}, a = {numbers(a)}, "
            f"its loss −log a{INDEX[label]} = {number(softmax_crossentropy(z, self.Y[i]))}."
        )

    def grabs(self):
        ax = self.plane.ax
        tips = Points(ax, [arrow.xy for arrow in self.arrows], self.pull_arrow)
        return [
            tips,
            self.plane.boundaries(self.pull_boundary),
            Choice(ax, self.data.X, lambda k: put([self.bird], [k])),
        ]

    def pull_arrow(self, k, x, y):
        put(self.layer[2 * k : 2 * k + 2], [x / ARROW, y / ARROW])

    def pull_boundary(self, j, k, x, y):
        """Raise one bias and lower the other as much, until both classes are equally probable at (x, y)."""
        W, b = layer(values(self.layer))
        half = (W[k] - W[j]) @ [x, y] / 2
        put([self.layer[6 + j], self.layer[6 + k]], (b[j] + b[k]) / 2 + [half, -half])
