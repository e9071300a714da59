"""What must hold for every explorer: each control to its ends, ten moves, its stored output, closing, labels."""

import gc
import itertools
import re
import weakref

import numpy as np
import pytest
from ipywidgets.widgets import widget as registry

from driving import BUILDERS, ends, failed, move, picture


@pytest.fixture(scope="module", params=BUILDERS)
def explorer(request):
    built = BUILDERS[request.param]()
    yield built
    built.close()


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
        assert type(control).__name__ in ("FloatSlider", "IntSlider", "ToggleButtons", "Button", "Play")
        assert control.description.strip()


def test_no_text_of_one_panel_runs_into_another_or_out_of_the_picture(explorer):
    explorer.fig.canvas.draw()
    texts = [
        (text, axes, text.get_window_extent())
        for axes in explorer.fig.axes
        for text in (axes.title, *axes.texts, *(axis.label for axis in axes._axis_map.values()))
        if text.get_text() and text.get_visible()
    ]
    for text, _, here in texts:
        assert here.y1 < explorer.fig.bbox.y1 + 1, text.get_text()
    for (first, one, here), (second, other, there) in itertools.combinations(texts, 2):
        assert one is other or not here.overlaps(there), (first.get_text(), second.get_text())


def test_ten_moves_change_the_picture_and_every_control_answers_at_its_ends(explorer):
    moved = [c for c in explorer.controls if hasattr(c, "readout_format") or c.description in ("Step", "clock")]
    answered = set()
    for step, one in zip(range(10), itertools.cycle(moved), strict=False):
        before, share = explorer.picture.value, (step * 37 + 13) % 100 / 99
        move(one, None if one.description == "Step" else one.min + share * (one.max - one.min))
        answered |= {one} if explorer.picture.value != before else set()
    assert answered == set(moved)
    for control in explorer.controls:
        for value in ends(control):
            move(control, value)
            assert not failed(explorer), explorer.text.value
            assert not re.search("nan|None|e-0", explorer.sentence)
    assert explorer.sentence in re.sub("&#x27;", "'", explorer.text.value)
    fast = picture(explorer)  # is the picture that a full redraw gives
    explorer.fig.stale = True
    explorer.draw()
    np.testing.assert_array_equal(picture(explorer), fast)
