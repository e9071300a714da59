"""Lesson 5: the m terms of equation (6), what cancels in them, and their sum."""

import numpy as np

from helpers import figures, live
from helpers.softmax import softmax, softmax_jacobian

NAMES = ("Adelie", "Chinstrap", "Gentoo")
TARGETS = [("Adelie", (1, 0, 0)), ("Chinstrap", (0, 1, 0)), ("Gentoo", (0, 0, 1)), ("Adelie and Chinstrap", (1, 1, 0))]
DEEPEST = 1e9  # where a bar of -y/a ends; its text says the value


def chain_rule():
    """The two factors of every term of equation (6), the terms, their sum, and a - y beside it."""
    z = [live.slider(f"score z{'₁₂₃'[k]} ({NAMES[k]})", -6, 6, 0.1, (2, 1, -1)[k]) for k in range(3)]
    scale = live.choice("all scores times", [("1", 1), ("10", 10), ("100", 100)], 1)
    right_class = live.choice("right: y", TARGETS, TARGETS[1][1])
    by = live.choice("derivative by", [("z₁", 0), ("z₂", 1), ("z₃", 2)], 0)

    fig, (first, second, third) = figures.subplots(1, 3, height=3.7, width_ratios=[3, 3, 4])
    ticks = ["$k=1$", "$k=2$", "$k=3$"]
    outer_bars, outer_texts = figures.bars(first, -np.ones(3), ticks)
    first.set_yscale("symlog", linthresh=1)
    first.set(ylim=(-100 * DEEPEST, 3), title="$\\partial L/\\partial a_k = -y_k/a_k$, (5)")
    first.set_yticks([0, -1, -1e3, -1e6, -1e9], ["0", "−1", "−10³", "−10⁶", "−10⁹"])
    first.set_ylabel("logarithmic axis")
    first.minorticks_off()
    inner_bars, inner_texts = figures.bars(second, np.ones(3), ticks)
    second.set(ylim=(-0.32, 0.32), yticks=[-0.25, 0, 0.25], title="times $\\partial a_k/\\partial z_j$, (2)")
    term_bars, term_texts = figures.bars(third, np.ones(4), [*ticks, "sum"], (*figures.COLOURS[:3], figures.GREY))
    third.set(xlim=(-0.6, 3.9), ylim=(-1.3, 2.5), yticks=[-1, 0, 1, 2], title="the terms of (6) and their sum")
    (fused_mark,) = third.plot([], [], "D", markerfacecolor="none", markeredgecolor=figures.INK, markersize=11)
    third.legend([fused_mark], ["$\\sum_k y_k\\,a_j - y_j$"], loc="upper left", fontsize=9)

    def update():
        scores = scale.value * np.array([slider.value for slider in z])
        y, j = np.array(right_class.value), by.value
        a, J = softmax(scores), softmax_jacobian(scores)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):  # a may have become 0: that is the lesson
            outer = np.where(y > 0, -y / a, 0.0)
            terms = outer * J[:, j]
        total, fused = terms.sum(), y.sum() * a[j] - y[j]
        figures.set_bars(outer_bars, outer_texts, np.maximum(outer, -DEEPEST))
        figures.set_bars(inner_bars, inner_texts, J[:, j])
        drawn = [*terms, total]
        figures.set_bars(term_bars, term_texts, np.nan_to_num(drawn, posinf=0, neginf=0))
        for text, value in zip((*outer_texts, *term_texts), (*outer, *drawn), strict=True):
            text.set_text("nan" if np.isnan(value) else live.plain(value))
        for text, value in zip(inner_texts, J[:, j], strict=True):
            if 0 < abs(value) < 0.0005:
                text.set_text("≈ 0")
        fused_mark.set_data([3.55], [fused])

        right = [k for k in range(3) if y[k]]
        what = " + ".join(f"(−1/{live.plain(a[k])}) · {live.plain(J[k, j])}" for k in right)
        sentence = (
            f"a = {live.numbers(a)}, y = {live.numbers(y, 0)}. By (6), ∂L/∂z{'₁₂₃'[j]} = {what} = {live.plain(total)}; "
            f"only k with yₖ = 1 counts. With aₖ cancelled: {y.sum()} · a{'₁₂₃'[j]} − y{'₁₂₃'[j]} = "
            f"{live.plain(fused)}."
        )
        if not np.isfinite(total):
            sentence += " One over the probability of a right class no longer fits a double here, so (6) fails. "
            sentence += "After cancelling nothing is divided."
        return sentence

    rows = [[z[0], z[1]], [z[2], scale], [right_class], [by]]
    moving = [*outer_bars, *outer_texts, *inner_bars, *inner_texts, *term_bars, *term_texts, fused_mark]
    return live.Explorer("chain_rule", fig, rows, moving, update)
