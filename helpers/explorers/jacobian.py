"""Lesson 2: one score is nudged, and all probabilities move."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers import figures
from helpers.explorers.explorer import INDEX, SPECIES, Explorer, choice, number, numbers, score_sliders, slider, values
from helpers.explorers.hand import Choice, Points, put
from helpers.softmax import softmax, softmax_jacobian

REACH = 6
CELL = 35  # half the width of a cell of the matrix in pixels
NUDGES = np.linspace(-REACH, REACH, 61)


class Jacobian(Explorer):
    """The probabilities along one nudged score with their tangents, and the matrix of equation (2)."""

    def build(self):
        self.z = score_sliders()
        self.which = choice("nudged score", [("z₁", 0), ("z₂", 1), ("z₃", 2)], 1)
        self.nudge = slider("nudge h", -REACH, REACH, 0.1, 1.5)
        rows = [self.z[:2], [self.z[2], self.nudge], [self.which]]

        fig, (ax, right) = figures.subplots(1, 2, height=3.9, width_ratios=[5, 4])
        symbols = [[f"${letter}_{k}$" for k in (1, 2, 3)] for letter in "az"]
        self.matrix = figures.matrix(right, np.zeros((3, 3)), *symbols, limit=0.5)
        self.entries = list(right.texts)
        self.lit = right.add_patch(Rectangle((0, -0.5), 1, 3, fill=False, linewidth=3.5, clip_on=False))
        right.set_title("$\\partial a_k / \\partial z_j$, equation (2)")

        ax.set(xlim=(-REACH, REACH), ylim=(-0.3, 1.3), xlabel="nudge $h$ of the chosen score")
        ax.set(ylabel="probability $a_k$", title="solid: true probability; dashed: tangent at $h = 0$")
        for impossible in ((-0.3, 0), (1, 1.3)):
            ax.axhspan(*impossible, color=figures.LIGHT, alpha=0.6, zorder=0)
        ax.axvline(0, color=figures.GREY, linewidth=0.8)
        self.tangents, self.curves, self.promised, self.true = [], [], [], []
        for mark, colour in zip(figures.MARKERS[:3], figures.COLOURS[:3], strict=True):
            self.tangents += ax.plot([], [], "--", color=colour, linewidth=1.2)
            self.curves += ax.plot([], [], color=colour, linewidth=2)
            self.promised += ax.plot([], [], mark, color=colour, markersize=8, markerfacecolor="white")
            self.true += ax.plot([], [], mark, color=colour, markersize=9)
        names = [f"$a_{k + 1}$ {name}" for k, name in enumerate(SPECIES)]
        ax.legend(self.true, names, loc="upper left", fontsize=9, ncols=3)
        return rows, fig, [self.tangents, self.curves, self.promised, self.true, self.matrix, self.entries, self.lit]

    def update(self):
        z, j, (h,) = values(self.z), self.which.value, values([self.nudge])
        a, J, e_j = softmax(z), softmax_jacobian(z), np.eye(3)[j]
        along, moved, tangent = softmax(z + NUDGES[:, np.newaxis] * e_j), softmax(z + h * e_j), a + h * J[:, j]
        for k in range(3):
            self.curves[k].set_data(NUDGES, along[:, k])
            self.tangents[k].set_data(NUDGES, a[k] + NUDGES * J[k, j])
            self.true[k].set_data([h], [moved[k]])
            self.promised[k].set_data([h], [tangent[k]])
        self.matrix.set_array(J)
        for text, value in zip(self.entries, J.ravel(), strict=True):
            text.set_text(number(value))
        self.lit.set_x(j - 0.5)

        sentence = (
            f"At z = {numbers(z, 1)}, a = {numbers(a)}. Nudging z{INDEX[j]} by {number(h, 1)} changes a by "
            f"{numbers(moved - a)}; the tangent, h times column {j + 1} = {numbers(J[:, j])}, says "
            f"{numbers(h * J[:, j])}."
        )
        outside = [SPECIES[k] for k in range(3) if not -1e-4 < tangent[k] < 1 + 1e-4]  # 0.000 is no promise
        return sentence + (f" It promises an impossible probability for {' and '.join(outside)}." if outside else "")

    def grabs(self):
        ends = [point.get_xydata()[0] for point in (*self.true, *self.promised)]
        nudged = Points(self.true[0].axes, ends, lambda k, h, a: put([self.nudge], [h]))
        cells = [(j, k) for k in range(3) for j in range(3)]
        return [nudged, Choice(self.matrix.axes, cells, lambda cell: self.which.set_trait("index", cell % 3), CELL)]
