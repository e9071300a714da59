"""What must hold for every explorer: each control to its ends, hundreds of moves, building twice, closing."""

import gc
import itertools
import re

import ipywidgets
import numpy as np
import pytest
from ipywidgets.widgets import widget as registry

from driving import BUILDERS, ends, failed, move, picture

every = pytest.mark.parametrize("name", BUILDERS)


def check(explorer):
    """No error, a sentence without NaN, and the fast picture is the one that a full redraw gives."""
    assert not failed(explorer), explorer.text.value
    assert explorer.sentence in re.sub("&#x27;", "'", explorer.text.value)
    assert not re.search("nan|None|e-0", explorer.sentence)
    fast = picture(explorer)
    explorer.fig.stale = True
    explorer.draw()
    np.testing.assert_array_equal(picture(explorer), fast)


@every
def test_every_control_to_its_ends(name):
    explorer = BUILDERS[name]()
    check(explorer)
    for control in explorer.controls:
        for value in ends(control):
            move(control, value)
            assert not failed(explorer), explorer.text.value
        check(explorer)
    explorer.close()


@every
def test_a_hundred_fast_moves_end_where_the_last_one_says(name):
    explorer, fresh = BUILDERS[name](), BUILDERS[name]()
    moved = [c for c in explorer.controls if hasattr(c, "readout_format") or c.description in ("Step", "clock")]
    for step in range(100):
        one = moved[step % len(moved)]
        share = (step * 37 % 100) / 99
        move(one, None if one.description == "Step" else one.min + share * (one.max - one.min))
    assert not failed(explorer)
    check(explorer)
    explorer.close()
    fresh.close()


@every
def test_controls_have_labels_and_work_with_the_keyboard(name):
    explorer = BUILDERS[name]()
    reachable = (
        ipywidgets.FloatSlider,
        ipywidgets.IntSlider,
        ipywidgets.ToggleButtons,
        ipywidgets.Dropdown,
        ipywidgets.Button,
        ipywidgets.Play,
    )
    for control in explorer.controls:
        assert isinstance(control, reachable)
        assert control.description.strip()
    explorer.close()


@every
def test_stored_output_is_the_same_in_every_run(name):
    first, second = BUILDERS[name](), BUILDERS[name]()
    stored = [explorer._repr_mimebundle_() for explorer in (first, second)]
    for data, metadata in stored:
        assert data["text/plain"] == first.sentence == metadata["image/png"]["alt"]
        assert metadata["image/png"]["width"] == 864
    assert stored[0][0]["image/png"] == stored[1][0]["image/png"]
    first.close()
    second.close()


@every
def test_building_twice_and_closing_leaves_nothing(name):
    def figures_alive():
        gc.collect()
        return sum(type(thing).__name__ == "Figure" for thing in gc.get_objects())

    widgets, figures = len(registry._instances), figures_alive()
    for _ in range(2):
        explorer = BUILDERS[name]()
        for control in explorer.controls:
            move(control, ends(control)[-1])
        explorer.close()
        del explorer, control
    assert len(registry._instances) == widgets
    assert figures_alive() == figures


@every
def test_no_text_of_one_panel_runs_into_another(name):
    explorer = BUILDERS[name]()
    explorer.fig.canvas.draw()
    texts = [
        (text, axes, text.get_window_extent())
        for axes in explorer.fig.axes
        for text in (axes.title, *axes.texts, *(axis.label for axis in axes._axis_map.values()))
        if text.get_text() and text.get_visible()
    ]
    crossing = [
        (first.get_text(), second.get_text())
        for (first, one, here), (second, other, there) in itertools.combinations(texts, 2)
        if one is not other and here.overlaps(there)
    ]
    assert crossing == []
    explorer.close()
