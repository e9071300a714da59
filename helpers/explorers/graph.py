"""Lessons 0, 5 and 7: the way of one penguin as a graph x → z → a → L, values forward and slopes backward."""

import numpy as np
from matplotlib.patches import FancyArrowPatch

from helpers import cross_entropy, figures
from helpers.exercises import calls
from helpers.explorers import explorer as mechanism
from helpers.explorers.explorer import INDEX, SPECIES, Explorer, choice, given, number, numbers, short, slider, values
from helpers.explorers.hand import Choice, Points, put
from helpers.explorers.landscape import PARAMETERS
from helpers.network import weighted_inputs
from helpers.softmax import softmax, softmax_jacobian

W, B = np.array([[-1.0, 1.0], [1.0, 1.0], [1.0, -1.0]]), np.array([0.0, 0.0, 1.0])  # W is set by hand in lesson 6
COLUMNS = {"x": ("measurements", 2), "z": ("scores", 3), "a": ("probabilities", 3), "L": ("loss", 1)}
STEPS = ("xz", "za", "aL")  # arrows lead from every node of the one column to every node of the other
PALE, SLOPE = "#BDBDBD", {"color": figures.COLOURS[8]}  # a slope is wine, and a ◂ stands before it
ARROW = {"arrowstyle": "-|>", "mutation_scale": 13, "shrinkA": 23, "shrinkB": 24}  # between the edges of two nodes
NODE = 29  # the radius of a node in pixels
SMALL, BOX = {"fontsize": 9, "color": figures.GREY}, {"facecolor": "white", "edgecolor": "none", "pad": 1}
IN_NODES = "In a node: its value. Double ring: the right class."
ON_ARROWS = "On an arrow: what x is multiplied by; above a score: what is added."
BELOW = "◂ is the slope of the loss with respect to what stands before or above it."


class Net:
    """The nodes of some columns and the arrows between them: `values`, `slopes` below, `lit` arrows.

    A node is a column and a number, ("z", 0), an arrow a pair of nodes. One unit of the picture is about an inch.
    """

    def __init__(self, across, high, legend):
        """Draw a figure; `across` says where each column stands, `high` how far the picture reaches up."""
        self.fig, self.ax = figures.subplots(height=high + 2.35)
        self.ax.set(xlim=(0, 9), ylim=(-2.35, high), position=(0, 0, 1, 1))
        self.fig.set_layout_engine("none")  # the axes are the whole figure
        self.ax.axis("off")
        self.text((0.1, -2.23), f"{IN_NODES} {legend}", ha="left", fontsize=9.5, color=figures.GREY)
        self.place, self.values, self.slopes, self.lit = {}, {}, {}, {}
        for column, x in across.items():
            name, count = COLUMNS[column]
            self.text((x, high - 0.15), name, fontsize=11, color=figures.GREY)
            for k in range(count):
                self.add_node((column, k), np.array([x, 0.75 * (count - 1 - 2 * k)]))
        for start, end in ((s, e) for s in self.place for e in self.place if s[0] + e[0] in STEPS):
            places, k = (self.place[start], self.place[end]), start[1] if start[0] == "a" else end[1]
            self.ax.add_patch(FancyArrowPatch(*places, color=PALE, **ARROW))
            lit = FancyArrowPatch(*places, color=figures.COLOURS[k], linewidth=3, **ARROW)
            self.lit[start, end] = self.ax.add_patch(lit)
        (self.ring,) = self.ax.plot([], [], "o", markersize=51, color="none", markeredgecolor=figures.INK)
        self.moving = [*(list(drawn.values()) for drawn in (self.lit, self.values, self.slopes)), self.ring]

    def add_node(self, node, place):
        """A circle with its symbol, a class's name, and room for its value inside and for its slope below."""
        column, k = node
        edge = figures.COLOURS[k] if column in "za" else figures.INK
        self.ax.plot(*place, "o", markersize=44, color="white", markeredgecolor=edge, markeredgewidth=2)
        self.text(place, "$L$" if column == "L" else f"${column}_{k + 1}$", up=0.49, fontsize=12)
        if column == "a":
            self.text(place, SPECIES[k], right=0.42, up=-0.22 if k == 2 else 0.22, ha="left", color=edge)
        self.place[node], self.values[node] = place, self.text(place)
        self.slopes[node] = self.text(place, up=-0.46, **SLOPE)

    def text(self, place, text="", right=0, up=0, **style):
        """A text beside a place."""
        style = {"ha": "center", "va": "center", "fontsize": 10, **style}
        return self.ax.text(place[0] + right, place[1] + up, text, **style)

    def on(self, start, end, share):
        """The place on an arrow at a share of its way."""
        return self.place[start] + share * (self.place[end] - self.place[start])

    def show(self, label, lit, values, slopes):
        """Ring the right class, light some arrows, and write the values and what is known of the slopes, in words."""
        self.ring.set_data(*self.place["a", label][:, np.newaxis])
        for arrow, drawn in self.lit.items():
            drawn.set_visible(arrow in lit)
        for (column, k), text in self.values.items():
            text.set_text(number(values[column][k], 1 if column in "xz" else 3))
        for column, texts in slopes.items():
            for k, text in enumerate(texts):
                self.slopes[column, k].set_text(f"◂ {text}" if text else "")


