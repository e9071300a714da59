"""Lesson 3: what it costs to believe q where the world is p."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import cross_entropy
from helpers.explorers.explorer import SPECIES, Explorer, number, numbers, slider, values
from helpers.explorers.hand import Bars, put

MOST = 20  # shares
TOP = 4.5  # nats: the axis' end; the surprisal of 1 share among 41 is 3.7
COLOURS = figures.COLOURS[:3]


class CrossEntropy(Explorer):
    """The world p and the belief q as shares, the surprisals, and H(p, q) split into entropy and KL."""

    def build(self):
        self.p = [slider(f"world p: shares of {SPECIES[k]}", 0, MOST, 1, (9, 4, 7)[k]) for k in range(3)]
        self.q = [slider(f"belief q: shares of {SPECIES[k]}", 0, MOST, 1, (5, 10, 5)[k]) for k in range(3)]
        rows = list(zip(self.p, self.q, strict=True))

        fig, (left, ax, right) = figures.subplots(1, 3, height=3.7, width_ratios=[3, 4, 2])
        p_bars = left.bar(np.arange(3) - 0.2, np.ones(3), 0.36, color=COLOURS, edgecolor=figures.INK)
        q_bars = left.bar(np.arange(3) + 0.2, np.ones(3), 0.36, facecolor="white", edgecolor=COLOURS, hatch="//")
        self.bars = [(bars, left.bar_label(bars, [""] * 3, padding=2, fontsize=9)) for bars in (p_bars, q_bars)]
        left.set(ylim=(0, 1.12), title="$p_k$ (full) and $q_k$ (hatched)")
        left.set_xticks(range(3), SPECIES, fontsize=10)
        right.set(xlim=(-0.6, 0.6), ylim=(0, TOP), xticks=[], title="$H(p, q)$, nats")
        (self.entropy,) = right.bar([0], [1], 0.7, color=figures.GREY)
        (self.kl,) = right.bar([0], [1], 0.7, facecolor="white", edgecolor=COLOURS[1], hatch="xx", linewidth=1.5)
        right.legend([self.kl, self.entropy], ["$KL$", "$H(p)$"], loc="upper center", fontsize=9)

        # For each class the area p_k times -log q_k, a line at -log p_k, and room for an infinity sign.
        ax.set(xlim=(0, 1), ylim=(0, TOP), title="width $p_k$, height $-\\log q_k$: the area is $H(p, q)$")
        ax.set(xlabel="$p$, class after class (dashed: $-\\log p_k$)", ylabel="surprisal, nats")
        style = {"color": COLOURS, "hatch": figures.HATCHES[:3], "edgecolor": "white", "alpha": 0.75}
        self.areas = ax.bar(range(3), np.ones(3), **style)
        self.least = [ax.plot([], [], "--", color=figures.INK, linewidth=2)[0] for _ in range(3)]
        self.beyond = [ax.text(0, 0.97 * TOP, "", ha="center", va="top", fontsize=11) for _ in range(3)]
        return rows, fig, [self.bars, self.areas, self.least, self.beyond, self.entropy, self.kl]

    def update(self):
        p, q = distribution("p", self.p), distribution("q", self.q)
        total, entropy = cross_entropy(p, q), cross_entropy(p, p)
        with np.errstate(divide="ignore"):
            surprisal, least = -np.log(q), -np.log(p)
        for bars, heights in zip(self.bars, (p, q), strict=True):
            figures.set_bars(*bars, heights, digits=2)
        start = np.concatenate([[0], np.cumsum(p)])
        for k in range(3):
            self.areas[k].set_bounds(start[k], 0, p[k], min(surprisal[k], TOP))
            self.least[k].set_data(start[k : k + 2], [least[k]] * 2 if p[k] > 0 else [np.nan] * 2)
            self.beyond[k].set(x=start[k] + p[k] / 2, text="∞" if p[k] > 0 and q[k] == 0 else "")
        self.entropy.set_height(entropy)
        self.kl.set(y=entropy, height=min(total - entropy, 2 * TOP))
        sentence = (
            f"p = {numbers(p)}, q = {numbers(q)}; surprisals −log q = {numbers(surprisal)} nats. "
            f"H(p, q) = {number(total)} nats = {number(total / np.log(2))} bits: "
            f"entropy {number(entropy)} + KL {number(total - entropy)} nats."
        )
        never = " and no ".join(SPECIES[k] for k in range(3) if p[k] > 0 and q[k] == 0)
        return sentence + (f" According to q there is no {never}, but according to p there is." if never else "")

    def grabs(self):
        return [self.handle(bars, sliders) for (bars, _), sliders in zip(self.bars, (self.p, self.q), strict=True)]

    def handle(self, bars, sliders):
        """Bars to pull: the others' shares stay, or keep their ratio where the pulled ones would be too many."""
        shares = values(sliders)

        def pull(k, height):
            chosen, share = np.arange(3) == k, np.clip(height, 0, 1)
            others = np.where(chosen, 0, shares if shares[~chosen].any() else 1)
            wanted = np.where(chosen, share, (1 - share) * others / others.sum())
            put(sliders, wanted * min(others.sum() / max(1 - share, 1e-9), MOST / wanted.max()))

        return Bars(bars, pull)


def distribution(name, sliders):
    """The shares that the sliders give, as probabilities."""
    shares = values(sliders)
    if shares.sum() == 0:
        raise ValueError(f"{name} has no shares: raise one of its sliders")
    return shares / shares.sum()
