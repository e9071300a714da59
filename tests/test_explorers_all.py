"""What must hold for every explorer: each control to its ends, thirty moves, its stored output, closing."""

import gc
import itertools
import re
import weakref

import numpy as np
import pytest
from ipywidgets.widgets import widget as registry

from driving import BUILDERS, ends, failed, move, picture

KEYBOARD = ("FloatSlider", "IntSlider", "ToggleButtons", "Dropdown", "Button", "Play")


@pytest.fixture(scope="module", params=BUILDERS)
def explorer(request):
    built = BUILDERS[request.param]()
    yield built
    built.close()


def check(explorer):
    """No error, a sentence without NaN, and the fast picture is the one that a full redraw gives."""
    assert not failed(explorer), explorer.text.value
    assert explorer.sentence in re.sub("&#x27;", "'", explorer.text.value)
    assert not re.search("nan|None|e-0", explorer.sentence)
    fast = picture(explorer)
    explorer.fig.stale = True
    explorer.draw()
    np.testing.assert_array_equal(picture(explorer), fast)


def test_building_closing_and_what_is_stored(request, explorer):
    """A second explorer stores the same output, and leaves no widget and no figure behind."""
    before = len(registry._instances)
    second = BUILDERS[request.node.callspec.params["explorer"]]()
    (data, metadata), (again, _) = explorer._repr_mimebundle_(), second._repr_mimebundle_()
    assert data["text/plain"] == again["text/plain"] == explorer.sentence == metadata["image/png"]["alt"]
    assert data["image/png"] == again["image/png"] and metadata["image/png"]["width"] == 864
    figure = weakref.ref(second.fig)
    second.close()
    gc.collect()
    assert len(registry._instances) == before and figure() is None


def test_controls_have_labels_and_work_with_the_keyboard(explorer):
    for control in explorer.controls:
        assert type(control).__name__ in KEYBOARD and control.description.strip()


def test_no_text_of_one_panel_runs_into_another(explorer):
    explorer.fig.canvas.draw()
    texts = [
        (text, axes, text.get_window_extent())
        for axes in explorer.fig.axes
        for text in (axes.title, *axes.texts, *(axis.label for axis in axes._axis_map.values()))
        if text.get_text() and text.get_visible()
    ]
    for (first, one, here), (second, other, there) in itertools.combinations(texts, 2):
        assert one is other or not here.overlaps(there), (first.get_text(), second.get_text())


def test_every_control_to_its_ends(explorer):
    for control in explorer.controls:
        for value in ends(control):
            move(control, value)
            assert not failed(explorer), explorer.text.value
    check(explorer)


def test_thirty_fast_moves_change_the_picture_and_end_where_the_last_one_says(explorer):
    moved = [c for c in explorer.controls if hasattr(c, "readout_format") or c.description in ("Step", "clock")]
    answered = set()
    for step, one in zip(range(30), itertools.cycle(moved), strict=False):
        share, before = (step * 37 % 100) / 99, explorer.picture.value
        move(one, None if one.description == "Step" else one.min + share * (one.max - one.min))
        if explorer.picture.value != before:
            answered.add(one)
    assert answered == {one for one in moved if not getattr(one, "disabled", False)}
    check(explorer)
