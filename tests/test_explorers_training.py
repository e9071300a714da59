"""The training player and the digits explorer: the student's function, and nothing else, moves the layer."""

import numpy as np
import pytest

from driving import control, failed, give, measured_step, press, prototype_step
from helpers import datasets, explorers
from helpers.softmax import softmax

PENGUINS, DIGITS = datasets.penguins(), datasets.digits()


@pytest.fixture(scope="module")
def player():
    built = explorers.training_player(measured_step)
    yield built
    built.close()


@pytest.fixture
def play(player):
    def begin(sgd_step, learning_rate=0.5):
        player.sgd_step = sgd_step
        press(player, "Reset")
        give(player, learning_rate=learning_rate)
        return player

    return begin


def loss(W, b):
    """Mean loss on the training penguins."""
    a = softmax(PENGUINS.X @ W.T + b)
    return -np.log(a[np.arange(len(a)), PENGUINS.labels]).mean()


def test_every_step_gets_a_batch_of_its_own_that_reset_repeats_and_cannot_harm_the_data(play):
    seen = []

    def vandal(W, b, X, Y, learning_rate):
        seen.append((X.copy(), Y.copy(), learning_rate))
        X *= 0
        Y *= 0
        return W + 1, b

    player = play(vandal)
    press(player, "10 steps")
    everyone = np.column_stack([PENGUINS.X, np.eye(3)[PENGUINS.labels]]).tolist()
    for X, Y, rate in seen:
        assert len(X) == 32 and rate == 0.5
        assert all(row in everyone for row in np.column_stack([X, Y]).tolist())
    assert len({X.tobytes() for X, _, _ in seen}) == 10 and "Steps 10:" in player.sentence
    press(player, "Reset")
    assert (player.plane.shading.W == 0).all()
    press(player, "Step")
    np.testing.assert_array_equal(seen[-1][0], seen[0][0])
    np.testing.assert_array_equal(player.data.X, PENGUINS.X)


def not_written(W, b, X, Y, learning_rate):
    raise NotImplementedError


def leaves(W, b, X, Y, learning_rate):
    W[:] = 7
    exit()


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "TypeError: sgd_step: It returns None"),
        (3.0, "TypeError: sgd_step: It returns one float, expected 2 arrays: return W, b."),
        ((np.zeros((2, 3)), np.zeros(3)), "ValueError: sgd_step returned W of shape (2, 3), expected (3, 2)"),
        ((np.full((3, 2), np.nan), np.zeros(3)), "ValueError: step 1: sgd_step returned W with NaN or infinity"),
        (leaves, "SystemExit"),
        (not_written, "not_written is not written yet: do that exercise first"),
    ],
)
def test_a_step_that_fails_is_explained_and_leaves_the_layer_where_it_was(play, returned, message):
    player = play(returned if callable(returned) else lambda W, b, X, Y, learning_rate: returned)
    press(player, "Step")
    assert failed(player) and message in player.text.value.replace("&#x27;", "'")
    assert "raise" not in player.text.value and player.steps == 0 and (player.W == 0).all()
    player.sgd_step = lambda W, b, X, Y, learning_rate: (W, b)
    press(player, "Step")
    assert not failed(player) and "Steps 1:" in player.sentence


def test_curve_map_boundaries_and_text_show_the_layer_that_was_reached(play):
    player = play(measured_step)
    press(player, "10 steps")
    W, b = player.plane.shading.W, player.plane.shading.b
    losses = player.history.get_ydata()
    assert len(losses) == 11
    np.testing.assert_allclose([losses[0], losses[-1]], [np.log(3), loss(W, b)], rtol=1e-12)
    assert f"Steps 10: loss {loss(W, b):.3f}, before the first step 1.099" in player.sentence
    np.testing.assert_array_equal(player.way.get_xydata()[[0, -1]], [[0, 0], [W[0, 0], W[2, 1]]])
    moved = W.copy()
    moved[0, 0], moved[2, 1] = -5.6, 4  # columns and rows of the map are 0.8 apart
    assert player.map.get_array()[15, 3] == pytest.approx(loss(moved, b), rel=1e-12)
    share = (softmax(PENGUINS.X_test @ W.T + b).argmax(axis=1) == PENGUINS.labels_test).mean()
    assert f"{100 * share:.1f} % on the others" in player.sentence
    bird = (np.array([44.0, 17.3]) - PENGUINS.mean) / PENGUINS.std
    np.testing.assert_allclose(player.star.get_xydata(), [bird])
    a = softmax(W @ bird + b)
    assert player.sentence.endswith(f" The unknown bird: Adelie {a[0]:.3f}, Chinstrap {a[1]:.3f}, Gentoo {a[2]:.3f}.")
    rings = player.rings.get_xydata()
    assert len(rings) == 32 and all((ring == PENGUINS.X).all(axis=1).any() for ring in rings)


def test_play_takes_a_step_per_tick_and_pause_takes_none(play):
    player = play(lambda W, b, X, Y, learning_rate: (W + 9, b))
    clock = control(player, "clock")
    press(player, "Play")
    assert clock.playing and control(player, "Pause") and "Steps 0:" in player.sentence
    clock.value += 1
    clock.value += 1
    press(player, "Pause")
    assert not clock.playing and "Steps 2:" in player.sentence and "The layer has left the map. The" in player.sentence
    clock.value = 0  # the clock starts again
    assert "Steps 2:" in player.sentence
    press(player, "Play")
    player.sgd_step = not_written
    clock.value = 1
    assert failed(player) and not clock.playing


def test_digits_pictures_confusion_and_text_show_the_layer_that_was_reached():
    explorer = explorers.digits(prototype_step)
    press(explorer, "Step")
    W, b = explorer.W, explorer.b
    a = softmax(DIGITS.X_test @ W.T + b)
    predicted, labels = a.argmax(axis=1), DIGITS.labels_test
    tiles = explorer.weights.get_array()  # two rows of five pictures
    np.testing.assert_allclose(tiles[11:19, 31:39], W[8].reshape(8, 8) / abs(W).max())
    for (said, true), size in zip(explorer.counts.get_offsets().astype(int), explorer.counts.get_sizes(), strict=True):
        assert size == 6 * ((labels == true) & (predicted == said)).sum()
    own = a[np.arange(len(a)), labels]
    i = own.argmin()
    np.testing.assert_allclose(explorer.worst.get_array()[1:9, 1:9], 2 * DIGITS.X_test[i].reshape(8, 8) - 1)
    assert explorer.captions[0].get_text() == f"{labels[i]}, said {predicted[i]}"
    assert f"{100 * (predicted == labels).mean():.1f} % on the test digits" in explorer.sentence
    assert f"Worst: a {labels[i]} with the probability {own[i]:.3f}." in explorer.sentence
    explorer.close()


def test_steps_before_an_error_show_in_picture_and_alt_text(play):
    def fails_at_the_third(W, b, X, Y, learning_rate):
        if player.steps == 2:
            raise RuntimeError
        return W + 1, b

    player = play(lambda *arguments: fails_at_the_third(*arguments))
    press(player, "10 steps")
    assert failed(player) and "Steps 2:" in player.sentence and player.plane.shading.W[0, 0] == 2
