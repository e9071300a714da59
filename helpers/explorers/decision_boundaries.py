"""Lesson 6: nine numbers decide where the boundaries run."""

import numpy as np

from helpers import figures, live, painting
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import penguins
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

START_W = np.array([[-1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
START_B = np.zeros(3)
TARGET = 0.15


def decision_boundaries():
    """The penguins in the plane of two measurements, and a layer whose weights and biases are yours to set."""
    data = penguins()
    names, (first, second) = data.class_names, data.feature_names
    Y = one_hot(data.labels, 3)
    W, b = START_W.copy(), START_B.copy()
    best = [None]

    of_class = live.choice("weights of class", [(name, k) for k, name in enumerate(names)], 0)
    weight_1 = live.slider("", -5, 5, 0.1, 0)
    weight_2 = live.slider("", -5, 5, 0.1, 0)
    bias = live.slider("", -5, 5, 0.1, 0)
    bird = live.whole_slider("penguin number", 0, len(data.X) - 1, 80)

    fig, ax = figures.mosaic(
        [["plane", "x", "z", "a"], ["plane", "loss", "loss", "loss"]],
        height=4.2,
        width_ratios=[6, 2, 3, 3],
        height_ratios=[4, 1],
    )
    plane = ax["plane"]
    figures.frame(plane, data.X, data.feature_names)
    shading = painting.Shading(plane, 3)
    lines = figures.boundaries(plane, W, b)
    birds = figures.points(plane, data.X, data.labels)
    figures.names_above(plane, birds, names)
    (ring,) = plane.plot([], [], "o", markersize=15, markerfacecolor="none", color="black", markeredgewidth=2.5)
    x_bars, x_texts = figures.bars(ax["x"], np.ones(2), ["$x_1$", "$x_2$"], [figures.GREY] * 2)
    z_bars, z_texts = figures.bars(ax["z"], np.ones(3), names)
    a_bars, a_texts = figures.bars(ax["a"], np.ones(3), names)
    ax["x"].set(title="features", ylim=(-3.4, 3.4), yticks=[-2, 0, 2])
    ax["z"].set(title="→  scores $z$")
    ax["a"].set(title="→  probabilities $a$", ylim=(0, 1.15), yticks=[0, 0.5, 1])
    for panel in (ax["z"], ax["a"]):
        panel.set_xticks(range(3), [name[:3] + "." for name in names])
    now, record = gauge(ax["loss"])

    def read():
        """Take over what the sliders say about the chosen class, and when the class changes, show its numbers."""
        j = of_class.value
        if read.shown == j:
            W[j], b[j] = (weight_1.value, weight_2.value), bias.value
        weight_1.value, weight_2.value, bias.value = *W[j], b[j]
        weight_1.description = f"weight w{'₁₂₃'[j]}₁ ({first})"
        weight_2.description = f"weight w{'₁₂₃'[j]}₂ ({second})"
        bias.description = f"bias b{'₁₂₃'[j]}"
        read.shown = j

    def reset():
        W[:], b[:] = START_W, START_B
        best[0], read.shown = np.inf, None

    reset()

    def update():
        read()
        Z = weighted_inputs(data.X, W, b)
        loss, share = softmax_crossentropy(Z, Y), accuracy(predict(Z), data.labels)
        best[0] = min(best[0], loss)
        i = bird.value
        x, z, a, label = data.X[i], Z[i], softmax(Z[i]), data.labels[i]

        shading.set_layer(W, b)
        figures.set_boundaries(lines, plane, W, b)
        ring.set_data(*x[:, None])
        figures.set_bars(x_bars, x_texts, x, digits=1)
        limit = 6 if abs(z).max() < 5 else 45
        if ax["z"].get_ylim()[1] != limit:
            ax["z"].set(ylim=(-limit, limit), yticks=[-limit // 3 * 2, 0, limit // 3 * 2])
        figures.set_bars(z_bars, z_texts, z, digits=1)
        figures.set_bars(a_bars, a_texts, a)
        now.set_xdata([loss])
        record.set_xdata([best[0]])

        goal = f"target {TARGET} reached" if best[0] <= TARGET else f"target {TARGET} not reached yet"
        return (
            f"Loss {live.number(loss)}, accuracy {live.number(100 * share, 1)} %; best loss so far "
            f"{live.number(best[0])}, {goal}. Penguin {i} ({names[label]}): x = {live.numbers(x, 2)}, "
            f"z = {live.numbers(z, 2)}, a = {live.numbers(a)}, its loss −log a{'₁₂₃'[label]} = "
            f"{live.number(softmax_crossentropy(z, Y[i]))}."
        )

    rows = [[of_class, live.button("Reset", reset)], [weight_1, bias], [weight_2, bird]]
    moving = [shading, *lines, *birds, ring]
    moving += [*x_bars, *x_texts, *z_bars, *z_texts, *a_bars, *a_texts, now, record]
    return live.Explorer("decision_boundaries", fig, rows, moving, update)


def gauge(ax):
    """The loss on a line, with the target; returns the markers of the loss now and of the best loss."""
    ax.set(
        xscale="log",
        xlim=(0.05, 40),
        ylim=(-1, 1),
        yticks=[],
        title="loss on all training penguins: ◆ now, ★ best so far",
    )
    ax.set_xticks([0.1, 0.3, 1, 3, 10, 30], ["0.1", "0.3", "1", "3", "10", "30"])
    ax.minorticks_off()
    ax.spines["left"].set_visible(False)
    ax.axvline(TARGET, color=figures.GREY, linestyle="--")
    ax.text(0.95 * TARGET, 0.5, "target", ha="right", va="center", fontsize=9, color=figures.GREY)
    (record,) = ax.plot([1], [0], "*", color=figures.COLOURS[4], markersize=13, markeredgecolor=figures.INK)
    (now,) = ax.plot([1], [0], "d", color=figures.INK, markersize=9)
    return now, record
