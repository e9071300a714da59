"""Lesson 7: the student's own step trains a layer on the penguins, one batch after the other."""

import ipywidgets
import numpy as np

from helpers import figures, live, painting
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import penguins
from helpers.explorers.landscape import NAMES, SYMBOLS, loss_over
from helpers.explorers.training import Training
from helpers.network import accuracy, predict, weighted_inputs

LIMIT = 8
SIDE = np.linspace(-LIMIT, LIMIT, 21)
LEVELS = (0.08, 0.1, 0.13, 0.17, 0.25, 0.35, 0.5, 0.75, 1.1, 1.6, 2.5, 4, 7, 12)
STEPS = (60, 300, 1500, 7500, 45000)  # ends of the axis of the loss curve


def training_player(sgd_step):
    """The boundaries, the loss curve and the way over a map of the loss while your function trains the layer.

    Parameters
    ----------
    sgd_step : callable
        sgd_step(W, b, X, Y, learning_rate) -> (W, b), new arrays of shapes (3, 2) and (3,).
    """
    data = penguins()
    training = Training(sgd_step, data.X, one_hot(data.labels, 3))
    losses, path = [], []

    # The browser's clock; its own buttons have no names that a screen reader could say, so they stay hidden.
    clock = ipywidgets.Play(min=0, max=100_000, interval=120, description="clock", layout={"display": "none"})
    rate = live.choice("learning rate", [0.01, 0.1, 0.5, 2, 20], 0.5)
    size = live.choice("batch size", [("1", 1), ("8", 8), ("32", 32), ("all 258", 258)], 32)
    options = [(name, i) for i, name in enumerate(NAMES)]
    first, second = live.menu("map over", options, 0), live.menu("and over", options, 5)

    fig, ax = figures.mosaic([["plane", "map", "curve"]], height=3.7, width_ratios=[5, 4, 4])
    plane, chart, curve = ax["plane"], ax["map"], ax["curve"]
    figures.frame(plane, data.X, data.feature_names)
    shading = painting.Shading(plane, 3)
    lines = figures.boundaries(plane, training.W, training.b)
    birds = figures.points(plane, data.X, data.labels, size=18)
    figures.names_above(plane, birds, data.class_names)
    (rings,) = plane.plot([], [], "o", markersize=9, markerfacecolor="none", markeredgecolor=figures.INK)
    chart.set(box_aspect=1, title="the loss: yellow is low, dark high")
    bands = painting.Bands(chart, SIDE, LEVELS, "cividis_r")
    (way,) = chart.plot([], [], ".-", color=figures.COLOURS[8], markersize=4, linewidth=1.2)
    (here,) = chart.plot([], [], "o", color=figures.INK, markersize=9, markeredgecolor="white")
    chart.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT))
    curve.set(yscale="log", xlim=(0, 1), ylim=(0.05, 50), xlabel="step", title="loss $L$, training penguins")
    curve.set_yticks([0.1, 1, 10], ["0.1", "1", "10"])
    curve.minorticks_off()
    curve.axhline(np.log(3), color=figures.GREY, linestyle=":")
    curve.annotate("log 3", (0, np.log(3)), (3, 2), textcoords="offset points", fontsize=9, color=figures.GREY)
    (history,) = curve.plot([], [], color=figures.COLOURS[0], linewidth=1.8)
    (now,) = curve.plot([], [], "o", color=figures.INK, markersize=7)
    played = [0]
    axes_of_map = []

    def record():
        losses.append(softmax_crossentropy(weighted_inputs(data.X, training.W, training.b), training.Y))
        path.append(np.concatenate([training.W.ravel(), training.b]))

    def step():
        training.step(rate.value, size.value)
        record()

    def epoch():
        before = training.epochs
        while training.epochs == before:
            step()

    def reset():
        clock.playing = False
        training.reset()
        losses.clear()
        path.clear()
        record()

    def play():
        clock.playing = not clock.playing

    reset()
    play_button = live.button("Play", play)
    clock.observe(lambda change: setattr(play_button, "description", "Pause" if change.new else "Play"), "playing")

    def update():
        ticked, played[0] = clock.value > played[0], clock.value
        if ticked:
            step()
        if first.value == second.value:
            second.value = (first.value + 1) % len(NAMES)
        i, j = first.value, second.value
        if axes_of_map != [i, j]:
            axes_of_map[:] = [i, j]
            chart.set(xlabel=SYMBOLS[i], ylabel=SYMBOLS[j])
        end = next((end for end in STEPS if end >= training.steps), training.steps)
        if curve.get_xlim()[1] != end:
            curve.set(xlim=(0, end), xticks=[0, end // 3, end // 3 * 2])

        W, b = training.W, training.b
        shading.set_layer(W, b)
        figures.set_boundaries(lines, plane, W, b)
        rings.set_data(*data.X[training.batch].T)
        bands.values = loss_over(data, path[-1], i, j, SIDE)
        trail = np.array(path)
        way.set_data(trail[:, i], trail[:, j])
        here.set_data(trail[-1:, i], trail[-1:, j])
        history.set_data(np.arange(len(losses)), losses)
        now.set_data([len(losses) - 1], losses[-1:])
        share = accuracy(predict(weighted_inputs(data.X, W, b)), data.labels)
        test = accuracy(predict(weighted_inputs(data.X_test, W, b)), data.labels_test)
        sentence = (
            f"Steps {training.steps}, epochs {training.epochs}: loss {live.number(losses[-1])}, before the first step "
            f"{live.number(losses[0])}. Accuracy {live.number(100 * share, 1)} % on the training penguins, "
            f"{live.number(100 * test, 1)} % on the others. {NAMES[i]} = {live.number(path[-1][i], 2)}, "
            f"{NAMES[j]} = {live.number(path[-1][j], 2)}."
        )
        if max(abs(path[-1][[i, j]])) > LIMIT:
            sentence += " The layer has left the map."
        return sentence

    buttons = [play_button, live.button("Step", step), live.button("Epoch", epoch), live.button("Reset", reset)]
    rows = [[clock, *buttons], [rate, size], [first, second]]
    moving = [shading, *lines, *birds, rings, bands, way, here, history, now]
    return live.Explorer("training_player", fig, rows, moving, update)
