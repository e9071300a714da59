"""Pure drawing: axes in, artists out. No state, no pyplot, and importing this changes no style.

Every class has a colour and, as a second cue, a marker and a hatch. The colours are Okabe and Ito's, which stay apart
for colour-blind readers.
"""

import base64
import io
from itertools import combinations

import numpy as np
from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from helpers.softmax import softmax

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F", "#882255", "#F0E442")
MARKERS = ("o", "^", "s", "D", "v", "P", "X", "*", "<", ">")
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "oo", "--", "||", "**")
INK, GREY, LIGHT = "#222222", "#6E6E6E", "#D9D9D9"
PIXELS_PER_INCH = 96  # how large a stored picture appears; it is drawn with half as many pixels again, to stay sharp


def subplots(rows=1, columns=1, panels=None, width=9.0, height=3.2, **options):
    """A figure and its axes in the style of the course: no box, small ticks and titles.

    `width` and `height` are inches; 9 is the width of a notebook. `options` are those of `Figure.subplots`, for example
    `sharey=True` or `width_ratios=[2, 1]`. With `panels`, names such as `[["plane", "bars"], ["plane", "loss"]]`, the
    axes are a dictionary by name, and the options those of `Figure.subplot_mosaic`.
    """
    fig = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(fig)
    axes = fig.subplot_mosaic(panels, **options) if panels else fig.subplots(rows, columns, **options)
    for ax in fig.axes:
        if ax.name == "rectilinear":
            ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize=9, color=GREY)
        ax.title.set_fontsize(11)
    return fig, axes


def png(fig):
    """The figure as PNG bytes, the same bytes for the same figure."""
    buffer = io.BytesIO()
    fig.savefig(buffer, dpi=1.5 * PIXELS_PER_INCH, format="png", metadata={"Software": None})
    return buffer.getvalue()


def show(fig, text):
    """Display a figure with the sentence that says what it shows: below it for the eye, and as alt text."""
    width, height = (fig.get_size_inches() * PIXELS_PER_INCH).round().astype(int).tolist()
    picture = {"image/png": base64.b64encode(png(fig)).decode(), "text/plain": f"Figure: {text}"}
    display(picture, raw=True, metadata={"image/png": {"alt": text, "width": width, "height": height}})
    display({"text/markdown": f"*{text}*", "text/plain": text}, raw=True)


def bars(ax, values, names, colours=COLOURS, digits=3):
    """One bar per class with its value written above (below, if negative). Returns the bars and the texts."""
    values = np.asarray(values, dtype=float)
    drawn = ax.bar(range(len(values)), values, color=colours[: len(values)], edgecolor="white", width=0.7)
    for bar, hatch in zip(drawn, HATCHES, strict=False):
        bar.set_hatch(hatch)
    texts = ax.bar_label(drawn, labels=[signed(value, digits) for value in values], padding=2, fontsize=10)
    ax.set_xticks(range(len(values)), names, fontsize=10)
    ax.axhline(0, color=GREY, linewidth=0.8)
    ax.margins(y=0.18)
    return drawn, texts


def line(ax, x, y, label=None, colour=INK, style="-", at=-1, shift=(5, 0), **options):
    """A curve with its name written at one of its points instead of a legend. Returns the line."""
    (drawn,) = ax.plot(x, y, color=colour, linestyle=style, linewidth=options.pop("linewidth", 2), **options)
    if label:
        point = (np.asarray(x)[at], np.asarray(y)[at])
        ax.annotate(label, point, xytext=shift, textcoords="offset points", color=colour, fontsize=10, va="center")
    return drawn


def matrix(ax, values, rows, columns, digits=3, limit=None):
    """A small matrix as coloured cells with their numbers: orange is negative, purple positive."""
    values = np.asarray(values, dtype=float)
    limit = limit or max(abs(values).max(), 1e-12)
    style = {"cmap": "PuOr", "vmin": -limit, "vmax": limit, "shading": "nearest"}
    cells = ax.pcolormesh(range(len(columns)), range(len(rows)), values, **style)
    ax.set(ylim=(len(rows) - 0.5, -0.5), aspect="equal")  # the first row above
    for (k, j), value in np.ndenumerate(values):
        colour = "white" if abs(value) > 0.65 * limit else INK
        ax.text(j, k, signed(value, digits), ha="center", va="center", fontsize=10, color=colour)
    ax.set_xticks(range(len(columns)), columns, fontsize=10)
    ax.set_yticks(range(len(rows)), rows, fontsize=10)
    ax.spines[:].set_visible(False)
    return cells


CORNERS = np.array([[0.0, 0.0], [1.0, 0.0], [0.5, np.sqrt(3) / 2]])


def triangle_point(a):
    """Where the probabilities `a`, shape (..., 3), lie in the triangle: the corners' mean, weighted by a."""
    return np.asarray(a) @ CORNERS


def triangle(ax, names):
    """The probability triangle of three classes: a corner is certainty, the middle is (1/3, 1/3, 1/3)."""
    ax.fill(*CORNERS.T, facecolor="#F5F5F5", edgecolor=GREY, zorder=0)
    for step in (0.25, 0.5, 0.75):  # where one of the probabilities is 0.25, 0.5, 0.75
        for k in range(3):
            ends = np.zeros((2, 3))
            ends[:, k] = step
            ends[[0, 1], [(k + 1) % 3, (k + 2) % 3]] = 1 - step
            ax.plot(*triangle_point(ends).T, color=LIGHT, linewidth=0.8, zorder=1)
    for k, (corner, place) in enumerate(zip(CORNERS, ((-3, -5), (3, -5), (0, 5)), strict=True)):
        ha, va = ("right", "left", "center")[k], ("top", "top", "bottom")[k]
        ax.plot(*corner, MARKERS[k], color=COLOURS[k], markersize=8, zorder=3)
        style = {"ha": ha, "va": va, "fontsize": 10, "color": COLOURS[k]}
        ax.annotate(names[k], corner, xytext=place, textcoords="offset points", **style)
    ax.set(xlim=(-0.25, 1.25), ylim=(-0.14, 1.0), aspect="equal")
    ax.axis("off")


