"""Lesson 6: the loss over two of the nine parameters, and the boundaries at the chosen point."""

import numpy as np

from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import penguins
from helpers.explorers.explorer import Explorer, button, choice, number, numbers, slider, values
from helpers.explorers.hand import Points, Turn, put
from helpers.explorers.landscape import PARAMETERS, SYMBOLS, Landscape, layer, loss_over
from helpers.explorers.plane import Plane
from helpers.network import weighted_inputs

START = np.array([-1.0, 1.0, 1.0, 1.0, 1.0, -1.0, 0.0, 0.0, 0.0])
LIMIT = 6
SIDE = np.linspace(-LIMIT, LIMIT, 31)


class TwoParameters(Explorer):
    """The surface and the map of the loss over two parameters, the others held, beside the penguins."""

    def build(self):
        options = [(name, i) for i, name in enumerate(PARAMETERS)]
        self.first, self.second = choice("first parameter", options, 0), choice("second parameter", options, 4)
        self.sliders = [slider("value", -LIMIT, LIMIT, 0.1, 0) for _ in range(2)]
        rows = [[self.first], [self.second], self.sliders, [button("Reset all nine", self.reset)]]

        self.landscape = Landscape([["surface", "map", "plane"]], SIDE, height=3.6, width_ratios=[4, 3, 4])
        self.landscape.surface.tick_params(labelsize=8, pad=0)
        self.data = penguins()
        self.plane = Plane(self.landscape.ax["plane"], self.data)
        self.reset()
        return rows, self.landscape.fig, [self.landscape.moving, self.plane.moving]

    def reset(self):
        self.parameters, self.pair = START.copy(), []

    def update(self):
        if self.pair == [self.first.value, self.second.value]:
            self.parameters[self.pair] = values(self.sliders)
        else:
            self.choose()
        W, b = layer(self.parameters)
        loss = softmax_crossentropy(weighted_inputs(self.data.X, W, b), one_hot(self.data.labels, 3))
        here, names, (lowest, where) = self.parameters[self.pair], [PARAMETERS[i] for i in self.pair], self.lowest
        self.landscape.place("point", here[np.newaxis], [loss])
        self.plane.show(W, b)
        held = [f"{PARAMETERS[k]} = {number(self.parameters[k], 1)}" for k in range(9) if k not in self.pair]
        return (
            f"({', '.join(names)}) = {numbers(here, 1)}: loss {number(loss)}. The lowest loss on this map is about "
            f"{number(lowest)}, near {numbers(where, 1)}. Held: {', '.join(held)}."
        )

    def grabs(self):
        point = Points(self.landscape.map, [values(self.sliders)], lambda k, *here: put(self.sliders, here))
        return [point, Turn(self.landscape.surface)]

    def choose(self):
        """Let the sliders and the landscape stand for the two chosen parameters."""
        if self.first.value == self.second.value:  # the choice that did not move makes room
            other = self.first if self.first.value in self.pair[:1] else self.second
            other.value = (other.value + 1) % 9
        i, j = self.pair = [self.first.value, self.second.value]
        put(self.sliders, self.parameters[self.pair])
        for control, k in zip(self.sliders, self.pair, strict=True):
            control.description = f"value of {PARAMETERS[k]}"
        height = loss_over(self.data, self.parameters, i, j, SIDE)
        self.landscape.draw(height, SYMBOLS[i], SYMBOLS[j])
        row, column = np.unravel_index(height.argmin(), height.shape)
        self.lowest = height[row, column], (SIDE[column], SIDE[row])
