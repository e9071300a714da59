"""The replay: stored numbers that a right answer to the homework gives, and what is shown of them."""

import numpy as np
import pytest

import make_replay
from driving import built, control, give, heights, press
from helpers import datasets, explorers
from helpers.datasets import DATA
from helpers.softmax import softmax

replay = built(explorers.replay)
STORED, PENGUINS = np.loadtxt(DATA / "replay.csv", delimiter=",", skiprows=1), datasets.penguins()


def test_the_stored_run_is_the_one_that_the_command_computes():
    np.testing.assert_allclose(STORED, list(make_replay.run()), rtol=0, atol=1e-9)
    assert (DATA / "replay.csv").read_text().split("\n")[0].split(",") == make_replay.HEADER


@pytest.mark.parametrize("moment", [0, 7, 24])
def test_plane_curve_bars_and_text_show_the_stored_moment(replay, moment):
    give(replay, moment=moment)
    step, W, b = STORED[moment, 0], STORED[moment, 1:7].reshape(3, 2), STORED[moment, 7:]
    loss = -np.log(softmax(PENGUINS.X @ W.T + b)[range(258), PENGUINS.labels]).mean()
    a = softmax(W @ ((np.array([44.0, 17.3]) - PENGUINS.mean) / PENGUINS.std) + b)
    np.testing.assert_array_equal(replay.plane.shading.W, W)
    np.testing.assert_allclose(replay.mark.get_xydata(), [[step, loss]], rtol=1e-12)
    np.testing.assert_allclose(heights(replay.bars[0]), a, rtol=1e-12)
    assert replay.sentence.startswith(f"After step {step:.0f} of 2000 the loss is {loss:.3f}")
    assert replay.sentence.endswith(f"Adelie {a[0]:.3f}, Chinstrap {a[1]:.3f}, Gentoo {a[2]:.3f}.")


def test_play_goes_on_tick_by_tick_stops_at_the_end_and_begins_again(replay):
    give(replay, moment=22)
    press(replay, "Play")
    clock, moment = control(replay, "clock"), control(replay, "moment")
    clock.value += 1
    assert moment.value == 23 and clock.playing
    clock.value += 1
    assert moment.value == 24 and not clock.playing
    press(replay, "Play")
    clock.value += 1
    assert moment.value == 0 and clock.playing
    clock.value += 1
    press(replay, "Pause")
    assert moment.value == 1 and not clock.playing
    press(replay, "Reset")
    assert moment.value == 0
