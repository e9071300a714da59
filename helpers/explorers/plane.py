"""The penguins in the plane of two measurements, and what a layer makes of that plane."""

from itertools import combinations

import numpy as np
from matplotlib.artist import Artist

from helpers import figures
from helpers.explorers.hand import Lines


class Plane:
    """On `ax` the penguins `data` over the probabilities and the boundaries of a layer, at first a layer of zeros."""

    def __init__(self, ax, data):
        figures.frame(ax, data.X, data.feature_names)
        self.ax, self.shading = ax, Shading(ax, len(data.class_names))
        self.lines = figures.boundaries(ax, self.shading.W, self.shading.b)
        birds = figures.points(ax, data.X, data.labels, size=18)
        above = {"loc": "lower center", "bbox_to_anchor": (0.5, 0.99), "frameon": False, "handletextpad": 0.1}
        ax.legend(birds, data.class_names, ncols=3, columnspacing=0.8, **above)
        self.moving = [self.shading, self.lines, birds]

    def show(self, W, b):
        """The layer to show: W (m, 2), b (m,)."""
        self.shading.W, self.shading.b = W, b
        figures.set_boundaries(self.lines, self.ax, W, b)

    def boundaries(self, pull):
        """Handles of the lines where they decide: `pull(j, k, x, y)` for the one between the classes j and k."""
        pairs = combinations(range(len(self.shading.W)), 2)
        found = zip(pairs, (line.get_xydata() for line in self.lines[1::2]), strict=True)
        solid = [(pair, places[~np.isnan(places[:, 0])]) for pair, places in found]
        solid = [(pair, places) for pair, places in solid if len(places)]
        ends = [(places[0], places[-1]) for _, places in solid]
        return Lines(self.ax, ends, lambda line, x, y: pull(*solid[line][0], x, y))


class Shading(Artist):
    """The probabilities of a layer with two features: at each pixel, each class colour as strong as its probability.

    The colours are computed for the very pixels that show them and written into the canvas.
    """

    def __init__(self, ax, m):
        """Behind everything else in `ax`: m classes, all weights and biases 0."""
        super().__init__()
        self.W, self.b = np.zeros((m, 2)), np.zeros(m)
        self.tints = 255 * figures.blend(np.eye(m)).astype(np.float32)
        self.set_zorder(0)
        ax.add_artist(self)

    def draw(self, renderer):
        """Write the colours into the renderer's pixels, inside the axes' frame."""
        ax, pixels = self.axes, np.asarray(renderer.buffer_rgba())
        left, low, right, high = (round(edge) for edge in ax.bbox.extents)
        left, low = left + 1, low + 1  # keep off the frame
        # pixel centres in data coordinates; the buffer counts its rows from above
        x = ax.transData.inverted().transform([(left + 0.5, low + 0.5), (right - 0.5, high - 0.5)])
        x1, x2 = np.linspace(*x[:, 0], right - left), np.linspace(*x[::-1, 1], high - low)
        # z_k = w_k1 x_1 + (w_k2 x_2 + b_k): one number per column plus one per row
        z = (self.W[:, :1] * x1)[:, None, :] + (self.W[:, 1:] * x2 + self.b[:, None])[:, :, None]
        a = z.astype(np.float32)  # 7 digits are plenty for a colour, and twice as fast
        a = np.exp(a - a.max(axis=0))
        a /= a.sum(axis=0)
        colours = (self.tints.T @ a.reshape(len(a), -1)).reshape(3, len(x2), len(x1))
        pixels[len(pixels) - high : len(pixels) - low, left:right, :3] = np.moveaxis(colours, 0, -1)
        self.stale = False
