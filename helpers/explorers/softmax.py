"""Lesson 1: three scores become three probabilities."""

import numpy as np

from helpers import figures, live
from helpers.softmax import softmax as probabilities

NAMES = ("Adelie", "Chinstrap", "Gentoo")


def softmax():
    """Scores and probabilities as bars, and the probabilities as a point in the triangle."""
    z = [live.slider(f"score z{'₁₂₃'[k]} ({NAMES[k]})", -6, 6, 0.1, (2, 1, -1)[k]) for k in range(3)]
    shift = live.slider("added to all scores, c", -10, 10, 5, 0, digits=0)
    scale = live.slider("all scores times s", 0, 5, 0.1, 1)

    fig, (left, middle, right) = figures.subplots(1, 3, height=3.4, width_ratios=[3, 3, 4])
    score_bars, score_texts = figures.bars(left, np.ones(3), NAMES)
    left.set_title("scores $s\\,z_k + c$")
    activation_bars, activation_texts = figures.bars(middle, np.ones(3), NAMES)
    middle.set(title="probabilities $a_k$, equation (1)", ylim=(0, 1.12), yticks=[0, 0.25, 0.5, 0.75, 1])
    figures.triangle(right, NAMES)
    right.set_title("$a$ as a point: a corner is certainty")
    (point,) = right.plot([], [], "o", color=figures.INK, markersize=11, markeredgecolor="white", zorder=5)

    def update():
        own = np.array([slider.value for slider in z])
        scores = scale.value * own + shift.value
        limit = 12 if abs(scores).max() <= 10 else 45  # a wider axis only where it is needed
        if left.get_ylim()[1] != limit:
            left.set_ylim(-limit, limit)
        a = probabilities(scores)
        figures.set_bars(score_bars, score_texts, scores, digits=1)
        figures.set_bars(activation_bars, activation_texts, a)
        point.set_data(*figures.triangle_point(a)[:, None])

        top = np.flatnonzero(a > a.max() - 1e-12)
        most = " and ".join(NAMES[k] for k in top)
        sentence = (
            f"The scores {live.numbers(scores, 1)} give the probabilities {live.numbers(a)}, which sum to 1. "
            f"Most probable: {most}."
        )
        if shift.value:
            sentence += f" Without the {live.number(shift.value, 0)} on every score, a would be the same."
        if scale.value == 0:
            sentence += " With s = 0 all scores are equal."
        return sentence

    rows = [[z[0], z[1]], [z[2]], [shift, scale]]
    moving = [*score_bars, *score_texts, *activation_bars, *activation_texts, point]
    return live.Explorer("softmax", fig, rows, moving, update)
