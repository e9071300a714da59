"""Lesson 7: the student's own step trains a layer on the penguins, one random batch after the other."""

import ipywidgets
import numpy as np

from helpers import figures
from helpers.cross_entropy import softmax_crossentropy
from helpers.datasets import penguins
from helpers.explorers.explorer import button, choice, number
from helpers.explorers.landscape import COLOURS, PARAMETERS, SYMBOLS, loss_over
from helpers.explorers.plane import Plane
from helpers.explorers.training import Trainer
from helpers.network import accuracy, predict, weighted_inputs

LIMIT, PAIR = 8, [0, 5]  # of the map, and the two parameters that it is drawn over
SIDE = np.linspace(-LIMIT, LIMIT, 21)
END = {"markevery": [-1], "markersize": 9, "markeredgecolor": "white"}  # a mark where a line has arrived
STEPS = (60, 300, 1500, 7500, 45_000, 10**9)  # ends of the axis of the loss curve


class TrainingPlayer(Trainer):
    """The boundaries, the loss curve and the way over a map of the loss while your function trains the layer.

    `sgd_step(W, b, X, Y, learning_rate)` returns (W, b), new arrays of shapes (3, 2) and (3,).
    """

    load = staticmethod(penguins)

    def build(self):
        # The clock is the browser's; its own buttons have no names that a screen reader could say: it stays hidden.
        self.clock = ipywidgets.Play(max=100_000, interval=120, description="clock", layout={"display": "none"})
        self.ticks, play = 0, button("Play", self.play)
        self.clock.observe(lambda change: play.set_trait("description", "Pause" if change.new else "Play"), "playing")
        self.rate = choice("learning rate", [0.01, 0.1, 0.5, 2, 20], 0.5)
        self.size = choice("batch size", [("1", 1), ("8", 8), ("32", 32), ("all 258", 258)], 32)
        buttons = [button("Step", self.step), button("10 steps", lambda: self.step(10)), button("Reset", self.reset)]

        self.reset()

        fig, (left, middle, right) = figures.subplots(1, 3, height=3.7, width_ratios=[5, 4, 4])
        self.plane = Plane(left, self.data)
        style = {"markersize": 10, "markerfacecolor": "none", "markeredgecolor": figures.INK}
        (self.rings,) = left.plot([], [], "o", **style)
        moving = [self.plane.moving, self.rings, self.build_map(middle), self.build_curve(right)]
        return [[self.clock, play, *buttons], [self.rate, self.size]], fig, moving

    def build_map(self, ax):
        """The loss over two parameters as bands of colour, the way over it and the place that was reached."""
        style = {"cmap": COLOURS, "norm": "log", "vmin": 0.08, "vmax": 12}
        self.map = ax.pcolormesh(SIDE, SIDE, np.ones((21, 21)), shading="nearest", **style)
        (self.way,) = ax.plot([], [], "o-", color=figures.COLOURS[8], linewidth=1.2, **END)
        ax.set(title="the loss: yellow is low, dark high", xlabel=SYMBOLS[PAIR[0]], ylabel=SYMBOLS[PAIR[1]])
        ax.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT))
        return [self.map, self.way]

    def build_curve(self, ax):
        """The loss after every step."""
        self.curve = ax
        ax.set(yscale="log", xlim=(0, 1), ylim=(0.05, 50), xlabel="step", title="loss $L$, training penguins")
        ax.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
        ax.minorticks_off()
        (self.history,) = ax.plot([], [], "o-", color=figures.COLOURS[0], linewidth=1.8, **END)
        return self.history

    def play(self):
        self.clock.playing = not self.clock.playing

    def reset(self):
        super().reset()
        self.clock.playing, self.losses, self.path = False, [], []
        self.record()

    def record(self):
        """Remember where the layer is, and its loss there."""
        self.losses.append(softmax_crossentropy(weighted_inputs(self.data.X, self.W, self.b), self.Y))
        self.path.append(np.concatenate([self.W.ravel(), self.b]))

    def update(self):
        ticked, self.ticks = self.clock.value > self.ticks, self.clock.value
        if ticked:
            self.step()
        data, W, b = self.data, self.W, self.b
        self.plane.show(W, b)
        self.rings.set_data(*data.X[self.batch].T)
        self.map.set_array(loss_over(data, self.path[-1], *PAIR, SIDE))
        way = np.array(self.path)[:, PAIR]
        self.way.set_data(*way.T)
        end = next(end for end in STEPS if end >= self.steps)  # the axis grows with the curve
        if self.curve.get_xlim()[1] != end:
            self.curve.set(xlim=(0, end), xticks=[0, end // 3, end // 3 * 2])
        self.history.set_data(range(len(self.losses)), self.losses)
        share = accuracy(predict(weighted_inputs(data.X, W, b)), data.labels)
        test = accuracy(predict(weighted_inputs(data.X_test, W, b)), data.labels_test)
        where = ", ".join(f"{PARAMETERS[k]} = {number(self.path[-1][k], 2)}" for k in PAIR)
        left = " The layer has left the map." if abs(way[-1]).max() > LIMIT else ""
        return (
            f"Steps {self.steps}: loss {number(self.losses[-1])}, before the first step "
            f"{number(self.losses[0])}. Accuracy {number(100 * share, 1)} % on the training penguins, "
            f"{number(100 * test, 1)} % on the others. {where}.{left}"
        )
