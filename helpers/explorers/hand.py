"""The hand: it pulls what the picture of an explorer shows, and the sliders move along.

A transparent widget lies over the picture; without the package anywidget there is none, and picture and sliders work as
ever. Its part in the browser, `hand.js`, knows where something can be grabbed. It does not send events but one state:
what is held, where it was grabbed, and where the hand is now. Moves that come too fast are merged, as a slider's are.
Between the two all places are fractions of the picture, from its upper left corner; here they are the figure's pixels.
"""

import pathlib

import numpy as np
import traitlets
from matplotlib.ticker import NullLocator

try:
    from anywidget import AnyWidget as Base
except ImportError:
    from traitlets import HasTraits as Base


FIRST, SECOND, GROUND = range(3)  # what is grabbed where several are near; a ground is grabbed anywhere inside
LEAST = 1e-3  # the least probability that a hand gives


class Hand(Base):
    """What can be grabbed, and the grip: {number, place: (handle, k), from, at, held}."""

    _esm = pathlib.Path(__file__).with_name("hand.js").read_text(encoding="utf-8")
    areas = traitlets.List().tag(sync=True)
    grip = traitlets.Dict().tag(sync=True, echo_update=False)
    answered = traitlets.Int().tag(sync=True)  # the number of the grip whose picture has been sent

    def offer(self, handles, size):
        """Let these be grabbed, in a picture of that size; as long as one is held, all stay as they were."""
        if not self.grip.get("held"):
            self.handles, self.size = handles, size
            found = [(i, handle.name, *area) for i, handle in enumerate(handles) for area in handle.areas()]
            places = np.reshape([area[-2:] for area in found], (-1, 2, 2)) / size * [1, -1] + [0, 1]
            places = places.reshape(-1, 4).round(4).tolist()
            self.areas = [[i, k, rank, *ends, name] for (i, name, k, rank, *_), ends in zip(found, places, strict=True)]

    def pull(self):
        """Move what the grip holds."""
        grabbed, now = (np.array([x, 1 - y]) * self.size for x, y in (self.grip["from"], self.grip["at"]))
        i, k = self.grip["place"]
        self.handles[i].move(k, grabbed, now, self.grip["held"])


class Points:
    """Points in `ax` at `places`, shape (count, 2): `pull(k, x, y)` is asked to bring point k to (x, y).

    What is larger than a point has a `radius`, in the figure's pixels.
    """

    name = ""  # what no slider does has a name, takes the focus, and is moved by the arrow keys

    def __init__(self, ax, places, pull, radius=0, rank=FIRST):
        self.places, self.radius = ax.transData.transform(np.reshape(places, (-1, 2))), radius
        self.rank = GROUND if radius else rank
        self.pull, self.to_data = pull, ax.transData.frozen().inverted()  # also if a wider axis is needed meanwhile

    def areas(self):
        """Where each is grabbed: its number, its rank, and a line's ends or a ground's upper left and lower right."""
        aside = self.radius * np.array([1, -1])
        return [(k, self.rank, place - aside, place + aside) for k, place in enumerate(self.places)]

    def spot(self, k, grabbed):
        """What of k the hand has got; the hand does not move it by grabbing."""
        return self.places[k]

    def move(self, k, grabbed, now, held):
        """Bring k where the hand is."""
        self.pull(k, *self.to_data.transform(self.spot(k, grabbed) + now - grabbed))


class Bars(Points):
    """Bars, pulled up and down: `pull(k, height)`."""

    def __init__(self, bars, pull):
        boxes = np.array([bar.get_bbox().get_points() for bar in bars])
        super().__init__(bars[0].axes, boxes[:, 1], lambda k, x, height: pull(k, height))
        self.boxes = bars[0].axes.transData.transform(boxes.reshape(-1, 2)).reshape(-1, 2, 2)

    def areas(self):
        for k, (foot, end) in enumerate(self.boxes):
            yield k, FIRST, (foot[0], end[1]), end
            yield k, GROUND, (foot[0], max(foot[1], end[1])), (end[0], min(foot[1], end[1]))


class Choice(Points):
    """Points of which the one nearest to the hand is chosen: `pull(k)`."""

    def __init__(self, ax, places, pull, radius=0):
        super().__init__(ax, places, pull, radius, SECOND)

    def move(self, k, grabbed, now, held):
        away = self.places - (self.places[k] + now - grabbed)
        self.pull(int(np.hypot(*away.T).argmin()))


class Lines(Points):
    """Straight lines between two ends, shape (count, 2, 2): `pull(k, x, y)` is asked to lead line k through (x, y)."""

    def areas(self):
        return [(k, FIRST, *ends) for k, ends in enumerate(self.places.reshape(-1, 2, 2))]

    def spot(self, k, grabbed):
        start, end = self.places.reshape(-1, 2, 2)[k]
        along = (grabbed - start) @ (end - start) / max((end - start) @ (end - start), 1e-9)
        return start + np.clip(along, 0, 1) * (end - start)


class Turn:
    """The view of a 3-D `ax`; while it turns, ticks and labels, which take most of the time, are left out."""

    name = "Turn the surface with the arrow keys"

    def __init__(self, ax):
        self.ax, self.angles = ax, np.array([ax.azim, ax.elev])
        self.ticks = [(axis, axis.get_major_locator()) for axis in (ax.xaxis, ax.yaxis, ax.zaxis)]

    def areas(self):
        (left, low), (right, high) = self.ax.bbox.get_points()
        return [(0, GROUND, (left, high), (right, low))]

    def move(self, k, grabbed, now, held):
        azim, elev = self.angles - 180 * (now - grabbed) / self.ax.bbox.size
        self.ax.view_init(azim=azim, elev=np.clip(elev, 0, 90))
        if not (held and self.ax.get_animated()):
            self.ax.set_animated(held)  # `Explorer.draw` draws it over a new background
            for axis, locator in self.ticks:
                axis.set_major_locator(NullLocator() if held else locator)
                axis.label.set_visible(not held)
            self.ax.figure.stale = True


def put(sliders, numbers):
    """Set sliders to numbers, as near as they come, in the digits of the browser's slider: it will not correct them."""
    for slider, number in zip(sliders, numbers, strict=True):
        span = slider.max - slider.min
        share = 100 * slider.step / span  # a step in per cent of the way
        way = round(100 * (number - slider.min) / span / share) * share
        value = slider.min if way <= 0 else slider.max if way >= 100 else way * span / 100 + slider.min
        slider.value = round(value) if isinstance(slider.step, int) else value


def put_probabilities(sliders, a, scale=1):
    """Set scores to those whose softmax, after times `scale`, is nearest to a; most scores stay where they are."""
    z, low, high = np.log(a) / scale, sliders[0].min, sliders[0].max
    z += np.median([slider.value for slider in sliders] - z)  # the same number added to all changes no probability
    put(sliders, z + np.clip(0, low - z.min(), high - z.max()))


def put_probability(sliders, a, k, p, scale=1):
    """Give class k the probability p; those of the others, now a, keep their ratios."""
    p = np.clip(p, LEAST, 1 - LEAST)
    put_probabilities(sliders, np.where(np.arange(len(a)) == k, p, a * (1 - p) / (1 - a[k])), scale)
