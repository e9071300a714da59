"""Lessons 0, 5 and 7: the way of one penguin as a graph x → z → a → L, values forward and slopes backward."""

import html
import types

import numpy as np
from matplotlib.patches import FancyArrowPatch

from helpers import cross_entropy, figures, numerical
from helpers.exercises import calls
from helpers.exercises.exercise import read
from helpers.explorers import explorer as mechanism
from helpers.explorers.explorer import INDEX, SPECIES, Explorer, choice, number, numbers, short, slider, values
from helpers.explorers.landscape import PARAMETERS
from helpers.network import weighted_inputs
from helpers.softmax import softmax, softmax_jacobian

W, B = np.array([[-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]]), np.array([0.0, 0.0, 1.0])  # W is set by hand in lesson 6
COLUMNS = {"x": ("features", 2), "z": ("scores", 3), "a": ("probabilities", 3), "L": ("loss", 1)}
ARROW, SLOPE = "#BDBDBD", figures.COLOURS[8]  # a slope is wine, and a ◂ stands before it
TEXT = {"ha": "center", "va": "center", "fontsize": 10}
SMALL = TEXT | {"fontsize": 9, "color": figures.GREY}
LEGEND = "In a node: its value. Double ring: the right class."
ON_ARROWS = "On an arrow: what x is multiplied by; above a score: what is added."
BELOW = "◂ is the slope of the loss with respect to what stands before or above it."


class Net:
    """The nodes of some columns and all arrows from a column to the next: `values`, `slopes` below, `lit` arrows.

    A node is a column and a number, ("z", 0), an arrow a pair of nodes. One unit of the picture is about an inch.
    """

    def __init__(self, across, high, legend):
        """Draw a figure; `across` says where each column stands, `high` how far the picture reaches up."""
        self.fig, ax = figures.subplots(height=high + 2.35)
        ax.set(xlim=(0, 9), ylim=(-2.35, high), position=(0, 0, 1, 1))
        self.fig.set_layout_engine("none")  # the axes are the whole figure
        ax.axis("off")
        ax.text(0.1, -2.3, legend, fontsize=9.5, color=figures.GREY)
        self.ax, self.values, self.slopes, self.lit = ax, {}, {}, {}
        self.place = {
            (c, k): (across[c], 0.75 * (COLUMNS[c][1] - 1 - 2 * k)) for c in across for k in range(COLUMNS[c][1])
        }
        for one, other in zip(across, list(across)[1:], strict=False):
            for start, end in ((s, e) for s in self.place for e in self.place if (s[0], e[0]) == (one, other)):
                self.arrow(start, end, color=ARROW, linewidth=1, zorder=1)
                colour = figures.COLOURS[start[1] if one == "a" else end[1]]
                self.lit[start, end] = self.arrow(start, end, color=colour, linewidth=3, zorder=2, visible=False)
        for column, x in across.items():
            ax.text(x, high - 0.15, COLUMNS[column][0], **TEXT | {"fontsize": 11}, color=figures.GREY)
        for (column, k), (x, y) in self.place.items():
            edge = figures.COLOURS[k] if column in "za" else figures.INK
            ax.plot(x, y, "o", markersize=44, color="white", markeredgecolor=edge, markeredgewidth=2)
            ax.text(x, y + 0.49, "$L$" if column == "L" else f"${column}_{k + 1}$", **TEXT | {"fontsize": 12})
            self.values[column, k] = ax.text(x, y, "", **TEXT)
            self.slopes[column, k] = ax.text(x, y - (0.5 if column == "a" else 0.43), "", **TEXT, color=SLOPE)
        for k, name in enumerate(SPECIES):
            self.text(("a", k), (0.42, -0.22 if k == 2 else 0.22), name, ha="left", color=figures.COLOURS[k])
        (self.ring,) = ax.plot(
            [], [], "o", markersize=51, color="none", markeredgecolor=figures.INK, markeredgewidth=1.5
        )
        self.moving = [list(drawn.values()) for drawn in (self.lit, self.values, self.slopes)] + [self.ring]

    def arrow(self, *nodes, **style):
        """An arrow between the edges of two nodes."""
        ends = (self.place[node] for node in nodes)
        return self.ax.add_patch(
            FancyArrowPatch(*ends, arrowstyle="-|>", mutation_scale=13, shrinkA=23, shrinkB=24, **style)
        )

    def text(self, node, shift, text="", **style):
        """A text beside a node."""
        return self.ax.text(*np.add(self.place[node], shift), text, **TEXT | style)

    def on(self, arrow, share, text="", **style):
        """A text on an arrow, at a share of its way."""
        start, end = (np.array(self.place[node]) for node in arrow)
        box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
        return self.ax.text(*(start + share * (end - start)), text, **{**TEXT, "bbox": box, **style})

    def show(self, label, slopes, **columns):
        """Write the values, (numbers, digits) of each column, and the slopes of some, and ring the right class."""
        for column, (entries, digits) in columns.items():
            for k, value in enumerate(np.atleast_1d(entries)):
                self.values[column, k].set_text(number(value, digits))
        for column, entries in slopes.items():
            for k, value in enumerate(entries):
                self.slopes[column, k].set_text(f"◂ {tidy(value)}")
        self.ring.set_data(*np.array([self.place["a", label]]).T)

    def light(self, *arrows):
        """Light some arrows and no others."""
        for arrow, drawn in self.lit.items():
            drawn.set_visible(arrow in arrows)


