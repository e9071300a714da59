"""Lesson 6: the loss over two of the nine parameters, and the boundaries at the chosen point."""

import numpy as np

from helpers import figures, live, painting
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import penguins
from helpers.explorers.landscape import NAMES, POINT, SYMBOLS, layer, loss_over, view
from helpers.network import weighted_inputs

START_W = np.array([[-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]])
LIMIT = 6
SIDE = np.linspace(-LIMIT, LIMIT, 31)


def two_parameters():
    """The surface and the map of the loss over two parameters, the others held, beside the penguins."""
    data = penguins()
    Y = one_hot(data.labels, 3)
    parameters = np.concatenate([START_W.ravel(), np.zeros(3)])

    options = [(name, i) for i, name in enumerate(NAMES)]
    first, second = live.menu("first parameter", options, 0), live.menu("second parameter", options, 4)
    u, v = live.slider("value of w₁₁", -LIMIT, LIMIT, 0.1, 0), live.slider("value of w₃₁", -LIMIT, LIMIT, 0.1, 0)

    fig, ax = figures.mosaic(
        [["surface", "map", "plane"]],
        height=3.6,
        width_ratios=[4, 3, 4],
        per_subplot_kw={"surface": {"projection": "3d", "computed_zorder": False}},
    )
    surface, contours, plane = ax["surface"], ax["map"], ax["plane"]
    surface.tick_params(labelsize=8, pad=0)
    surface.set_title("the loss $L$ as a surface")
    contours.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), box_aspect=1, title="from above")
    figures.frame(plane, data.X, data.feature_names)
    (on_surface,) = surface.plot([], [], [], "o", zorder=5, **POINT)
    (on_map,) = contours.plot([], [], "o", zorder=5, **POINT)
    (foot,) = surface.plot([], [], [], "-", color=figures.INK, linewidth=1, zorder=5)
    shading = painting.Shading(plane, 3)
    lines = figures.boundaries(plane, START_W, np.zeros(3))
    birds = figures.points(plane, data.X, data.labels, size=16)
    figures.names_above(plane, birds, data.class_names)
    shown = {}  # which two parameters the sliders stand for, and the landscape drawn for them

    def draw_landscape(i, j):
        """The surface and the contours for parameters i and j: they change with the choice, not with the point."""
        for artist in shown.get("artists", ()):
            artist.remove()
        height = loss_over(data, parameters, i, j, SIDE)
        x, y = np.meshgrid(SIDE, SIDE)
        colours = {"cmap": "cividis_r", "vmin": height.min(), "vmax": 1.4 * height.max()}
        sheet = surface.plot_surface(x, y, height, rcount=31, ccount=31, alpha=0.85, zorder=0, **colours)
        levels = height.min() + (height.max() - height.min()) * np.array([0.003, 0.01, 0.03, 0.08, 0.2, 0.4, 0.6, 0.8])
        filled = contours.contourf(SIDE, SIDE, height, [height.min(), *levels, height.max()], alpha=0.75, **colours)
        edges = contours.contour(SIDE, SIDE, height, levels, colors=figures.INK, linewidths=0.6)
        contours.clabel(edges, levels[2:], fontsize=8, fmt="%.2g")
        surface.view_init(elev=35, azim=view(height))
        surface.set(zlim=(0, height.max()), xlabel=SYMBOLS[i], ylabel=SYMBOLS[j])
        contours.set(xlabel=SYMBOLS[i], ylabel=SYMBOLS[j])
        lowest = np.unravel_index(height.argmin(), height.shape)
        shown.update(artists=[sheet, filled, edges], lowest=(SIDE[lowest[1]], SIDE[lowest[0]], height[lowest]))

    def choose():
        """Let the sliders stand for the two chosen parameters."""
        if first.value == second.value:  # the menu that moved wins, the other makes room
            stays, moves = (first, second) if first.value != shown["pair"][0] else (second, first)
            moves.value = (stays.value + 1) % len(NAMES)
        i, j = first.value, second.value
        shown["pair"] = (i, j)
        u.value, v.value = parameters[[i, j]]
        u.description, v.description = f"value of {NAMES[i]}", f"value of {NAMES[j]}"
        draw_landscape(i, j)

    def reset():
        parameters[:] = [*START_W.ravel(), 0, 0, 0]
        shown["pair"] = None

    def update():
        if shown.get("pair") == (first.value, second.value):
            parameters[[first.value, second.value]] = u.value, v.value
        else:
            choose()
        W, b = layer(parameters)
        loss = softmax_crossentropy(weighted_inputs(data.X, W, b), Y)
        on_map.set_data([u.value], [v.value])
        on_surface.set_data_3d([u.value], [v.value], [loss])
        foot.set_data_3d([u.value] * 2, [v.value] * 2, [0, loss])
        shading.set_layer(W.copy(), b.copy())
        figures.set_boundaries(lines, plane, W, b)
        i, j = shown["pair"]
        here, lowest = live.numbers((u.value, v.value), 1), live.numbers(shown["lowest"][:2], 1)
        held = ", ".join(f"{NAMES[k]} = {live.number(parameters[k], 1)}" for k in range(9) if k not in (i, j))
        return (
            f"({NAMES[i]}, {NAMES[j]}) = {here}: loss {live.number(loss)}. The lowest loss on this map is about "
            f"{live.number(shown['lowest'][2])}, near {lowest}. Held: {held}."
        )

    rows = [[first, u], [second, v], [live.button("Reset all nine", reset)]]
    moving = [on_surface, foot, on_map, shading, *lines, *birds]
    return live.Explorer("two_parameters", fig, rows, moving, update)
