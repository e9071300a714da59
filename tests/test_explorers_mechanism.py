import base64
from types import SimpleNamespace

import numpy as np
import pytest

from driving import failed, picture
from helpers import figures
from helpers.explorers import explorer as mechanism
from helpers.explorers.explorer import Explorer, button, number, numbers, short, slider, values


class Wave(Explorer):
    """A small explorer: a curve whose height a slider sets through a function."""

    function = staticmethod(np.sin)

    def build(self):
        fig, self.ax = figures.subplots(width=3, height=2)
        self.ax.set(xlim=(0, 6), ylim=(-2, 2))
        (self.line,) = self.ax.plot([], [])
        self.height, self.sent = slider("height h", -2, 2, 0.1, 1), []
        return [[self.height, button("Double", self.double)]], fig, [[self.line]]

    def double(self):
        self.height.value *= 2
        self.height.value = min(self.height.value, 1.9)

    def update(self):
        self.line.set_data(range(7), self.height.value * self.function(range(7)))
        if self.height.value < 0:
            self.ax.set_title("low")
        return f"The height is {number(self.height.value, 1)}."


@pytest.fixture
def wave():
    wave = Wave()
    wave.picture.observe(wave.sent.append, "value")
    yield wave
    wave.close()


def test_a_move_changes_picture_and_text(wave):
    before = picture(wave)
    wave.height.value = 1.5
    assert (picture(wave) != before).any()
    assert 'role="status" aria-live="polite"' in wave.text.value and "The height is 1.5." in wave.text.value
    wave.height.value = 1
    np.testing.assert_array_equal(picture(wave), before)
    assert base64.b64decode(wave._repr_mimebundle_()[0]["image/png"]) == wave.picture.value


def test_the_browsers_echo_is_no_move_and_a_button_that_moves_a_slider_twice_answers_once(wave):
    wave.height.value = 1.4
    wave.height.value = 1.4000000000000004
    assert len(wave.sent) == 1 and values([wave.height]).tolist() == [1.4]
    wave.controls[1].click()
    assert len(wave.sent) == 2 and wave.sentence == "The height is 1.9."


def test_a_move_draws_no_artist_that_stays(wave):
    drawn = []
    for artist in (*wave.ax.xaxis.get_major_ticks(), wave.ax.title):
        artist.draw = lambda renderer, artist=artist: drawn.append(artist)
    wave.height.value = 0.3
    assert drawn == []
    wave.height.value = -0.3  # a new title: the background is not true any more
    assert wave.ax.title in drawn


def test_an_exception_is_shown_with_the_students_line_until_the_next_good_move(wave):
    def moody(x):
        return np.sin(x) if wave.height.value < 1 else x @ np.zeros((3, 3))  # does not <fit>

    wave.function, before = moody, picture(wave)
    wave.height.value = 1.2
    assert failed(wave) and "ValueError: " in wave.text.value
    assert "in moody, line " in wave.text.value and "does not &lt;fit&gt;" in wave.text.value
    np.testing.assert_array_equal(picture(wave), before)
    wave.height.value = 0.9
    assert not failed(wave) and "The height is 0.9." in wave.text.value


def test_closing_twice_is_harmless_and_nobody_listens_any_more():
    wave = Wave()
    height = wave.height
    wave.close()
    wave.close()
    height.value = 0.2
    assert wave._repr_mimebundle_() == ({"text/plain": "<explorer Wave (closed)>"}, {})


def test_running_a_cell_again_closes_what_it_built_before(monkeypatch):
    monkeypatch.setattr(mechanism, "runs", {})

    def run(cell, number):
        message = {"header": {"msg_id": number}, "metadata": {"cellId": cell}}
        shell = SimpleNamespace(kernel=SimpleNamespace(get_parent=lambda: message))
        monkeypatch.setattr(mechanism, "get_ipython", lambda: shell)
        return [Wave(), Wave()]

    first, other, second = run("a", 1), run("b", 2), run("a", 3)
    assert all(wave.fig is None for wave in first)
    assert all(wave.fig is not None for wave in other + second)


def test_numbers_read_the_same_everywhere():
    said = "0.300", "0.000", "−1.500", "undefined", "∞", "−∞"
    assert tuple(map(number, (0.1 + 0.2, -0.0001, np.float32(-1.5), np.nan, np.inf, -np.inf))) == said
    assert numbers([1, -0.25], 2) == "(1.00, −0.25)"
    said = "0.500", "−3.854", "0.000", "1.6·10⁵", "−2.6·10⁴³", "3.7·10⁻⁴⁴", "undefined"
    assert tuple(map(short, (0.5, -3.8542, 0, 162755, -2.6e43, 3.7e-44, np.nan))) == said