class Graph(Explorer):
    """Values forward; with `slopes` also the paths of the chain rule, from the loss back to a score.

    With the student's `bias_gradient(W, b, x, y)` and `weight_gradient(W, b, x, y)` their slopes stand at the arrows.
    """

    def __init__(self, bias_gradient=None, weight_gradient=None, slopes=False):
        """Lesson 7 gives its functions, lesson 5 asks for `slopes`, lesson 0 for nothing."""
        self.functions = (bias_gradient, weight_gradient) if bias_gradient or weight_gradient else ()
        self.backward, self.error = slopes, None
        super().__init__()

    def build(self):
        self.label = choice("right class", [*zip(SPECIES, range(3), strict=True)], 1)
        if self.backward:
            return self.build_paths(Net({"z": 0.9, "a": 4.0, "L": 8.0}, 2.55, f"{LEGEND} {BELOW}"))
        on_arrows = BELOW if self.functions else ON_ARROWS
        return self.build_layer(Net({"x": 0.6, "z": 3.4, "a": 6.3, "L": 8.5}, 2.85, f"{LEGEND} {on_arrows}"))

    def build_paths(self, net):
        """Lesson 5: the scores' controls, and on the paths their factors, products and sum."""
        self.net, self.z, self.path = net, mechanism.score_sliders(), 1
        self.j = choice("with respect to", [("z₁", 0), ("z₂", 1), ("z₃", 2)], 0)
        rows = [self.z[:2], [self.z[2], self.label], [self.j, mechanism.button("Next path", self.next_path)]]
        self.factors = [[net.on((("z", j), ("a", k)), 0.62) for k in range(3)] for j in range(3)]
        self.products = [net.on((("a", k), ("L", 0)), 0.5) for k in range(3)]
        self.total = net.text(("L", 0), (-0.1, -1.4), color=SLOPE, fontsize=10.5, linespacing=1.5)
        net.text(("L", 0), (0, -0.43), "◂ 1", color=SLOPE)
        return rows, net.fig, [*net.moving, *self.factors, self.products, self.total]

    def next_path(self):
        """On to the next path; after the last all of them, then the first again."""
        self.path = self.path % 4 + 1

    def build_layer(self, net):
        """Lessons 0 and 7: the features' controls, weights and biases, and room for their slopes."""
        self.x = [slider("x₁ (bill length)", -3, 3, 0.1, -0.5), slider("x₂ (bill depth)", -3, 3, 0.1, 1.5)]
        self.net, asked, wine = net, bool(self.functions), SMALL | {"color": SLOPE}
        arrows = [(("x", i), ("z", j)) for j in range(3) for i in range(2)]
        for symbol, value, arrow in zip(PARAMETERS, W.ravel(), arrows, strict=False):
            text = f"{symbol} = {number(value, 0)}\n" if asked else f"× {number(value, 0)}"
            net.on(arrow, 0.64, text, **SMALL)
        self.marks = [net.on(arrow, 0.64, "", **wine | {"va": "top", "bbox": None}) for arrow in arrows]
        for j in range(3):
            x, y = net.place["z", j]
            net.ax.plot([x, x], [y + 0.6, y + 0.74], color=ARROW, linewidth=1)
            text = f"b{INDEX[j]} = {number(B[j], 0)}" if asked else f"+ {number(B[j], 0)}"
            net.text(("z", j), (-0.12 * asked, 0.83), text, **SMALL | {"ha": "right" if asked else "center"})
            self.marks.append(net.text(("z", j), (-0.06, 0.83), **wine | {"ha": "left"}))
        return [self.x, [self.label]], net.fig, [*net.moving, self.marks]

    def update(self):
        return self.update_paths() if self.backward else self.update_layer()

    def update_paths(self):
        """Lesson 5: one path lit, or all of them and their sum."""
        z, y, j = values(self.z), cross_entropy.one_hot(self.label.value, 3), self.j.value
        a, J = softmax(z), softmax_jacobian(z)
        outer = cross_entropy.categorical_crossentropy_grad(a, y) + 0.0
        terms = outer * J[:, j] + 0.0
        lit = [k for k in range(3) if self.path in (k + 1, 4)]
        loss, ahead = cross_entropy.categorical_crossentropy(a, y), f"∂L/∂z{INDEX[j]}"
        self.net.show(self.label.value, {"a": outer}, z=(z, 1), a=(a, 3), L=(loss, 3))
        self.net.light(*((("z", j), ("a", k)) for k in lit), *((("a", k), ("L", 0)) for k in lit))
        products = [f"{tidy(outer[k])} · {bracketed(J[k, j])} = {tidy(terms[k])}" for k in range(3)]
        for k in range(3):
            self.products[k].set_text(products[k] if k in lit else "")
            for i in range(3):
                factor = f"∂a{INDEX[k]}/∂z{INDEX[j]} = {tidy(J[k, j])}"
                self.factors[i][k].set_text(factor if i == j and k in lit else "")
        total = tidy(terms.sum())
        for i in range(3):
            self.net.slopes["z", i].set_text("" if i != j else f"◂ {total}" if self.path == 4 else "◂ ?")
        if self.path < 4:
            k = self.path - 1
            self.total.set_text("")
            nothing = f" Because y{INDEX[k]} = 0, the loss does not look at a{INDEX[k]}, and nothing comes along here."
            factors = f"∂L/∂a{INDEX[k]} · ∂a{INDEX[k]}/∂z{INDEX[j]}"
            way = f"Path {k + 1} of 3, z{INDEX[j]} → a{INDEX[k]} → L: its slope is {factors} = {products[k]}."
            return way + ("" if y[k] else nothing)
        added = f"{tidy(terms[0])} + {bracketed(terms[1])} + {bracketed(terms[2])}"
        self.total.set_text(f"{ahead}, the sum (6):\n{added}\n= {total}")
        return f"All three paths from z{INDEX[j]} to L, added as in equation (6): {ahead} = {added} = {total}."

    def update_layer(self):
        """Lessons 0 and 7: the values, and the slopes that the student's functions return."""
        x, label = values(self.x), self.label.value
        y, z = cross_entropy.one_hot(label, 3), weighted_inputs(x, W, B)
        a, loss = softmax(z), cross_entropy.softmax_crossentropy(z, y)
        slopes = {"z": cross_entropy.softmax_crossentropy_grad(z, y)} if self.functions else {}
        self.net.show(label, slopes, x=(x, 1), z=(z, 1), a=(a, 3), L=(loss, 3))
        self.net.light((("a", label), ("L", 0)))
        sentence = (
            f"The features x = {numbers(x, 1)} give the scores z = {numbers(z, 1)}, and these the probabilities "
            f"a = {numbers(a)}. {SPECIES[label]} is right, so the loss is L = −log a{INDEX[label]} = {number(loss)}."
        )
        return sentence + (self.ask(x, y) if self.functions else "")

    def ask(self, x, y):
        """Call the student's functions, write what they return at the arrows, and say what is missing or wrong."""
        measured = numerical.gradient(
            lambda p: cross_entropy.softmax_crossentropy(weighted_inputs(x, p[:, :2], p[:, 2]), y),
            np.column_stack([W, B]),
        )
        self.error, said = None, []
        asked = ("bias_gradient", self.marks[6:], measured[:, 2]), ("weight_gradient", self.marks[:6], measured[:, :2])
        for function, (name, marks, expected) in zip(self.functions, asked, strict=True):
            slopes, complaint = answer(function, name, expected, x, y)
            if isinstance(complaint, BaseException):
                self.error, complaint = complaint, f"{name} fails."
            said += [complaint] if complaint else []
            for mark, slope in zip(marks, slopes.ravel(), strict=True):
                mark.set_text("◂ ?" if np.isnan(slope) else f"◂ {tidy(slope)}")
        return "\n" + (" ".join(said) or "Your slopes for W and for b are those that are measured.")

    def say(self, sentence):
        """Show the sentence, or the error of a student's function in its place."""
        super().say(sentence)
        if self.error is not None:
            self.text.value = f"{mechanism.ALERT}{html.escape(calls.explain(self.error))}</div>"