def points(ax, X, labels, names=None, size=22, alpha=0.9):
    """Examples in the plane of their two features, a colour and a marker per class; names at the class means."""
    drawn = []
    for k in range(labels.max() + 1):
        own = X[labels == k]
        style = {"s": size, "marker": MARKERS[k], "facecolor": COLOURS[k], "edgecolor": "white", "linewidth": 0.5}
        drawn.append(ax.scatter(own[:, 0], own[:, 1], alpha=alpha, zorder=3, **style))
        if names is not None:
            box = {"facecolor": "white", "edgecolor": COLOURS[k], "alpha": 0.9, "pad": 2}
            ax.text(*own.mean(axis=0), names[k], color=COLOURS[k], ha="center", va="center", zorder=5, bbox=box)
    return drawn


def blend(a, strength=0.45):
    """Colours from probabilities, shape (..., m) to (..., 3): each class colour as strong as its probability."""
    colours = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in COLOURS[: np.shape(a)[-1]]])
    return 1 - strength * (1 - a @ colours)


def shading(ax, W, b, columns=180, rows=120):
    """The probabilities of a layer with two features as colours behind the axes; its limits must be set before."""
    limits = (*ax.get_xlim(), *ax.get_ylim())
    x = np.stack(np.meshgrid(np.linspace(*limits[:2], columns), np.linspace(*limits[2:], rows)), axis=-1)
    colours = blend(softmax(x.reshape(-1, 2) @ W.T + b)).reshape(rows, columns, 3)
    return ax.imshow(colours, extent=limits, origin="lower", aspect="auto", interpolation="bilinear", zorder=0)


def boundary_segment(W, b, j, k, xlim, ylim, samples=400):
    """The line (w_j - w_k) . x + b_j - b_k = 0 in a rectangle, and where on it j and k beat all other classes.

    Returns points of the line, shape (samples, 2), NaN outside the rectangle or where there is no line (w_j = w_k);
    and for each whether no other class has a larger score: only there it is a boundary.
    """
    normal, offset = W[j] - W[k], b[j] - b[k]
    length = normal @ normal
    if length < 1e-24:
        return np.full((samples, 2), np.nan), np.zeros(samples, dtype=bool)
    middle = np.array([np.mean(xlim), np.mean(ylim)])
    foot = middle - normal * (normal @ middle + offset) / length  # the line's point nearest to the middle
    reach = np.hypot(np.ptp(xlim), np.ptp(ylim))
    along = np.array([-normal[1], normal[0]]) / np.sqrt(length)
    x = foot + np.linspace(-reach, reach, samples)[:, np.newaxis] * along
    inside = (x[:, 0] >= xlim[0]) & (x[:, 0] <= xlim[1]) & (x[:, 1] >= ylim[0]) & (x[:, 1] <= ylim[1])
    z = x @ W.T + b
    decides = inside & (z.max(axis=1) <= np.maximum(z[:, j], z[:, k]) + 1e-9 * (1 + abs(z).max()))
    return np.where(inside[:, np.newaxis], x, np.nan), decides


def boundaries(ax, W, b):
    """All lines between two classes: solid where they decide, dotted where a third class wins. Returns the lines."""
    drawn, fixed = [], {"zorder": 2, "scalex": False, "scaley": False}
    for _ in combinations(range(len(W)), 2):
        drawn += ax.plot([], [], ":", color=GREY, linewidth=1, **fixed)
        drawn += ax.plot([], [], "-", color=INK, linewidth=2, **fixed)
    set_boundaries(drawn, ax, W, b)
    return drawn


def set_boundaries(lines, ax, W, b):
    """Move the lines that `boundaries` returned to another layer with as many classes."""
    pairs = combinations(range(len(W)), 2)
    for dotted, solid, (j, k) in zip(lines[::2], lines[1::2], pairs, strict=True):
        x, decides = boundary_segment(W, b, j, k, ax.get_xlim(), ax.get_ylim())
        dotted.set_data(*x.T)
        solid.set_data(*np.where(decides[:, np.newaxis], x, np.nan).T)


def frame(ax, X, feature_names):
    """Limits around the examples and labels for their two features (standardised, so the unit is one deviation)."""
    low, high = X.min(axis=0) - 0.4, X.max(axis=0) + 0.4
    ax.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    ax.set(xlabel=f"{feature_names[0]}, standardised ($x_1$)", ylabel=f"{feature_names[1]}, standardised ($x_2$)")


def pixels(ax, values, title):
    """A picture of 8 × 8 grey levels, from 0 (white) to 1 (black)."""
    image = ax.imshow(np.reshape(values, (8, 8)), cmap="Greys", vmin=0, vmax=1)
    ax.set_title(title, fontsize=10)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    return image


def set_bars(bars, texts, values, digits=3):
    """Give the bars and texts that `bars` returned new values."""
    for bar, text, value in zip(bars, texts, values, strict=True):
        bar.set_height(value)
        text.xy = (bar.get_x() + bar.get_width() / 2, value)
        text.set(text=signed(value, digits), position=(0, 2 if value >= 0 else -2))
        text.set_va("bottom" if value >= 0 else "top")


def signed(value, digits):
    """A number with a true minus sign, and none before a 0."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}".replace("-", "−")
