"""Pixels written into matplotlib's canvas directly, where its own way takes most of the time of a move.

A text of a few characters takes matplotlib 1 ms, an image 7 ms, filled contours more. Here a character is drawn once
and copied from then on, and a colour is computed for each pixel of the axes at once.
"""

from functools import lru_cache

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation, Text

from helpers import figures

MARGIN = 2  # pixels: what a character may stick out of its place to either side


def draw(artist, renderer):
    """Draw an artist of an explorer: a plain text from ready characters, everything else by matplotlib."""
    if isinstance(artist, Text) and not set("$\n") & set(artist.get_text()) and artist.get_bbox_patch() is None:
        write(artist, renderer)
    else:
        artist.draw(renderer)


def write(text, renderer):
    """Copy the characters of a plain text of one line into the renderer's pixels."""
    place = anchor(text)
    if not text.get_text() or not text.get_visible() or place is None:
        return
    size = round(renderer.points_to_pixels(text.get_fontsize()), 3)
    ink = line_of(text.get_text(), size)
    _, height, descent = measure("lp", size)  # the line's height, whatever stands in it
    left = place[0] - MARGIN - {"left": 0, "center": 0.5, "right": 1}[text.get_ha()] * (ink.shape[1] - 2 * MARGIN)
    below = {"bottom": descent, "baseline": 0, "center": descent - height / 2, "top": descent - height}[text.get_va()]
    pixels = np.asarray(renderer.buffer_rgba())
    # the row of the baseline is two thirds down the line's picture; the buffer counts its rows from above
    top, left = round(len(pixels) - place[1] - below) - len(ink) * 2 // 3, round(left)
    rows, columns = slice(max(top, 0), max(top + len(ink), 0)), slice(max(left, 0), max(left + ink.shape[1], 0))
    under = pixels[rows, columns, :3]
    part = ink[rows.start - top :, columns.start - left :][: under.shape[0], : under.shape[1], np.newaxis]
    under[:] = under + part * (255 * np.array(to_rgb(text.get_color())) - under)


def anchor(text):
    """Where a text is anchored in pixels from the lower left, or None outside the axes of an annotation."""
    if not isinstance(text, Annotation):
        return text.get_transform().transform(text.get_position())
    point = text.axes.transData.transform(text.xy)
    offset = np.array(text.get_position()) * text.figure.dpi / 72  # points
    return point + offset if text.axes.bbox.contains(*point) else None


@lru_cache
def measure(characters, size):
    """Width, height and descent of a text, in pixels, at a font size in pixels."""
    renderer = FigureCanvasAgg(Figure(dpi=72)).get_renderer()
    return renderer.get_text_width_height_descent(characters, FontProperties(size=size), False)


@lru_cache(maxsize=1000)
def character(one, size):
    """How much ink a character puts on each pixel, 0 to 1: three sizes high, as wide as it is plus two margins."""
    step = round((measure(f"0{10 * one}0", size)[0] - measure("00", size)[0]) / 10)
    height, width = 3 * round(size), step + 2 * MARGIN
    fig = Figure(figsize=(width, height), dpi=1)
    canvas = FigureCanvasAgg(fig)
    fig.text(MARGIN / width, 1 / 3, one, fontsize=72 * size, va="baseline")
    canvas.draw()
    return 1 - np.asarray(canvas.buffer_rgba())[:, :, 0] / np.float32(255)


@lru_cache(maxsize=1000)
def line_of(characters, size):
    """The ink of a line of text, each character a whole number of pixels after the one before."""
    pictures = [character(one, size) for one in characters]
    steps = [picture.shape[1] - 2 * MARGIN for picture in pictures]
    line = np.zeros((len(pictures[0]), sum(steps) + 2 * MARGIN), dtype=np.float32)
    for picture, left in zip(pictures, np.cumsum([0, *steps]), strict=False):
        place = line[:, left : left + picture.shape[1]]
        np.maximum(place, picture, out=place)
    return line


class Painting(Artist):
    """Colours for every pixel of an axes, written into the canvas directly.

    matplotlib's own images resample and map colours, at 7 ms a picture. A subclass says in `colours(x1, x2)` which
    red, green and blue (0 to 255) the points x = (x1[column], x2[row]) get: shape (rows, columns, 3).
    """

    def __init__(self, ax):
        """Behind everything else in `ax`."""
        super().__init__()
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
        pixels[len(pixels) - high : len(pixels) - low, left:right, :3] = self.colours(x1, x2)
        self.stale = False


class Shading(Painting):
    """The probabilities of a layer with two features: each class colour as strong as its probability."""

    def __init__(self, ax, m):
        """For m classes, all weights and biases 0."""
        super().__init__(ax)
        self.W, self.b = np.zeros((m, 2)), np.zeros(m)
        self.tints = 255 * figures.blend(np.eye(m)).astype(np.float32)

    def set_layer(self, W, b):
        """The layer to show: W (m, 2), b (m,)."""
        self.W, self.b = W, b

    def colours(self, x1, x2):
        """The tints of the classes, weighted with their probabilities."""
        # z_k = w_k1 x_1 + (w_k2 x_2 + b_k): one number per column plus one per row
        z = (self.W[:, :1] * x1)[:, None, :] + (self.W[:, 1:] * x2 + self.b[:, None])[:, :, None]
        a = z.astype(np.float32)  # 7 digits are plenty for a colour, and twice as fast
        a -= a.max(axis=0)
        np.exp(a, out=a)
        a /= a.sum(axis=0)
        return np.moveaxis((self.tints.T @ a.reshape(len(a), -1)).reshape(3, len(x2), len(x1)), 0, -1)


class Tiles(Painting):
    """A matrix as coloured tiles: entry (row, column) fills the unit square around x = (column, row); NaN is white."""

    def __init__(self, ax, cmap, low, high):
        """Colours of the colour map `cmap` between the values `low` and `high`."""
        super().__init__(ax)
        self.cmap, self.low, self.high = colormaps[cmap].with_extremes(bad="white"), low, high
        self.values = np.full((1, 1), np.nan)

    def colours(self, x1, x2):
        """Map the few values, then repeat them over the many pixels."""
        rows, columns = self.values.shape
        tiles = self.cmap(np.ma.masked_invalid((self.values - self.low) / (self.high - self.low)), bytes=True)[..., :3]
        row, column = (x2 + 0.5).astype(int).clip(0, rows - 1), (x1 + 0.5).astype(int).clip(0, columns - 1)
        return tiles[row][:, column]


class Bands(Painting):
    """A function of two variables, known on a grid, as bands of colour between given levels: filled contours."""

    def __init__(self, ax, side, levels, cmap):
        """The grid is side × side, evenly spaced; a band lies between each two of the rising `levels`."""
        super().__init__(ax)
        self.side, self.levels = side, np.asarray(levels)
        self.tints = colormaps[cmap](np.linspace(0, 1, len(levels) + 1), bytes=True)[:, :3]
        self.values = np.zeros((len(side), len(side)))

    def between(self, x):
        """Weights of linear interpolation: row p holds how much each grid point counts at x[p]."""
        place = (x - self.side[0]) / (self.side[1] - self.side[0])
        return np.clip(1 - abs(place[:, None] - np.arange(len(self.side))), 0, 1)

    def colours(self, x1, x2):
        """Interpolate in both directions, then look up the band."""
        values = self.between(x2) @ self.values @ self.between(x1).T
        return self.tints.take(np.searchsorted(self.levels, values), axis=0)