class Graph(Explorer):
    """Values forward; with `slopes` also the paths of the chain rule, from the loss back to a score.

    With the student's `bias_gradient(W, b, x, y)` and `weight_gradient(W, b, x, y)` their slopes stand at the arrows.
    """

    def __init__(self, bias_gradient=None, weight_gradient=None, slopes=False):
        self.functions = (bias_gradient, weight_gradient) if bias_gradient else ()
        self.backward = slopes
        super().__init__()

    def build(self):
        self.label = choice("right class", [*zip(SPECIES, range(3), strict=True)], 1)
        return self.build_paths() if self.backward else self.build_layer()

    def update(self):
        return self.update_paths() if self.backward else self.update_layer()

    def grabs(self):
        column, sliders = ("z", self.z) if self.backward else ("x", self.x)
        nodes, classes = ([place for node, place in self.net.place.items() if node[0] == one] for one in (column, "a"))
        start = values(sliders)

        def pull(k, x, y):  # up and down, by 2 for an inch
            put([sliders[k]], [start[k] + 2 * (y - nodes[k][1])])

        choose = Choice(self.net.ax, classes, lambda k: self.label.set_trait("index", k), NODE)
        return [Points(self.net.ax, nodes, pull, NODE), choose]

    def build_paths(self):
        """Lesson 5: the scores' controls, and on the paths their factors, products and sum."""
        self.net = net = Net({"z": 0.9, "a": 4.0, "L": 8.0}, 2.55, BELOW)
        self.z, self.path = mechanism.score_sliders(), 1
        self.j = choice("with respect to", [("z₁", 0), ("z₂", 1), ("z₃", 2)], 0)
        rows = [self.z[:2], [self.z[2], self.label], [self.j, mechanism.button("Next path", self.next_path)]]
        self.factors = [net.text((0, 0), bbox=BOX) for k in range(3)]
        self.products = [net.text(net.on(("a", k), ("L", 0), 0.5), bbox=BOX) for k in range(3)]
        self.total = net.text(net.place["L", 0], right=-0.1, up=-1.4, linespacing=1.5, **SLOPE)
        return rows, net.fig, [net.moving, self.factors, self.products, self.total]

    def next_path(self):
        """On to the next path; after the last all of them, then the first again."""
        self.path = self.path % 4 + 1

    def update_paths(self):
        """One path lit, or all of them and their sum."""
        z, y, j = values(self.z), cross_entropy.one_hot(self.label.value, 3), self.j.value
        a, J, score = softmax(z), softmax_jacobian(z), f"z{INDEX[j]}"
        outer = cross_entropy.categorical_crossentropy_grad(a, y)
        terms = outer * J[:, j]
        paths, found = (range(3), tidy(terms.sum())) if self.path == 4 else ([self.path - 1], "?")
        lit = [arrow for k in paths for arrow in ((("z", j), ("a", k)), (("a", k), ("L", 0)))]
        slopes = {"z": [found if k == j else "" for k in range(3)], "a": map(tidy, outer), "L": ["1"]}
        loss = cross_entropy.categorical_crossentropy(a, y)
        self.net.show(self.label.value, lit, {"z": z, "a": a, "L": [loss]}, slopes)
        inner = [f"∂a{INDEX[k]}/∂{score}" for k in range(3)]
        products = [f"{tidy(outer[k])} · {tidy(J[k, j], after_sign=True)} = {tidy(terms[k])}" for k in range(3)]
        for k in range(3):
            factor = f"{inner[k]} = {tidy(J[k, j])}" if k in paths else ""
            self.factors[k].set(text=factor, position=self.net.on(("z", j), ("a", k), 0.62))
            self.products[k].set_text(products[k] if k in paths else "")
        if self.path == 4:
            added = f"{tidy(terms[0])} + {tidy(terms[1], after_sign=True)} + {tidy(terms[2], after_sign=True)}"
            self.total.set_text(f"∂L/∂{score}, the sum (6):\n{added}\n= {found}")
            return f"All three paths from {score} to L, added as in equation (6): ∂L/∂{score} = {added} = {found}."
        self.total.set_text("")
        k, a_k = self.path - 1, f"a{INDEX[self.path - 1]}"
        way = f"Path {k + 1} of 3, {score} → {a_k} → L: its slope is ∂L/∂{a_k} · {inner[k]} = {products[k]}."
        nothing = f" Because y{INDEX[k]} = 0, the loss does not look at {a_k}, and nothing comes along here."
        return way + ("" if y[k] else nothing)

    def build_layer(self):
        """Lessons 0 and 7: the features' controls, weights and biases, and room for their slopes."""
        asked, self.marks = bool(self.functions), []
        self.net = net = Net({"x": 0.6, "z": 3.4, "a": 6.3, "L": 8.5}, 2.85, BELOW if asked else ON_ARROWS)
        self.x = [slider("x₁ (bill length)", -3, 3, 0.1, -0.5), slider("x₂ (bill depth)", -3, 3, 0.1, 1.5)]
        for symbol, ((j, i), weight) in zip(PARAMETERS, np.ndenumerate(W), strict=False):
            place, value = net.on(("x", i), ("z", j), 0.64), number(weight, 0)
            net.text(place, f"{symbol} = {value}\n" if asked else f"× {value}", bbox=BOX, **SMALL)
            self.marks.append(net.text(place, va="top", **SMALL | SLOPE))
        for j, bias in enumerate(B):
            place, value = net.place["z", j], number(bias, 0)
            net.text(place, f"b{INDEX[j]} = {value}" if asked else f"+ {value}", right=-0.35 * asked, up=0.83, **SMALL)
            net.text(place, "|", up=0.67, color=PALE)
            self.marks.append(net.text(place, right=-0.06, up=0.83, ha="left", **SMALL | SLOPE))
        return [self.x, [self.label]], net.fig, [net.moving, self.marks]

    def update_layer(self):
        """The values, and the slopes that the student's functions return."""
        x, label = values(self.x), self.label.value
        y, z = cross_entropy.one_hot(label, 3), weighted_inputs(x, W, B)
        a, loss = softmax(z), cross_entropy.softmax_crossentropy(z, y)
        slopes = {"z": map(tidy, cross_entropy.softmax_crossentropy_grad(z, y))} if self.functions else {}
        self.net.show(label, [(("a", label), ("L", 0))], {"x": x, "z": z, "a": a, "L": [loss]}, slopes)
        sentence = (
            f"The measurements x = {numbers(x, 1)} give the scores z = {numbers(z, 1)}, and these the probabilities "
            f"a = {numbers(a)}. {SPECIES[label]} is right, so the loss is L = −log a{INDEX[label]} = {number(loss)}."
        )
        return sentence + (self.student(x, y) if self.functions else "")

    def student(self, x, y):
        """Write what the student's functions return at the arrows, and say kindly what is not written yet."""
        waiting = []
        rest = (("bias_gradient", {"b": "m"}, self.marks[6:]), ("weight_gradient", {"W": "m n"}, self.marks[:6]))
        for function, (name, letters, marks) in zip(self.functions, rest, strict=True):
            call = calls.call(lambda function=function: function(W.copy(), B.copy(), x.copy(), y.copy()))
            if isinstance(call.error, NotImplementedError):
                waiting, texts = [*waiting, name], "?" * len(marks)
            elif call.stopped or call.error:
                raise call.error or TimeoutError(f"{name} does not come to an end")
            else:
                texts = map(tidy, given(name, call.value, letters, m=3, n=2)[0].flat)
            for mark, text in zip(marks, texts, strict=True):
                mark.set_text(f"◂ {text}")
        if waiting:
            return f" The ? wait for {' and '.join(waiting)}: write it, then run this cell again."
        return " The slopes at W and b are what your functions return."


def tidy(value, after_sign=False):
    """A number, and 0 without decimals; a negative one that follows a sign is in brackets."""
    text = short(value) if value else "0"
    return f"({text})" if after_sign and value < 0 else text
