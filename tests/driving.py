"""What the tests of the explorers share: finding controls, moving them as a student would, reading the picture."""

import io

import ipywidgets
import matplotlib.image
import numpy as np
import pytest

from helpers import explorers, numerical
from helpers.cross_entropy import softmax_crossentropy


def measured_step(W, b, X, Y, learning_rate):
    """One step of gradient descent as a student might return it, with centred differences in place of a formula."""
    parameters = np.column_stack([W, b])
    slope = numerical.gradient(lambda p: softmax_crossentropy(X @ p[:, :-1].T + p[:, -1], Y), parameters)
    moved = parameters - learning_rate * slope
    return moved[:, :-1], moved[:, -1]


def prototype_step(W, b, X, Y, learning_rate):
    """A step towards the mean picture of each class: with 650 parameters centred differences take too long."""
    means = Y.T @ X / (1 + Y.sum(axis=0)[:, None])
    return W + learning_rate * (means - X.mean(axis=0)), b + 0.0


BUILDERS = {  # every explorer of helpers/explorers/__init__.py, some of them with arguments
    **{name: build for name, build in vars(explorers).items() if isinstance(build, type)},
    "graph with paths": lambda: explorers.graph(slopes=True),
    "graph with slopes": lambda: explorers.graph(lambda W, b, x, y: b, lambda W, b, x, y: W),
    "softmax with a target": lambda: explorers.softmax(target=True),
    "digits": lambda: explorers.digits(prototype_step),
    "training_player": lambda: explorers.training_player(measured_step),
}


def built(build):
    """A fixture: one explorer for all tests of a module."""

    @pytest.fixture(scope="module")
    def explorer():
        made = build()
        yield made
        made.close()

    return explorer


def control(explorer, label):
    """The one control whose label starts with `label`."""
    (found,) = [control for control in explorer.controls if control.description.startswith(label)]
    return found


def give(explorer, **values):
    """Set controls by the beginning of their labels, with _ for a blank; `scores` is for the scores' sliders."""
    scores = [control for control in explorer.controls if "score z" in control.description]
    for slider, value in zip(scores, values.pop("scores", ()), strict=False):
        slider.value = value
    for label, value in values.items():
        control(explorer, label.replace("_", " ")).value = value
    assert not failed(explorer), explorer.text.value


def press(explorer, label):
    """Press a button."""
    control(explorer, label).click()


def pull(explorer, area, *ways):
    """Grab near the middle of an area, go each of the ways (right, down), in fractions of the picture, and let go."""
    handle, k, _, left, top, right, bottom, _ = area
    x, y = 0.6 * left + 0.4 * right, 0.6 * top + 0.4 * bottom
    for (right, down), held in zip((*ways, ways[-1]), [True] * len(ways) + [False], strict=True):
        grip = {"place": [handle, k], "from": [x, y], "at": [x + right, y + down], "held": held}
        explorer.hand.grip = {**grip, "number": explorer.hand.answered + 1}
    assert not failed(explorer), explorer.text.value


def areas(explorer, kind):
    """Where the picture can be grabbed at handles of a kind, by the name of its class."""
    return [area for area in explorer.hand.areas if type(explorer.hand.handles[area[0]]).__name__ == kind]


def ends(control):
    """Values that reach everything a control can do; None presses a button."""
    if isinstance(control, ipywidgets.Button):
        return [None, None]
    if hasattr(control, "options"):
        return [value for _, value in control._options_full][:: 4 if len(control.options) > 5 else 1]
    return [control.min, control.max, (control.min + control.max) / 2 if hasattr(control, "readout") else control.max]


def move(control, value):
    """Set a control to one of its `ends`."""
    if value is None:
        control.click()
    else:
        control.value = int(value) if isinstance(control.value, int) and not isinstance(control.value, bool) else value


def picture(explorer):
    """The pixels that were sent last: shape (height, width, 4), 0 to 255."""
    pixels = matplotlib.image.imread(io.BytesIO(explorer.picture.value), format="png")
    return (pixels * 255).round().astype(np.uint8)


def failed(explorer):
    """Whether an error stands in the place of the text."""
    return 'role="alert"' in explorer.text.value


def heights(bars):
    """How high some bars are; negative where they hang."""
    return [bar.get_height() for bar in bars]