def answer(function, name, expected, x, y):
    """What a student's function returns (NaN where there is nothing), and an error or a sentence about it."""
    part, nothing = "bW"[expected.ndim - 1], np.full(expected.shape, np.nan)
    result = calls.call(lambda: function(W.copy(), B.copy(), x.copy(), y.copy()))
    if function is None or isinstance(result.error, NotImplementedError):
        place = function and calls.own_line(result.error)
        return nothing, f"The ? at {part} wait for {place[0] if place else name}: write it, then run this cell again."
    if result.stopped or result.error:
        return nothing, result.error or TimeoutError(f"{name} does not come to an end")
    arrays, complaint = read(
        result.value, {part: " ".join("mn"[: expected.ndim])}, types.SimpleNamespace(sizes={"m": 3, "n": 2})
    )
    if complaint:
        return nothing, TypeError(f"{name}: {complaint.text}")
    if arrays[0].shape != expected.shape or not np.isfinite(arrays[0]).all():
        return nothing, ValueError(
            f"{name} returned {arrays[0].shape}, expected finite numbers of shape {expected.shape}"
        )
    if numerical.equal(arrays[0], expected):
        return arrays[0], ""
    k = abs(arrays[0] - expected).argmax()
    symbol = PARAMETERS[k if expected.ndim == 2 else 6 + k]
    yours, measured = short(arrays[0].flat[k]), short(expected.flat[k])
    return arrays[0], f"{name} says {yours} for {symbol}, but nudging {symbol} gives {measured}."


def tidy(value):
    """A number, and 0 without decimals."""
    return short(value) if value else "0"


def bracketed(value):
    """A number that follows a sign."""
    return f"({tidy(value)})" if value < 0 else tidy(value)
