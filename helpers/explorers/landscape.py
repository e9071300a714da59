"""The loss as a landscape: over two numbers, as a surface and from above; over two of a layer's nine parameters."""

import numpy as np

from helpers import figures

PARAMETERS = ["w₁₁", "w₁₂", "w₂₁", "w₂₂", "w₃₁", "w₃₂", "b₁", "b₂", "b₃"]
SYMBOLS = ["$w_{11}$", "$w_{12}$", "$w_{21}$", "$w_{22}$", "$w_{31}$", "$w_{32}$", "$b_1$", "$b_2$", "$b_3$"]
COLOURS = "cividis_r"  # yellow is low, dark is high
LEVELS = np.array([0.003, 0.01, 0.03, 0.08, 0.2, 0.4, 0.6, 0.8])  # of the contour lines, from lowest to highest loss
# The point on a landscape: whole at the edge of the map too, and without taking room from the panels.
POINT = {"color": figures.INK, "markersize": 10, "markeredgecolor": "white", "clip_on": False, "in_layout": False}


class Landscape:
    """A loss over two numbers as a surface and from above, and marks that lie on both: a point and others.

    `panels` are those of the figure, among them "surface" and "map", as for `figures.subplots`; `side` holds the values
    of either number on the grid; `marks` the format and style of each other mark by its name, as for `Axes.plot`.
    """

    def __init__(self, panels, side, marks=(), **options):
        """Empty, until `draw` and `place` are called; `fig` and `ax` are the figure and all its axes by name."""
        kinds = {"surface": {"projection": "3d", "computed_zorder": False}}
        self.fig, self.ax = figures.subplots(panels=panels, per_subplot_kw=kinds, **options)
        self.surface, self.map, self.side, self.drawn, self.marks = self.ax["surface"], self.ax["map"], side, [], {}
        for ax, title in ((self.surface, "the loss $L$ as a surface"), (self.map, "the same from above")):
            ax.set(xlim=side[[0, -1]], ylim=side[[0, -1]], title=title)
        self.map.set_box_aspect(1)
        for name, (form, style) in {**dict(marks), "point": ("o", POINT)}.items():
            on_surface, on_map = self.surface.plot([], [], [], form, **style), self.map.plot([], [], form, **style)
            self.marks[name] = (*on_surface, *on_map)
        self.moving = list(self.marks.values())

    def draw(self, height, first, second):
        """The surface and its contour lines in place of those before; `first` and `second` name the axes.

        `height` holds the loss on the grid: the first number grows along the rows, the second down the columns.
        """
        for artist in self.drawn:
            artist.remove()
        low, high = height.min(), height.max()
        levels = low + (high - low) * LEVELS
        x, y = np.meshgrid(self.side, self.side)
        style = {"cmap": COLOURS, "vmin": low, "vmax": 1.4 * high}
        sheet = self.surface.plot_surface(x, y, height, rcount=25, ccount=25, alpha=0.85, zorder=0, **style)
        filled = self.map.contourf(x, y, height, [low, *levels, high], alpha=0.75, **style)
        lines = self.map.contour(x, y, height, levels, colors=figures.INK, linewidths=0.6)
        self.map.clabel(lines, levels[2:], fontsize=8, fmt="%.2g")  # `lines.remove` takes them along
        self.drawn = [sheet, filled, lines]
        # From both angles the first number grows to the right, as on the map; the higher side must not hide the lower.
        self.surface.view_init(elev=30, azim=-60 if height[:, 0].max() > height[:, -1].max() else -120)
        self.surface.set(zlim=(0, high), xlabel=first, ylabel=second)
        self.map.set(xlabel=first, ylabel=second)

    def place(self, name, points, height):
        """Move a mark to those of the points, shape (count, 2), that the map holds; `height` is the loss at each."""
        x, y, height = np.column_stack([points, height])[abs(points).max(axis=1) <= self.side[-1]].T
        on_surface, on_map = self.marks[name]
        on_map.set_data(x, y)
        on_surface.set_data_3d(x, y, height)


def layer(parameters):
    """W (..., 3, 2) and b (..., 3) of nine parameters, shape (..., 9)."""
    return parameters[..., :6].reshape(*parameters.shape[:-1], 3, 2), parameters[..., 6:]


def loss_over(data, parameters, i, j, side):
    """The loss where parameters i (along the rows) and j (down the columns) take the values of `side`, others held."""
    grid = np.tile(parameters, (len(side), len(side), 1))
    grid[..., i], grid[..., j] = side, side[:, np.newaxis]
    W, b = layer(grid)
    z = W @ data.X.T + b[..., np.newaxis]  # for each point of the grid the scores, shape (3, N)
    right = z[..., data.labels, np.arange(len(data.labels))]
    return (np.logaddexp.reduce(z, axis=-2) - right).mean(axis=-1)
