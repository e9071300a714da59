"""Lessons 1 and 5: three scores become three probabilities; with a right class also the loss's slopes."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot
from helpers.explorers.explorer import SPECIES, Explorer, choice, number, numbers, score_sliders, slider, values
from helpers.explorers.hand import LEAST, Bars, Points, put, put_probabilities, put_probability
from helpers.softmax import softmax


class Softmax(Explorer):
    """Scores and probabilities as bars, and the probabilities as a point in the triangle.

    With `target` one class is right: a - y is beside a, and in the triangle an arrow shows minus this gradient.
    """

    def __init__(self, target=False):
        self.target = target
        super().__init__()

    def build(self):
        self.z = score_sliders()
        if self.target:
            self.label = choice("right class", [*zip(SPECIES, range(3), strict=True)], 1)
            rows = [self.z[:2], [self.z[2], self.label]]
        else:
            self.shift = slider("added to all scores, c", -10, 10, 5, 0)
            self.scale = slider("all scores times s", 0, 5, 0.1, 1)
            rows = [self.z[:2], self.z[2:], [self.shift, self.scale]]

        fig, (self.left, middle, right) = figures.subplots(1, 3, height=3.4, width_ratios=[3, 3, 4])
        self.scores = figures.bars(self.left, np.ones(3), SPECIES)
        self.left.set_title("gradient $a_k - y_k$" if self.target else "scores $s\\,z_k + c$")
        self.probabilities = figures.bars(middle, np.ones(3), SPECIES)
        middle.set(title="probabilities $a_k$, equation (1)", ylim=(0, 1.12), yticks=[0, 0.25, 0.5, 0.75, 1])
        figures.triangle(right, SPECIES)
        right.set_title("the arrow is $y - a$" if self.target else "$a$ as a point: a corner is certainty")
        (self.point,) = right.plot([], [], "o", color=figures.INK, markersize=11, markeredgecolor="white", zorder=5)
        style = {"arrowstyle": "-|>", "color": figures.INK, "linewidth": 2.5, "mutation_scale": 20, "shrinkB": 0}
        self.arrow = right.annotate("", (0, 0), (0, 0), arrowprops=style, annotation_clip=False, visible=False)
        return rows, fig, [self.scores, self.probabilities, self.arrow, self.point]

    def update(self):
        self.s, self.c = (1, 0) if self.target else (self.scale.value, self.shift.value)
        z = self.s * values(self.z) + self.c
        self.a = a = softmax(z)
        figures.set_bars(*self.probabilities, a)
        self.point.set_data(*figures.triangle_point(a)[:, np.newaxis])
        sentence = f"The scores {numbers(z, 1)} give the probabilities {numbers(a)}, which sum to 1. "
        if self.target:
            return sentence + self.aim(a)
        self.draw_scores(z, 12 if abs(z).max() <= 10 else 45, digits=1)  # a wider axis only where it is needed
        most = " and ".join(SPECIES[k] for k in np.flatnonzero(a > a.max() - 1e-12))
        sentence += f"Most probable: {most}."
        if self.c:
            sentence += f" Without the {number(self.c, 0)} on every score, a would be the same."
        return sentence + (" With s = 0 all scores are equal." if self.s == 0 else "")

    def grabs(self):
        if self.s == 0:  # the scores play no role
            return []
        point = Points(self.point.axes, self.point.get_xydata(), self.pull_point)
        return [Bars(self.scores[0], self.pull_score), Bars(self.probabilities[0], self.pull_probability), point]

    def pull_score(self, k, height):
        if self.target:  # the bars are a - y
            self.pull_probability(k, height + (k == self.label.value))
        else:
            put([self.z[k]], [(height - self.c) / self.s])

    def pull_probability(self, k, height):
        put_probability(self.z, self.a, k, height, self.s)

    def pull_point(self, k, x, y):
        a = np.linalg.solve([*figures.CORNERS.T, np.ones(3)], [x, y, 1])  # whose mean of the corners is (x, y)
        put_probabilities(self.z, np.maximum(a, LEAST), self.s)

    def draw_scores(self, heights, limit, digits):
        """The bars on the left, between limits."""
        if self.left.get_ylim()[1] != limit:
            self.left.set_ylim(-limit, limit)
        figures.set_bars(*self.scores, heights, digits)

    def aim(self, a):
        """Draw a - y as bars, and y - a as an arrow from a to the corner of the right class; say both."""
        k, y = self.label.value, one_hot(self.label.value, 3)
        self.draw_scores(a - y, 1.25, digits=3)
        self.arrow.xy, self.arrow.xyann = figures.triangle_point(y), figures.triangle_point(a)
        self.arrow.set_visible(bool(a[k] < 0.95))  # else it would be all head
        near = "" if a[k] < 0.95 else " It is too short to draw, because a has almost arrived."
        return (
            f"{SPECIES[k]} is right, so y = {numbers(y, 0)}. The loss has the gradient a − y = {numbers(a - y)} with "
            f"respect to the scores. Minus the gradient, y − a, leads from a to the corner of {SPECIES[k]}.{near}"
        )
