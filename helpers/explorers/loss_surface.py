"""Lessons 4 and 5: the loss as a landscape over two scores, and the way down."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot, softmax_crossentropy_grad
from helpers.explorers.explorer import INDEX, Explorer, button, choice, number, numbers, short, slider, values
from helpers.explorers.hand import SECOND, Points, Turn, put
from helpers.explorers.landscape import Landscape
from helpers.softmax import softmax

LIMIT = 6
SIDE = np.linspace(-LIMIT, LIMIT, 49)
START = np.array([-2.0, 1.0])
CASES = [(f"{k + 1} of {m}", (k, m)) for m in (2, 3) for k in range(m)]  # the right class and how many there are
MARKS = {
    "flat": ("--", {"color": figures.COLOURS[8], "linewidth": 2}),
    "path": (".-", {"color": figures.INK, "linewidth": 1.2, "markersize": 6}),
    "arrow": ("-^", {"color": figures.COLOURS[1], "linewidth": 3, "markersize": 8, "markevery": [-1]}),
}


class LossSurface(Explorer):
    """The loss over the scores z1 and z2 as a surface and as contours, with a point to move.

    With three classes the third score stays 0. Without `gradient` the steps along it, of equation (8), are left out.
    """

    def __init__(self, gradient=True):
        self.gradient = gradient
        super().__init__()

    def build(self):
        self.z = [slider(f"score z{INDEX[k]}", -LIMIT, LIMIT, 0.1, START[k]) for k in range(2)]
        self.case = choice("right class", CASES, (0, 2))
        rows = [self.z, [self.case]]
        if self.gradient:
            self.rate = slider("step size", 0.1, 6, 0.1, 1)
            steps = button("Step", self.step), button("10 steps", lambda: self.step(10))
            rows.append([self.rate, *steps, button("Reset", self.reset)])
        self.path, self.drawn_for = [START], None
        self.landscape = Landscape([["surface", "map"]], SIDE, MARKS, height=4.2, width_ratios=[5, 4])
        return rows, self.landscape.fig, self.landscape.moving

    def scores(self, points):
        """All m scores at points (z1, z2), shape (..., 2): a third one is 0."""
        return points @ np.eye(2, self.m)

    def loss(self, points):
        """The loss at each of the points: log of the sum of all exponentials, minus the right score."""
        z = self.scores(points)
        return np.logaddexp.reduce(z, axis=-1) - z[..., self.k]

    def slope(self):
        """The gradient of the loss at the point, equation (8)."""
        return softmax_crossentropy_grad(self.scores(self.path[-1]), one_hot(self.k, self.m))

    def step(self, count=1):
        for _ in range(count):
            here = self.path[-1] - self.rate.value * self.slope()[:2]
            self.path = [*self.path, np.clip(here, -LIMIT, LIMIT)]
        put(self.z, self.path[-1])  # the sliders know tenths; the path keeps all digits

    def reset(self):
        put(self.z, START)
        self.path = [START]

    def update(self):
        self.k, self.m = self.case.value
        if self.drawn_for != self.case.value:
            self.drawn_for = self.case.value
            self.path = self.path[-1:]  # steps down another landscape are no longer true
            height = self.loss(np.stack(np.meshgrid(SIDE, SIDE), axis=-1))
            self.landscape.draw(height, "score $z_1$", "score $z_2$")
        if not np.allclose(values(self.z), self.path[-1].round(1)):  # a slider moved the point: a new path begins
            self.path = [values(self.z)]
        here = self.path[-1]
        self.place("point", [here])
        along = np.linspace(-2 * LIMIT, 2 * LIMIT, 121)[:, np.newaxis] + here  # here + c (1, 1)
        self.place("flat", along[: 121 if self.m == 2 else 0])
        z = self.scores(here)
        sentence = f"Scores z = {numbers(z, 2)}, right class {self.k + 1}: a = {numbers(softmax(z))}, "
        sentence += f"L = −log a{INDEX[self.k]} = {short(self.loss(here))}."
        if self.gradient:
            sentence += self.show_way_down(here)
        if self.m == 2:
            return sentence + " Along the dashed line both scores grow alike and the loss stays."
        return sentence + " Here z₃ stays 0. (Adding one number to all three scores would change no loss.)"

    def show_way_down(self, here):
        """The next step as an arrow, the steps taken as a path; and both in words."""
        slope = self.slope()
        self.place("arrow", here - self.rate.value * np.linspace(0, 1, 25)[:, np.newaxis] * slope[:2])
        self.place("path", self.path)
        sentence = f" Its gradient is a − y = ({', '.join(map(short, slope))})."
        if len(self.path) > 1:
            sentence += f" Steps taken: {len(self.path) - 1}, from a loss of {number(self.loss(self.path[0]))}."
        return sentence + (" The point is at the edge of the map." if abs(here).max() == LIMIT else "")

    def grabs(self):
        ax = self.landscape.map
        grabs = [Points(ax, [values(self.z)], lambda k, *here: put(self.z, here))]
        if self.gradient:
            tip = self.landscape.marks["arrow"][1].get_xydata()[-1:]
            grabs.append(Points(ax, tip, self.pull_arrow, rank=SECOND))
        return [*grabs, Turn(self.landscape.surface)]

    def pull_arrow(self, k, x, y):
        """Make the arrow, the step size times the slope, end near (x, y)."""
        slope = self.slope()[:2]
        put([self.rate], [(self.path[-1] - [x, y]) @ slope / (slope @ slope)])

    def place(self, name, points):
        """Move a mark on the landscape to points, shape (count, 2)."""
        self.landscape.place(name, np.array(points), self.loss(np.array(points)))
