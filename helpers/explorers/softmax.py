"""Lesson 1: three scores become three probabilities."""

import numpy as np

from helpers import figures
from helpers.explorers.explorer import SPECIES, Explorer, number, numbers, score_sliders, slider, values
from helpers.softmax import softmax


class Softmax(Explorer):
    """Scores and probabilities as bars, and the probabilities as a point in the triangle."""

    def build(self):
        self.z = score_sliders()
        self.shift = slider("added to all scores, c", -10, 10, 5, 0)
        self.scale = slider("all scores times s", 0, 5, 0.1, 1)
        rows = [self.z[:2], self.z[2:], [self.shift, self.scale]]

        fig, (self.left, middle, right) = figures.subplots(1, 3, height=3.4, width_ratios=[3, 3, 4])
        self.scores = figures.bars(self.left, np.ones(3), SPECIES)
        self.left.set_title("scores $s\\,z_k + c$")
        self.probabilities = figures.bars(middle, np.ones(3), SPECIES)
        middle.set(title="probabilities $a_k$, equation (1)", ylim=(0, 1.12), yticks=[0, 0.25, 0.5, 0.75, 1])
        figures.triangle(right, SPECIES)
        right.set_title("$a$ as a point: a corner is certainty")
        (self.point,) = right.plot([], [], "o", color=figures.INK, markersize=11, markeredgecolor="white", zorder=5)
        return rows, fig, [self.scores, self.probabilities, self.point]

    def update(self):
        z = self.scale.value * values(self.z) + self.shift.value
        a = softmax(z)
        limit = 12 if abs(z).max() <= 10 else 45  # a wider axis only where it is needed
        if self.left.get_ylim()[1] != limit:
            self.left.set_ylim(-limit, limit)
        figures.set_bars(*self.scores, z, digits=1)
        figures.set_bars(*self.probabilities, a)
        self.point.set_data(*figures.triangle_point(a)[:, np.newaxis])

        most = " and ".join(SPECIES[k] for k in np.flatnonzero(a > a.max() - 1e-12))
        sentence = f"The scores {numbers(z, 1)} give the probabilities {numbers(a)}, which sum to 1. "
        sentence += f"Most probable: {most}."
        if self.shift.value:
            sentence += f" Without the {number(self.shift.value, 0)} on every score, a would be the same."
        return sentence + (" With s = 0 all scores are equal." if self.scale.value == 0 else "")
