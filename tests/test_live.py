import base64
import gc
import io
import weakref

import ipywidgets
import matplotlib.image
import numpy as np
import pytest
from ipywidgets.widgets import widget as registry

from driving import failed, picture
from helpers import figures, live


def wave(function=np.sin, name="wave"):
    """A small explorer: a curve whose height a slider sets through `function`."""
    fig, ax = figures.subplots(width=3, height=2)
    ax.set(xlim=(0, 6), ylim=(-2, 2))
    (line,) = ax.plot([], [])
    height = live.slider("height h", -2, 2, 0.1, 1)
    x = np.linspace(0, 6, 50)

    def double():
        height.value *= 2
        height.value = min(height.value, 1.9)

    def update():
        line.set_data(x, height.value * function(x))
        if height.value < 0 and ax.get_title() != "low":
            ax.set_title("low")
        return f"The height is {live.number(height.value, 1)}."

    return live.Explorer(name, fig, [[height, live.button("Double", double)]], [line], update)


def test_png_keeps_every_pixel():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (7, 5, 4), dtype=np.uint8)
    for level in (1, 9):
        read = matplotlib.image.imread(io.BytesIO(live.png(pixels, level)), format="png")
        np.testing.assert_array_equal((read * 255).round(), pixels)


def test_a_move_changes_picture_and_text():
    explorer = wave()
    before, slider = picture(explorer), explorer.controls[0]
    slider.value = 1.5
    assert (picture(explorer) != before).any()
    assert "The height is 1.5." in explorer.text.value
    assert 'role="status"' in explorer.text.value and 'aria-live="polite"' in explorer.text.value
    slider.value = 1
    np.testing.assert_array_equal(picture(explorer), before)


def test_a_move_restores_the_background_and_draws_no_other_artist():
    explorer = wave()
    drawn = []
    for artist in (*explorer.fig.axes[0].xaxis.get_major_ticks(), explorer.fig.axes[0].title):
        artist.draw = lambda renderer, artist=artist: drawn.append(artist)
    explorer.controls[0].value = 0.3
    assert drawn == []
    explorer.controls[0].value = -0.3  # a new title: the background is not true any more
    assert explorer.fig.axes[0].title in drawn


def test_a_button_that_moves_a_slider_twice_answers_once():
    explorer = wave()
    sent = []
    explorer.picture.observe(sent.append, "value")
    explorer.controls[1].click()
    assert explorer.controls[0].value == 1.9 and len(sent) == 1
    assert explorer.sentence == "The height is 1.9."


def test_an_exception_is_shown_with_type_message_and_line_and_goes_with_the_next_good_change():
    def moody(x):
        if slider and slider[0].value > 1:
            raise ValueError("too <high>")  # the line that must be named
        return np.sin(x)

    slider = []
    explorer = wave(moody)
    slider.append(explorer.controls[0])
    before = picture(explorer)
    slider[0].value = 1.2
    assert failed(explorer)
    assert "ValueError: too &lt;high&gt;" in explorer.text.value and "in moody, line " in explorer.text.value
    assert "the line that must be named" in explorer.text.value
    np.testing.assert_array_equal(picture(explorer), before)
    slider[0].value = 0.9
    assert not failed(explorer) and "The height is 0.9." in explorer.text.value


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit, RecursionError])
def test_a_stopped_callback_says_so(problem):
    def stop():
        raise problem

    explorer = wave()
    explorer.controls[1].action = stop
    explorer.controls[1].click()
    assert failed(explorer) and problem.__name__ in explorer.text.value


def test_a_failure_stops_what_plays():
    explorer = wave()
    play = ipywidgets.Play(playing=True)
    explorer.controls.append(play)
    explorer.fail("no")
    assert not play.playing


def test_the_line_of_the_students_code_is_named_although_numpy_raised():
    def shapes(x):
        return x @ np.zeros((3, 3))  # does not fit

    try:
        shapes(np.zeros(2))
    except ValueError as problem:
        message = live.explain(problem)
    assert "in shapes, line" in message and "does not fit" in message


def test_stored_output_holds_a_picture_its_size_alt_text_and_the_text():
    explorer = wave()
    data, metadata = explorer._repr_mimebundle_()
    pixels = matplotlib.image.imread(io.BytesIO(base64.b64decode(data["image/png"])), format="png")
    np.testing.assert_array_equal((pixels * 255).round(), picture(explorer))
    assert data["text/plain"] == "The height is 1.0."
    assert metadata["image/png"] == {"alt": "The height is 1.0.", "width": 288, "height": 192}
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.widget.model_id
    again = wave()._repr_mimebundle_()[0]
    assert (again["image/png"], again["text/plain"]) == (data["image/png"], data["text/plain"])
    assert repr(explorer) == "<explorer wave>"


def test_closing_gives_everything_back():
    gc.collect()
    before = len(registry._instances)
    explorer = wave()
    slider = explorer.controls[0]
    watched = [weakref.ref(thing) for thing in (explorer.fig, explorer.fig.canvas, explorer.update, explorer.picture)]
    assert len(registry._instances) > before
    explorer.close()
    slider.value = 0.2  # nobody listens any more
    assert repr(explorer) == "<explorer wave (closed)>"
    assert explorer._repr_mimebundle_() == ({"text/plain": "<explorer wave (closed)>"}, {})
    del slider
    gc.collect()
    assert len(registry._instances) == before
    assert [thing() for thing in watched[:3]] == [None] * 3
    whole = weakref.ref(explorer)
    del explorer
    gc.collect()
    assert whole() is None and watched[3]() is None


def test_running_a_cell_again_closes_what_it_built_before(monkeypatch):
    monkeypatch.setattr(live, "runs", {})

    def run(cell, number):
        monkeypatch.setattr(live, "running_cell", lambda: (cell, number))
        return [wave(), wave()]

    first, other = run("a", 1), run("b", 2)
    assert all(explorer.fig is not None for explorer in first + other)
    second = run("a", 3)
    assert all(explorer.fig is None for explorer in first)
    assert all(explorer.fig is not None for explorer in other + second)
    run(None, None)
    assert all(explorer.fig is not None for explorer in other + second)


def test_the_running_cell_comes_from_the_message_that_started_it(monkeypatch):
    assert live.running_cell() == (None, None)

    class Shell:
        def get_parent(self):
            return {"header": {"msg_id": "7"}, "metadata": {"cellId": "c"}}

    monkeypatch.setattr(live, "get_ipython", Shell)
    assert live.running_cell() == ("c", "7")


def test_numbers_read_the_same_everywhere():
    assert [live.number(value) for value in (0.1 + 0.2, -0.0001, -1.5, np.float32(2))] == [
        "0.300",
        "0.000",
        "−1.500",
        "2.000",
    ]
    assert [live.number(value) for value in (np.nan, np.inf, -np.inf)] == ["undefined", "∞", "−∞"]
    assert live.numbers([1, -0.25], 2) == "(1.00, −0.25)"
