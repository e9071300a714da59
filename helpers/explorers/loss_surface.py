"""Lessons 04 and 05: the loss as a landscape over two scores, and the way down."""

import numpy as np

from helpers import figures, live
from helpers.cross_entropy import one_hot, softmax_crossentropy, softmax_crossentropy_grad
from helpers.explorers.landscape import POINT, view
from helpers.softmax import log_softmax, softmax

LIMIT = 6
START = (-2.0, 1.0)
LEVELS = (0.02, 0.1, 0.25, 0.5, 1, 2, 3, 4, 6, 8, 10)


def loss_surface(gradient=True, classes=2):
    """The loss over the scores z1 and z2 as a surface and as contours, with a point to move.

    Parameters
    ----------
    gradient : bool
        Whether to show the gradient of equation (8) and the buttons that step along it.
    classes : int
        2 or 3 to begin with; the third score, if there is one, stays 0.
    """
    z1 = live.slider("score z₁", -LIMIT, LIMIT, 0.1, START[0])
    z2 = live.slider("score z₂", -LIMIT, LIMIT, 0.1, START[1])
    count = live.choice("classes m", [("2", 2), ("3, with z₃ = 0", 3)], classes)
    truth = live.choice("right class", [("1", 0), ("2", 1), ("3", 2)][:classes], 0)

    rows = [[z1, z2], [count, truth]]
    if gradient:
        rate = live.slider("step size", 0.1, 6, 0.1, 1)
        one, ten = live.button("Step", lambda: steps(1)), live.button("10 steps", lambda: steps(10))
        rows.append([rate, one, ten, live.button("Reset", lambda: reset())])

    fig, ax = figures.mosaic(
        [["surface", "map"]],
        height=4.2,
        width_ratios=[5, 4],
        per_subplot_kw={"surface": {"projection": "3d", "computed_zorder": False}},
    )
    surface, contours = ax["surface"], ax["map"]
    moving_3d = paint(surface, gradient, ([], [], []))
    moving_2d = paint(contours, gradient, ([], []))
    landscape = {}  # what is drawn now, and for which classes
    path = [np.array(START)]

    def scores(points):
        """Points (z1, z2) with the third score, if there is one: shape (..., m)."""
        points = np.asarray(points, dtype=float)
        return np.concatenate([points, np.zeros((*points.shape[:-1], count.value - 2))], axis=-1)

    def loss_at(points):
        """The loss at each of the points (z1, z2)."""
        return -log_softmax(scores(points))[..., truth.value]

    def step():
        y = one_hot(truth.value, count.value)
        downhill = -softmax_crossentropy_grad(scores(path[-1]), y)[:2]
        path.append(np.clip(path[-1] + rate.value * downhill, -LIMIT, LIMIT))

    def steps(count):
        for _ in range(count):
            step()
        z1.value, z2.value = path[-1].round(1)  # the sliders know tenths; the path keeps all digits

    def reset():
        path[:] = [np.array(START)]
        z1.value, z2.value = START

    def draw_landscape():
        """The surface and the contours: they change with the classes only, not with the point."""
        if landscape.get("for") == (count.value, truth.value):
            return
        path[:] = path[-1:]  # steps down another landscape are no longer true
        for artist in landscape.get("artists", ()):
            artist.remove()
        side = np.linspace(-LIMIT, LIMIT, 49)
        grid = np.stack(np.meshgrid(side, side), axis=-1)
        height = loss_at(grid.reshape(-1, 2)).reshape(49, 49)
        style = {"cmap": "cividis_r", "vmin": 0, "vmax": 16}
        drawn = surface.plot_surface(*np.moveaxis(grid, -1, 0), height, rcount=25, ccount=25, alpha=0.85, **style)
        drawn.set_zorder(0)
        surface.view_init(elev=28, azim=view(height))
        filled = contours.contourf(side, side, height, [0, *LEVELS, 14], alpha=0.75, **style)
        lines = contours.contour(side, side, height, LEVELS, colors=figures.INK, linewidths=0.6)
        contours.clabel(lines, fontsize=8, fmt="%g")  # `lines.remove` takes them along
        landscape.update({"for": (count.value, truth.value), "artists": [drawn, filled, lines]})

    def update():
        m = count.value
        if len(truth.options) != m:
            kept = truth.value if truth.value < m else 0
            truth.options = [("1", 0), ("2", 1), ("3", 2)][:m]
            truth.value = kept
        draw_landscape()
        shown = np.array([z1.value, z2.value])
        if not np.allclose(shown, path[-1].round(1)):  # a slider moved it: a new path begins
            path[:] = [shown]
        here = path[-1]
        z, y, k = scores(here), one_hot(truth.value, m), truth.value
        a, loss = softmax(z), softmax_crossentropy(z, y)

        place(moving_2d["point"], here)
        place(moving_3d["point"], here, loss)
        along = np.linspace(-2 * LIMIT, 2 * LIMIT, 121)[:, None] + here  # here + c (1, 1)
        along = along[(abs(along) <= LIMIT).all(axis=1)] if m == 2 else along[:0]
        place(moving_2d["flat"], along)
        place(moving_3d["flat"], along, loss_at(along) if len(along) else [])

        sentence = (
            f"Scores z = {live.numbers(z, 2)}, right class {k + 1}: a = {live.numbers(a)}, "
            f"L = −log a{'₁₂₃'[k]} = {live.plain(loss)}."
        )
        if gradient:
            g = softmax_crossentropy_grad(z, y)
            arrow = here - rate.value * np.linspace(0, 1, 25)[:, None] * g[:2]
            arrow = arrow[(abs(arrow) <= LIMIT).all(axis=1)]
            trail = np.array(path)
            place(moving_2d["arrow"], arrow)
            place(moving_3d["arrow"], arrow, loss_at(arrow))
            place(moving_2d["tip"], arrow[-1:])
            place(moving_3d["tip"], arrow[-1:], loss_at(arrow[-1:]))
            place(moving_2d["path"], trail)
            place(moving_3d["path"], trail, loss_at(trail))
            sentence += f" Its gradient is a − y = ({', '.join(live.plain(g_k) for g_k in g)})."
            if len(path) > 1:
                sentence += f" Steps taken: {len(path) - 1}, from a loss of {live.number(loss_at(path[0]))}."
            if (abs(here) == LIMIT).any():
                sentence += " The point is at the edge of the map."
        if m == 2:
            sentence += " Along the dashed line both scores grow alike and the loss stays."
        else:
            sentence += " Adding one number to all three scores leaves this plane; the loss stays."
        return sentence

    moving = [*moving_3d.values(), *moving_2d.values()]
    return live.Explorer("loss_surface", fig, rows, moving, update)


