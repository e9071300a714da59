"""Lesson 5: the m terms of equation (6), what cancels in them, and their sum."""

import numpy as np

from helpers import figures
from helpers.explorers.explorer import INDEX, SPECIES, Explorer, choice, numbers, score_sliders, short, values
from helpers.softmax import softmax, softmax_jacobian

TARGETS = [*zip(SPECIES, ((1, 0, 0), (0, 1, 0), (0, 0, 1)), strict=True), ("Adelie and Chinstrap", (1, 1, 0))]


class ChainRule(Explorer):
    """The two factors of every term of equation (6), the terms, their sum, and a - y beside it."""

    def build(self):
        self.z = score_sliders()
        self.scale = choice("all scores times", [("1", 1), ("10", 10), ("100", 100)], 1)
        self.y = choice("right: y", TARGETS, TARGETS[1][1])
        self.j = choice("with respect to", [("z₁", 0), ("z₂", 1), ("z₃", 2)], 0)
        rows = [self.z[:2], [self.z[2], self.scale], [self.y], [self.j]]

        fig, (first, second, third) = figures.subplots(1, 3, height=3.7, width_ratios=[3, 3, 4])
        ticks = ["$k=1$", "$k=2$", "$k=3$"]
        self.outer = figures.bars(first, -np.ones(3), ticks)
        first.set_yscale("symlog", linthresh=1)
        first.set(ylim=(-1e11, 3), ylabel="logarithmic axis", title="$\\partial L/\\partial a_k = -y_k/a_k$, (5)")
        first.set_yticks([0, -1, -1e3, -1e6, -1e9], ["0", "−1", "−10³", "−10⁶", "−10⁹"])
        self.inner = figures.bars(second, np.ones(3), ticks)
        second.set(ylim=(-0.32, 0.32), yticks=[-0.25, 0, 0.25], title="times $\\partial a_k/\\partial z_j$, (2)")
        self.terms = figures.bars(third, np.ones(4), [*ticks, "sum"], (*figures.COLOURS[:3], figures.GREY))
        third.set(xlim=(-0.6, 3.9), ylim=(-1.3, 2.5), yticks=[-1, 0, 1, 2], title="the terms of (6) and their sum")
        (self.fused,) = third.plot([], [], "D", markerfacecolor="none", markeredgecolor=figures.INK, markersize=11)
        third.legend([self.fused], ["$\\sum_k y_k\\,a_j - y_j$"], loc="upper left", fontsize=9)
        return rows, fig, [self.outer, self.inner, self.terms, self.fused]

    def update(self):
        z, y, j = self.scale.value * values(self.z), np.array(self.y.value), self.j.value
        a, J = softmax(z), softmax_jacobian(z)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):  # a may have become 0: that is the lesson
            outer = np.where(y > 0, -y / a, 0.0)
            terms = outer * J[:, j]
        total, fused = terms.sum(), y.sum() * a[j] - y[j]
        drawn = np.array([*terms, total])
        for bars, heights, lowest in ((self.outer, outer, -1e9), (self.inner, J[:, j], -1), (self.terms, drawn, -1.1)):
            figures.set_bars(*bars, np.clip(np.nan_to_num(heights), lowest, 2))  # as far as they can be drawn
            for text, value in zip(bars[1], heights, strict=True):
                text.set_text(short(value) if value else "")  # a bar without height needs no number
        self.fused.set_data([3.55], [fused])

        products = " + ".join(f"(−1/{short(a[k])}) · {short(J[k, j])}" for k in range(3) if y[k])
        sentence = (
            f"a = {numbers(a)}, y = {numbers(y, 0)}. By (6), ∂L/∂z{INDEX[j]} = {products} = {short(total)}; "
            f"only k with yₖ = 1 counts. With aₖ cancelled: {y.sum()} · a{INDEX[j]} − y{INDEX[j]} = {short(fused)}."
        )
        if not np.isfinite(total):
            sentence += " One over the probability of a right class no longer fits a double here, so (6) fails."
            sentence += " After cancelling nothing is divided."
        return sentence
