"""Lesson 3: what it costs to believe q where the world is p."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers import figures, live
from helpers.cross_entropy import cross_entropy as equation_3

NAMES = ("Adelie", "Chinstrap", "Gentoo")
TOP = 4.5  # nats: the axis' end; the surprisal of 1 share among 41 is 3.7


def cross_entropy():
    """The world p and the belief q as shares, the surprisals, and H(p, q) split into entropy and KL."""
    shares_p = [live.whole_slider(f"world p: shares of {NAMES[k]}", 0, 20, (9, 4, 7)[k]) for k in range(3)]
    shares_q = [live.whole_slider(f"belief q: shares of {NAMES[k]}", 0, 20, (5, 10, 5)[k]) for k in range(3)]

    fig, (left, middle, right) = figures.subplots(1, 3, height=3.7, width_ratios=[3, 4, 2])
    p_bars = left.bar(np.arange(3) - 0.2, np.ones(3), 0.36, color=figures.COLOURS[:3], edgecolor=figures.INK)
    q_bars = left.bar(
        np.arange(3) + 0.2, np.ones(3), 0.36, facecolor="white", edgecolor=figures.COLOURS[:3], hatch="//"
    )
    p_texts, q_texts = (left.bar_label(bars, ["", "", ""], padding=2, fontsize=9) for bars in (p_bars, q_bars))
    left.set(ylim=(0, 1.12), title="$p_k$ (full) and $q_k$ (hatched)")
    left.set_xticks(range(3), NAMES, fontsize=10)

    middle.set(xlim=(0, 1), ylim=(0, TOP), title="width $p_k$, height $-\\log q_k$: the area is $H(p, q)$")
    middle.set(xlabel="$p$, class after class (dashed: $-\\log p_k$)", ylabel="surprisal, nats")
    areas = [
        middle.add_patch(Rectangle((0, 0), 0, 0, facecolor=figures.COLOURS[k], edgecolor="white", alpha=0.75))
        for k in range(3)
    ]
    for area, hatch in zip(areas, figures.HATCHES, strict=False):
        area.set_hatch(hatch)
    own = [middle.plot([], [], "--", color=figures.INK, linewidth=2)[0] for _ in range(3)]
    beyond = [middle.text(0, 0.97 * TOP, "", ha="center", va="top", fontsize=11) for _ in range(3)]

    right.set(xlim=(-0.6, 0.6), ylim=(0, TOP), xticks=[], title="$H(p, q)$, nats")
    (entropy_bar,) = right.bar([0], [1], 0.7, color=figures.GREY)
    (kl_bar,) = right.bar([0], [1], 0.7, facecolor="white", edgecolor=figures.COLOURS[1], hatch="xx", linewidth=1.5)
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
    entropy_text, kl_text = (right.text(0, 0, "", ha="center", va="center", fontsize=9, bbox=box) for _ in range(2))

    def distribution(name, sliders):
        shares = np.array([slider.value for slider in sliders], dtype=float)
        if shares.sum() == 0:
            raise ValueError(f"{name} has no shares: raise one of its sliders")
        return shares / shares.sum()

    def update():
        p, q = distribution("p", shares_p), distribution("q", shares_q)
        total, entropy = equation_3(p, q), equation_3(p, p)
        divergence = total - entropy
        with np.errstate(divide="ignore"):
            surprisal, least = 0 - np.log(q), 0 - np.log(p)
        figures.set_bars(p_bars, p_texts, p, digits=2)
        figures.set_bars(q_bars, q_texts, q, digits=2)
        start = np.concatenate([[0], np.cumsum(p)])
        for k in range(3):
            areas[k].set_bounds(start[k], 0, p[k], min(surprisal[k], TOP))
            own[k].set_data(start[k : k + 2], [least[k]] * 2 if p[k] > 0 else [np.nan] * 2)
            beyond[k].set(x=start[k] + p[k] / 2, text="∞" if p[k] > 0 and q[k] == 0 else "")
        entropy_bar.set_height(entropy)
        kl_bar.set_y(entropy)
        kl_bar.set_height(min(divergence, 2 * TOP))
        entropy_text.set(text=f"H(p) {live.number(entropy)}", y=max(entropy / 2, 0.12))
        inside = entropy + divergence / 2 if divergence > 0.4 else total + 0.2  # else above the bar
        kl_text.set(text=f"KL {live.number(divergence)}", y=min(inside, TOP - 0.4))

        sentence = (
            f"p = {live.numbers(p)}, q = {live.numbers(q)}; surprisals −log q = {live.numbers(surprisal)} nats. "
            f"H(p, q) = {live.number(total)} nats = {live.number(total / np.log(2))} bits: "
            f"entropy {live.number(entropy)} + KL {live.number(divergence)} nats."
        )
        if np.isinf(total):
            never = " and ".join(NAMES[k] for k in range(3) if p[k] > 0 and q[k] == 0)
            return f"{sentence} {never} happens and q says it never does."
        return sentence

    rows = [[shares_p[k], shares_q[k]] for k in range(3)]
    moving = [*p_bars, *q_bars, *p_texts, *q_texts, *areas, *own, *beyond, entropy_bar, kl_bar, entropy_text, kl_text]
    return live.Explorer("cross_entropy", fig, rows, moving, update)