def paint(ax, gradient, empty):
    """What moves on one of the two axes, in the order of drawing; and the axes' labels."""
    ax.set(xlim=(-LIMIT, LIMIT), ylim=(-LIMIT, LIMIT), xlabel="score $z_1$", ylabel="score $z_2$")
    if ax.name == "3d":
        ax.set(zlim=(0, 12.5), zlabel="loss $L$", title="the loss as a surface")
    else:
        ax.set(aspect="equal", title="the same from above")
    styles = {"flat": ("--", {"color": figures.COLOURS[8], "linewidth": 2})}
    if gradient:
        styles["path"] = (".-", {"color": figures.INK, "linewidth": 1.2, "markersize": 6})
        styles["arrow"] = ("-", {"color": figures.COLOURS[1], "linewidth": 3})
        styles["tip"] = ("^", {"color": figures.COLOURS[1], "markersize": 8})
    styles["point"] = ("o", POINT)
    return {name: ax.plot(*empty, style, zorder=5, **more)[0] for name, (style, more) in styles.items()}


def place(line, points, height=None):
    """Move a line of the map, or with `height` of the surface, to points of shape (..., 2)."""
    x, y = np.reshape(points, (-1, 2)).T
    if height is None:
        line.set_data(x, y)
    else:
        line.set_data_3d(x, y, np.reshape(height, -1))
