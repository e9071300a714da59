"""Lesson 2: one score is nudged, and all probabilities move."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers import figures, live
from helpers.softmax import softmax, softmax_jacobian

NAMES = ("Adelie", "Chinstrap", "Gentoo")
REACH = 6
NUDGES = np.linspace(-REACH, REACH, 121)


def jacobian():
    """The probabilities along one nudged score with their tangents, and the matrix of equation (2)."""
    z = [live.slider(f"score z{'₁₂₃'[k]} ({NAMES[k]})", -6, 6, 0.1, (2, 1, -1)[k]) for k in range(3)]
    which = live.choice("nudged score", [("z₁", 0), ("z₂", 1), ("z₃", 2)], 1)
    nudge = live.slider("nudge h", -REACH, REACH, 0.1, 1.5)

    fig, (left, right) = figures.subplots(1, 2, height=3.9, width_ratios=[5, 4])
    left.set(xlim=(-REACH, REACH), ylim=(-0.3, 1.3), xlabel="nudge $h$ of the chosen score", ylabel="probability $a_k$")
    left.set_title("solid: true probability; dashed: tangent at $h = 0$")
    left.axhspan(-0.3, 0, color=figures.LIGHT, alpha=0.6, zorder=0)
    left.axhspan(1, 1.3, color=figures.LIGHT, alpha=0.6, zorder=0)
    left.axvline(0, color=figures.GREY, linewidth=0.8)
    curves = [left.plot([], [], color=figures.COLOURS[k], linewidth=2)[0] for k in range(3)]
    tangents = [left.plot([], [], "--", color=figures.COLOURS[k], linewidth=1.2)[0] for k in range(3)]
    (here,) = left.plot([], [], ":", color=figures.INK, linewidth=1.2)
    true = [left.plot([], [], figures.MARKERS[k], color=figures.COLOURS[k], markersize=9)[0] for k in range(3)]
    promised = [
        left.plot([], [], figures.MARKERS[k], color=figures.COLOURS[k], markersize=8, markerfacecolor="white")[0]
        for k in range(3)
    ]
    left.legend(true, [f"$a_{k + 1}$ {name}" for k, name in enumerate(NAMES)], loc="upper left", fontsize=9, ncols=3)

    right.set(xlim=(-0.5, 2.5), ylim=(2.5, -0.5), aspect="equal", title="$\\partial a_k / \\partial z_j$, equation (2)")
    right.set_xticks(range(3), [f"$z_{j + 1}$" for j in range(3)], fontsize=11)
    right.set_yticks(range(3), [f"$a_{k + 1}$" for k in range(3)], fontsize=11)
    right.spines[:].set_visible(False)
    cells, texts = cell_grid(right)
    (lit,) = right.plot([], [], color=figures.INK, linewidth=3.5, clip_on=False)

    def update():
        scores, j, h = np.array([slider.value for slider in z]), which.value, nudge.value
        a, J = softmax(scores), softmax_jacobian(scores)
        along = softmax(scores + NUDGES[:, None] * np.eye(3)[j])
        moved, tangent = softmax(scores + h * np.eye(3)[j]), a + h * J[:, j]
        for k in range(3):
            curves[k].set_data(NUDGES, along[:, k])
            tangents[k].set_data(NUDGES, a[k] + NUDGES * J[k, j])
            true[k].set_data([h], moved[k : k + 1])
            promised[k].set_data([h], tangent[k : k + 1])
        here.set_data([h, h], [-0.3, 1.12])  # up to the legend
        for (k, i), cell in cells.items():
            cell.set_facecolor(figures.signed_colour(J[k, i], 0.5))
            texts[k, i].set_text(live.number(J[k, i]))
        lit.set_data([j - 0.48, j + 0.48, j + 0.48, j - 0.48, j - 0.48], [-0.48, -0.48, 2.48, 2.48, -0.48])

        sentence = (
            f"At z = {live.numbers(scores, 1)}, a = {live.numbers(a)}. Nudging z{'₁₂₃'[j]} by {live.number(h, 1)} "
            f"changes a by {live.numbers(moved - a)}; the tangent, h times column {j + 1} = {live.numbers(J[:, j])}, "
            f"says {live.numbers(h * J[:, j])}."
        )
        outside = [NAMES[k] for k in range(3) if not -1e-4 < tangent[k] < 1 + 1e-4]  # 0.000 is no promise
        if outside:
            sentence += f" It promises an impossible probability for {' and '.join(outside)}."
        return sentence

    rows = [[z[0], z[1]], [z[2], nudge], [which]]
    moving = [*tangents, *curves, here, *promised, *true, *cells.values(), *texts.values(), lit]
    return live.Explorer("jacobian", fig, rows, moving, update)


def cell_grid(ax):
    """Nine squares and nine texts, by (row, column)."""
    cells, texts = {}, {}
    for k in range(3):
        for j in range(3):
            cells[k, j] = ax.add_patch(Rectangle((j - 0.48, k - 0.48), 0.96, 0.96))
            texts[k, j] = ax.text(j, k, "", ha="center", va="center", fontsize=11, color=figures.INK)
    return cells, texts
