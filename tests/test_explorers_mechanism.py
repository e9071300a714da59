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
from helpers import figures
from helpers.explorers import explorer as mechanism
from helpers.explorers.explorer import Explorer, button, number, numbers, short, slider, values


class Wave(Explorer):
    """A small explorer: a curve whose height a slider sets through a function."""

    def __init__(self, function=np.sin):
        self.function = function
        super().__init__()

    def build(self):
        fig, self.ax = figures.subplots(width=3, height=2)
        self.ax.set(xlim=(0, 6), ylim=(-2, 2))
        (self.line,) = self.ax.plot([], [])
        self.height = slider("height h", -2, 2, 0.1, 1)
        return [[self.height, button("Double", self.double)]], fig, [[self.line]]

    def double(self):
        self.height.value *= 2
        self.height.value = min(self.height.value, 1.9)

    def update(self):
        x = np.linspace(0, 6, 50)
        self.line.set_data(x, self.height.value * self.function(x))
        if self.height.value < 0 and self.ax.get_title() != "low":
            self.ax.set_title("low")
        return f"The height is {number(self.height.value, 1)}."


@pytest.fixture
def wave():
    built = Wave()
    yield built
    built.close()


def test_a_move_changes_picture_and_text(wave):
    before = picture(wave)
    wave.height.value = 1.5
    assert (picture(wave) != before).any()
    assert "The height is 1.5." in wave.text.value
    assert 'role="status"' in wave.text.value and 'aria-live="polite"' in wave.text.value
    wave.height.value = 1
    np.testing.assert_array_equal(picture(wave), before)


def test_the_browsers_echo_of_a_value_is_no_move(wave):
    sent = []
    wave.picture.observe(sent.append, "value")
    wave.height.value = 1.4
    wave.height.value = 1.4000000000000004
    assert len(sent) == 1 and values([wave.height]).tolist() == [1.4]


def test_a_move_draws_no_artist_that_stays(wave):
    drawn = []
    for artist in (*wave.ax.xaxis.get_major_ticks(), wave.ax.title):
        artist.draw = lambda renderer, artist=artist: drawn.append(artist)
    wave.height.value = 0.3
    assert drawn == []
    wave.height.value = -0.3  # a new title: the background is not true any more
    assert wave.ax.title in drawn


def test_a_button_that_moves_a_slider_twice_answers_once(wave):
    sent = []
    wave.picture.observe(sent.append, "value")
    wave.controls[1].click()
    assert wave.height.value == 1.9 and len(sent) == 1 and wave.sentence == "The height is 1.9."


def test_an_exception_is_shown_with_the_students_line_until_the_next_good_move(wave):
    def moody(x):
        if wave.height.value > 1:
            raise ValueError("too <high>")  # the line that must be named
        return np.sin(x)

    wave.function, before = moody, picture(wave)
    wave.height.value = 1.2
    assert failed(wave) and "ValueError: too &lt;high&gt;" in wave.text.value
    assert "in moody, line " in wave.text.value and "the line that must be named" in wave.text.value
    np.testing.assert_array_equal(picture(wave), before)
    wave.height.value = 0.9
    assert not failed(wave) and "The height is 0.9." in wave.text.value


@pytest.mark.parametrize("problem", [KeyboardInterrupt, SystemExit, RecursionError])
def test_a_stopped_callback_says_so_and_stops_what_plays(wave, problem):
    def stop():
        raise problem

    wave.controls.append(ipywidgets.Play(playing=True))
    wave.controls[1].action = stop
    wave.controls[1].click()
    assert failed(wave) and problem.__name__ in wave.text.value and not wave.controls[2].playing


def test_the_line_of_the_students_code_is_named_although_numpy_raised():
    def shapes(x):
        return x @ np.zeros((3, 3))  # does not fit

    with pytest.raises(ValueError) as caught:
        shapes(np.zeros(2))
    message = mechanism.explain(caught.value)
    assert "in shapes, line" in message and "does not fit" in message


def test_stored_output_holds_a_picture_its_size_alt_text_and_the_text(wave):
    data, metadata = wave._repr_mimebundle_()
    pixels = matplotlib.image.imread(io.BytesIO(base64.b64decode(data["image/png"])), format="png")
    np.testing.assert_array_equal((pixels * 255).round(), picture(wave))
    assert data["text/plain"] == "The height is 1.0." and repr(wave) == "<explorer Wave>"
    assert metadata["image/png"] == {"alt": "The height is 1.0.", "width": 288, "height": 192}
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == wave.widget.model_id


def test_closing_gives_everything_back():
    gc.collect()
    before = len(registry._instances)
    wave = Wave()
    height = wave.height
    watched = [weakref.ref(thing) for thing in (wave.fig, wave.fig.canvas, wave.picture)]
    assert len(registry._instances) > before
    wave.close()
    wave.close()  # once more is harmless
    height.value = 0.2  # nobody listens any more
    assert repr(wave) == "<explorer Wave (closed)>"
    assert wave._repr_mimebundle_() == ({"text/plain": repr(wave)}, {})
    del height
    gc.collect()
    assert len(registry._instances) == before and [thing() for thing in watched] == [None] * 3
    whole = weakref.ref(wave)
    del wave
    gc.collect()
    assert whole() is None


def test_running_a_cell_again_closes_what_it_built_before(monkeypatch):
    monkeypatch.setattr(mechanism, "runs", {})

    def run(cell, number):
        monkeypatch.setattr(mechanism, "running_cell", lambda: (cell, number))
        return [Wave(), Wave()]

    first, other, second = run("a", 1), run("b", 2), run("a", 3)
    assert all(wave.fig is None for wave in first)
    run(None, None)
    assert all(wave.fig is not None for wave in other + second)


def test_the_running_cell_comes_from_the_message_that_started_it(monkeypatch):
    assert mechanism.running_cell() == (None, None)

    class Shell:
        def get_parent(self):
            return {"header": {"msg_id": "7"}, "metadata": {"cellId": "c"}}

    monkeypatch.setattr(mechanism, "get_ipython", Shell)
    assert mechanism.running_cell() == ("c", "7")


def test_numbers_read_the_same_everywhere():
    assert [number(value) for value in (0.1 + 0.2, -0.0001, np.float32(-1.5), np.nan, np.inf, -np.inf)] == [
        *("0.300", "0.000", "−1.500", "undefined", "∞", "−∞"),
    ]
    assert numbers([1, -0.25], 2) == "(1.00, −0.25)"
    assert [short(value) for value in (0.5, -3.8542, 0, 162755, -2.6e43, 3.7e-44, np.nan)] == [
        *("0.500", "−3.854", "0.000", "1.6·10⁵", "−2.6·10⁴³", "3.7·10⁻⁴⁴", "undefined"),
    ]
