"""Lesson 7: the student's own step trains a layer on the penguins, one random batch after the other."""

import ipywidgets
import numpy as np
from matplotlib.colors import BoundaryNorm

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
LEVELS = (0.08, 0.1, 0.13, 0.17, 0.25, 0.35, 0.5, 0.75, 1.1, 1.6, 2.5, 4, 7, 12)
STEPS = (60, 300, 1500, 7500, 45000)  # ends of the axis of the loss curve


class TrainingPlayer(Trainer):
    """The boundaries, the loss curve and the way over a map of the loss while your function trains the layer.

    `sgd_step(W, b, X, Y, learning_rate)` returns (W, b), new arrays of shapes (3, 2) and (3,).
    """

    def __init__(self, sgd_step):
        """The clock is the browser's; its own buttons have no names that a screen reader could say: it stays hidden."""
        self.clock = ipywidgets.Play(max=100_000, interval=120, description="clock", layout={"display": "none"})
        self.ticks = 0
        super().__init__(sgd_step, penguins())

    def build(self):
        play = button("Play", self.play)
        self.clock.observe(lambda change: play.set_trait("description", "Pause" if change.new else "Play"), "playing")
        self.rate = choice("learning rate", [0.01, 0.1, 0.5, 2, 20], 0.5)
        self.size = choice("batch size", [("1", 1), ("8", 8), ("32", 32), ("all 258", 258)], 32)
        buttons = [button("Step", self.step), button("10 steps", lambda: self.step(10)), button("Reset", self.reset)]

        fig, ax = figures.mosaic([["plane", "map", "curve"]], height=3.7, width_ratios=[5, 4, 4])
        self.plane = Plane(ax["plane"], self.data, size=18)
        style = {"markersize": 9, "markerfacecolor": "none", "markeredgecolor": figures.INK}
        (self.rings,) = ax["plane"].plot([], [], "o", **style)
        moving = [self.plane.moving, self.rings, self.build_map(ax["map"]), self.build_curve(ax["curve"])]
        return [[self.clock, play, *buttons], [self.rate, self.size]], fig, moving

    def build_map(self, ax):
        """The loss over two parameters as bands of colour, the way over it and the place that was reached."""
        edge = LIMIT + (SIDE[1] - SIDE[0]) / 2  # the values of SIDE stand in the middle of their pixels
        bands = {"cmap": COLOURS, "norm": BoundaryNorm(LEVELS, 256, extend="both"), "interpolation": "bilinear"}
        self.map = ax.imshow(np.ones((21, 21)), extent=(-edge, edge, -edge, edge), origin="lower", **bands)
        (self.way,) = ax.plot([], [], ".-", color=figures.COLOURS[8], markersize=4, linewidth=1.2)
        (self.here,) = ax.plot([], [], "o", color=figures.INK, markersize=9, markeredgecolor="white")
        ax.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), title="the loss: yellow is low, dark high")
        ax.set(xlabel=SYMBOLS[PAIR[0]], ylabel=SYMBOLS[PAIR[1]])
        return [self.map, self.way, self.here]

    def build_curve(self, ax):
        """The loss after every step."""
        ax.set(yscale="log", xlim=(0, 1), ylim=(0.05, 50), xlabel="step", title="loss $L$, training penguins")
        ax.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
        ax.minorticks_off()
        ax.axhline(np.log(3), color=figures.GREY, linestyle=":", label="log 3")
        ax.legend(frameon=False, fontsize=9, loc="upper right")
        (self.history,) = ax.plot([], [], color=figures.COLOURS[0], linewidth=1.8)
        (self.now,) = ax.plot([], [], "o", color=figures.INK, markersize=7)
        return [self.history, self.now]

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
        self.map.set_data(loss_over(data, self.path[-1], *PAIR, SIDE))
        way = np.array(self.path)[:, PAIR]
        self.way.set_data(*way.T)
        self.here.set_data(*way[-1:].T)
        self.show_curve()
        share = accuracy(predict(weighted_inputs(data.X, W, b)), data.labels)
        test = accuracy(predict(weighted_inputs(data.X_test, W, b)), data.labels_test)
        where = ", ".join(f"{PARAMETERS[k]} = {number(self.path[-1][k], 2)}" for k in PAIR)
        left = " The layer has left the map." if abs(way[-1]).max() > LIMIT else ""
        return (
            f"Steps {self.steps}: loss {number(self.losses[-1])}, before the first step "
            f"{number(self.losses[0])}. Accuracy {number(100 * share, 1)} % on the training penguins, "
            f"{number(100 * test, 1)} % on the others. {where}.{left}"
        )

    def show_curve(self):
        """The losses so far, on an axis that grows with them."""
        ax, end = self.history.axes, next((end for end in STEPS if end >= self.steps), self.steps)
        if ax.get_xlim()[1] != end:
            ax.set(xlim=(0, end), xticks=[0, end // 3, end // 3 * 2])
        self.history.set_data(range(len(self.losses)), self.losses)
        self.now.set_data([self.steps], self.losses[-1:])
