"""Lessons 1 and 5: three scores become three probabilities; with a right class also the loss's slopes."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot
from helpers.explorers.explorer import SPECIES, Explorer, choice, number, numbers, score_sliders, slider, values
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

        names = [name[:3] for name in SPECIES] if self.target else SPECIES
        ratios = [3, 3, 3, 6] if self.target else [3, 3, 4]
        fig, (self.left, middle, *more, right) = figures.subplots(1, len(ratios), height=3.4, width_ratios=ratios)
        self.scores = figures.bars(self.left, np.ones(3), names)
        self.left.set_title("scores $z_k$" if self.target else "scores $s\\,z_k + c$")
        self.probabilities = figures.bars(middle, np.ones(3), names)
        middle.set(title="$a_k$, equation (1)" if self.target else "probabilities $a_k$, equation (1)")
        middle.set(ylim=(0, 1.12), yticks=[0, 0.25, 0.5, 0.75, 1])
        figures.triangle(right, SPECIES)
        right.set_title("arrow: from $a$ to $y$" if self.target else "$a$ as a point: a corner is certainty")
        (self.point,) = right.plot([], [], "o", color=figures.INK, markersize=11, markeredgecolor="white", zorder=5)
        moving = [self.scores, self.probabilities, self.point]
        if self.target:
            self.gradient = figures.bars(more[0], np.ones(3), names)
            more[0].set(title="gradient $a_k - y_k$", ylim=(-1.25, 1.25), yticks=[-1, -0.5, 0, 0.5, 1])
            style = {"arrowstyle": "-|>", "color": figures.INK, "linewidth": 2.5, "mutation_scale": 20, "shrinkB": 0}
            self.arrow = right.annotate("", (0, 0), (0, 0), arrowprops=style, annotation_clip=False)
            moving[2:2] = [self.gradient, self.arrow]
        return rows, fig, moving

    def update(self):
        z = values(self.z) if self.target else self.scale.value * values(self.z) + self.shift.value
        a = softmax(z)
        limit = 12 if abs(z).max() <= 10 else 45  # a wider axis only where it is needed
        if self.left.get_ylim()[1] != limit:
            self.left.set_ylim(-limit, limit)
        figures.set_bars(*self.scores, z, digits=1)
        figures.set_bars(*self.probabilities, a)
        self.point.set_data(*figures.triangle_point(a)[:, np.newaxis])

        sentence = f"The scores {numbers(z, 1)} give the probabilities {numbers(a)}, which sum to 1. "
        if self.target:
            return sentence + self.aim(a)
        most = " and ".join(SPECIES[k] for k in np.flatnonzero(a > a.max() - 1e-12))
        sentence += f"Most probable: {most}."
        if self.shift.value:
            sentence += f" Without the {number(self.shift.value, 0)} on every score, a would be the same."
        return sentence + (" With s = 0 all scores are equal." if self.scale.value == 0 else "")

    def aim(self, a):
        """Draw a - y, and y - a as an arrow from a to the corner of the right class; say both."""
        k, y = self.label.value, one_hot(self.label.value, 3)
        figures.set_bars(*self.gradient, a - y)
        self.arrow.xy, self.arrow.xyann = figures.triangle_point(y), figures.triangle_point(a)
        far = bool(a[k] < 0.95)  # else the arrow would be all head
        self.arrow.set_visible(far)
        corner = f"the corner of {SPECIES[k]}"
        arrow = f"is the arrow: it leads from a to {corner}, whereas the gradient points away from it."
        return (
            f"{SPECIES[k]} is right, so y = {numbers(y, 0)}. The loss has the gradient a − y = {numbers(a - y)} with "
            f"respect to the scores. Minus the gradient, y − a = {numbers(y - a)}, "
            f"{arrow if far else f'is too short to draw, because a has almost reached {corner}.'}"
        )
