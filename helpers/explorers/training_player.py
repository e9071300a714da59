"""Lesson 7: the student's own step trains a layer, on the penguins here, one random batch after the other."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import penguins
from helpers.explorers.explorer import Explorer, button, choice, clock, given, number
from helpers.explorers.landscape import COLOURS, PARAMETERS, SYMBOLS, loss_over
from helpers.explorers.plane import Plane
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

BIRD = (44.0, 17.3)  # bill length and depth in mm of the unknown bird of lesson 0
STAR = {"markersize": 17, "color": "black", "markeredgecolor": "white", "markeredgewidth": 1.2, "zorder": 6}
LIMIT, PAIR = 8, [0, 5]  # of the map, and the two parameters that it is drawn over
SIDE = np.linspace(-LIMIT, LIMIT, 21)
END = {"markevery": [-1], "markersize": 9, "markeredgecolor": "white"}  # a mark where a line has arrived
STEPS = (60, 300, 1500, 7500, 45_000, 10**9)  # ends of the axis of the loss curve


def unknown_bird(data):
    """The unknown bird's two features, standardised as those of the other birds, shape (2,)."""
    return (BIRD - data.mean) / data.std


def say_bird(data, a):
    """The probabilities `a` of the unknown bird in words."""
    return f"The unknown bird: {', '.join(f'{name} {number(p)}' for name, p in zip(data.class_names, a, strict=True))}."


class Trainer(Explorer):
    """A layer on its way: W and b are zero at the start and moved by the student's `sgd_step` only.

    A subclass says how to `load` the examples; its `build` makes the controls `rate` and `size` and calls `reset`.
    """

    def __init__(self, sgd_step):
        """Load the examples; `build` makes everything else."""
        self.sgd_step, self.data = sgd_step, self.load()
        self.Y = one_hot(self.data.labels, len(self.data.class_names))
        super().__init__()

    def reset(self):
        """Back to zero, with the same batches as the first time."""
        self.W, self.b, self.steps = np.zeros((self.Y.shape[1], self.data.X.shape[1])), np.zeros(self.Y.shape[1]), 0
        self.rng, self.batch = np.random.default_rng(0), np.array([], dtype=int)

    def step(self, count=1):
        """Some steps, each on a batch of its own: examples drawn without order and without replacement."""
        for _ in range(count):
            batch = self.rng.choice(len(self.Y), self.size.value, replace=False)
            X, Y = self.data.X[batch], self.Y[batch]
            returned = self.sgd_step(self.W.copy(), self.b.copy(), X, Y, self.rate.value)
            letters, (m, n) = {"W": "m n", "b": "m"}, self.W.shape
            self.W, self.b = given("sgd_step", returned, letters, m=m, n=n)  # an error leaves the layer where it was
            self.batch, self.steps = batch, self.steps + 1
            self.record()

    def record(self):
        """What a subclass remembers after every step."""


class TrainingPlayer(Trainer):
    """The boundaries, the loss curve and the way over a map of the loss while your function trains the layer.

    The star in the plane is the unknown bird of lesson 0. `sgd_step(W, b, X, Y, learning_rate)` returns (W, b), new
    arrays of shapes (3, 2) and (3,).
    """

    load = staticmethod(penguins)

    def build(self):
        (self.clock, play), self.tick = clock(120), self.step
        self.rate = choice("learning rate", [0.01, 0.1, 0.5, 2, 20], 0.5)
        self.size = choice("batch size", [("1", 1), ("8", 8), ("32", 32), ("all 258", 258)], 32)
        buttons = [button("Step", self.step), button("10 steps", lambda: self.step(10)), button("Reset", self.reset)]
        self.reset()

        fig, (left, middle, self.curve) = figures.subplots(1, 3, height=3.7, width_ratios=[5, 4, 4])
        self.plane = Plane(left, self.data)
        style = {"markersize": 10, "markerfacecolor": "none", "markeredgecolor": figures.INK}
        (self.rings,) = left.plot([], [], "o", **style)
        (self.star,) = left.plot(*unknown_bird(self.data)[:, np.newaxis], "*", **STAR)
        (self.history,) = self.curve.plot([], [], "o-", color=figures.COLOURS[0], linewidth=1.8, **END)
        self.curve.set(yscale="log", xlim=(0, 1), ylim=(0.05, 50), xlabel="step", title="loss $L$, training penguins")
        self.curve.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])

        style = {"cmap": COLOURS, "norm": "log", "vmin": 0.08, "vmax": 12}
        self.map = middle.pcolormesh(SIDE, SIDE, np.ones((21, 21)), shading="gouraud", **style)
        (self.way,) = middle.plot([], [], "o-", color=figures.COLOURS[8], linewidth=1.2, **END)
        middle.set(title="the loss: yellow is low, dark high", xlabel=SYMBOLS[PAIR[0]], ylabel=SYMBOLS[PAIR[1]])
        middle.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT))
        moving = [self.plane.moving, self.rings, self.star, self.map, self.way, self.history]
        return [[self.clock, play, *buttons], [self.rate, self.size]], fig, moving

    def reset(self):
        super().reset()
        self.clock.playing, self.losses, self.path = False, [], []
        self.record()

    def record(self):
        """Remember where the layer is, and its loss there."""
        self.losses.append(softmax_crossentropy(weighted_inputs(self.data.X, self.W, self.b), self.Y))
        self.path.append(np.concatenate([self.W.ravel(), self.b]))

    def update(self):
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
        bird = say_bird(data, softmax(weighted_inputs(unknown_bird(data), W, b)))
        return (
            f"Steps {self.steps}: loss {number(self.losses[-1])}, before the first step "
            f"{number(self.losses[0])}. Accuracy {number(100 * share, 1)} % on the training penguins, "
            f"{number(100 * test, 1)} % on the others. {where}.{left} {bird}"
        )
