"""The training player and the digits explorer: the student's function, and nothing else, moves the layer."""

import numpy as np
import pytest

from driving import control, failed, measured_step, press, prototype_step
from helpers import datasets, explorers
from helpers.explorers.training import Training
from helpers.softmax import softmax

PENGUINS, DIGITS = datasets.penguins(), datasets.digits()


@pytest.fixture
def player():
    built = explorers.training_player(measured_step)
    yield built
    built.close()


def still(W, b, X, Y, learning_rate):
    """A step that goes nowhere."""
    return W, b


def loss(W, b):
    """Mean loss on the training penguins."""
    a = softmax(PENGUINS.X @ W.T + b)
    return -np.log(a[np.arange(len(a)), PENGUINS.labels]).mean()


def test_every_epoch_visits_each_example_once_in_another_order():
    visited = []

    def watch(W, b, X, Y, learning_rate):
        visited.append((X[:, 0].tolist(), Y.argmax(axis=1).tolist(), learning_rate))
        return W, b

    X = np.arange(10.0)[:, None]
    labels = np.arange(10) % 3
    training = Training(watch, X, np.eye(3)[labels])
    for _ in range(6):
        training.step(0.25, 4)
    assert [len(batch) for batch, _, _ in visited] == [4, 4, 2, 4, 4, 2]
    first, second = ([x for batch, _, _ in part for x in batch] for part in (visited[:3], visited[3:]))
    assert sorted(first) == sorted(second) == list(range(10)) and first != second
    for batch, own, rate in visited:
        assert own == [labels[int(x)] for x in batch] and rate == 0.25
    assert (training.steps, training.epochs) == (6, 2)
    training.reset()
    training.step(0.25, 4)
    assert visited[-1][0] == visited[0][0]


def test_a_step_that_fails_is_as_if_it_had_not_begun():
    seen = []

    def fails_once(W, b, X, Y, learning_rate):
        seen.append(X.ravel().tolist())
        W[:] = 7
        if len(seen) == 1:
            raise RuntimeError
        return W * 0, b

    training = Training(fails_once, np.arange(6.0)[:, None], np.eye(2)[[0, 1] * 3])
    with pytest.raises(RuntimeError):
        training.step(1, 3)
    assert training.steps == 0 and (training.W == 0).all()
    training.step(1, 3)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        (None, "TypeError: sgd_step returned None, expected (W, b): is it written yet?"),
        (..., "TypeError: sgd_step returned Ellipsis, expected (W, b)"),
        (3.0, "TypeError: sgd_step returned a float, expected two arrays (W, b)"),
        ((np.zeros((2, 3)), np.zeros(3)), "ValueError: sgd_step returned W of shape (2, 3), expected (3, 2)"),
        ((np.zeros((3, 2)), np.zeros(2)), "ValueError: sgd_step returned b of shape (2,), expected (3,)"),
        ((np.full((3, 2), np.nan), np.zeros(3)), "ValueError: step 1: sgd_step returned W with NaN or infinity"),
        ((np.zeros((3, 2)), np.full(3, np.inf)), "ValueError: step 1: sgd_step returned b with NaN or infinity"),
        ((np.zeros((3, 2)), "abc"), "ValueError: could not convert"),
    ],
)
def test_what_is_wrong_with_the_returned_value_is_said(returned, message):
    player = explorers.training_player(lambda W, b, X, Y, learning_rate: returned)
    press(player, "Step")
    assert failed(player) and message in player.text.value.replace("&#x27;", "'")
    assert "raise" not in player.text.value  # no line of our own code
    press(player, "Reset")
    assert not failed(player) and "Steps 0" in player.sentence
    player.close()


def test_a_step_that_is_not_written_yet_is_asked_for():
    def sgd_step(W, b, X, Y, learning_rate):
        raise NotImplementedError

    player = explorers.training_player(sgd_step)
    press(player, "Step")
    assert failed(player) and "sgd_step is not written yet: write it first, in exercise 4" in player.text.value
    player.close()


def test_the_student_cannot_harm_the_data_or_the_layer_in_place():
    def vandal(W, b, X, Y, learning_rate):
        X *= 0
        Y *= 0
        W += 1
        return W, b

    before = datasets.penguins().X
    player = explorers.training_player(vandal)
    press(player, "Step")
    press(player, "Reset")
    shading = player.moving[0]
    assert (shading.W == 0).all()
    press(player, "Epoch")
    np.testing.assert_array_equal(datasets.penguins().X, before)
    assert not failed(player)
    player.close()


def test_curve_path_boundaries_and_text_show_the_layer_that_was_reached(player):
    press(player, "Epoch")
    control(player, "clock").value = 1
    plane, chart, curve = player.fig.axes
    W, b = player.moving[0].W, player.moving[0].b
    history = next(line for line in curve.lines if len(line.get_xdata()) == 11)  # 9 batches of 32, one step, the start
    assert history.get_ydata()[0] == pytest.approx(np.log(3), rel=1e-12)
    assert history.get_ydata()[-1] == pytest.approx(loss(W, b), rel=1e-12)
    assert f"Steps 10, epochs 1: loss {loss(W, b):.3f}, before the first step 1.099" in player.sentence
    way = next(line for line in chart.lines if len(line.get_xdata()) == 11).get_xydata()
    np.testing.assert_array_equal(way[[0, -1]], [[0, 0], [W[0, 0], W[2, 1]]])
    bands = next(artist for artist in chart.artists if hasattr(artist, "side"))
    moved = W.copy()
    moved[0, 0], moved[2, 1] = bands.side[3], bands.side[15]
    assert bands.values[15, 3] == pytest.approx(loss(moved, b), rel=1e-12)
    share = (softmax(PENGUINS.X_test @ W.T + b).argmax(axis=1) == PENGUINS.labels_test).mean()
    assert f"{100 * share:.1f} % on the others" in player.sentence
    rings = next(line for line in plane.lines if line.get_marker() == "o").get_xydata()
    assert len(rings) == 32 and all((ring == PENGUINS.X).all(axis=1).any() for ring in rings)


def test_a_wrong_sign_climbs_and_leaves_the_map():
    def uphill(W, b, X, Y, learning_rate):
        return measured_step(W, b, X, Y, -learning_rate)

    player = explorers.training_player(uphill)
    control(player, "learning rate").value = 20
    press(player, "Step")
    assert float(player.sentence.split("loss ")[1].split(",")[0]) > np.log(3)
    press(player, "Step")
    assert "The layer has left the map." in player.sentence
    player.close()


def test_play_takes_a_step_per_tick_and_pause_takes_none(player):
    clock = control(player, "clock")
    press(player, "Play")
    assert clock.playing and control(player, "Pause") and "Steps 0," in player.sentence
    clock.value = 1
    clock.value = 2
    assert "Steps 2," in player.sentence
    press(player, "Pause")
    assert not clock.playing and "Steps 2," in player.sentence
    clock.value = 0  # the clock starts again
    assert "Steps 2," in player.sentence
    clock.value = 1
    assert "Steps 3," in player.sentence
    press(player, "Play")
    press(player, "Reset")
    assert not clock.playing and "Steps 0," in player.sentence
    press(player, "Step")
    press(player, "Step")
    press(player, "Step")
    control(player, "learning rate").value = 0.1
    assert "Steps 3," in player.sentence


def test_the_axis_of_the_curve_grows_with_the_steps():
    player = explorers.training_player(still)
    control(player, "batch size").value = 8
    for _ in range(2):
        press(player, "Epoch")
    assert player.fig.axes[2].get_xlim() == (0, 300) and "Steps 66," in player.sentence
    player.close()


def test_digits_pictures_confusion_and_text_show_the_layer_that_was_reached():
    steps = []

    def watched(W, b, X, Y, learning_rate):
        steps.append(prototype_step(W, b, X, Y, learning_rate))
        return steps[-1]

    explorer = explorers.digits(watched)
    press(explorer, "Epoch")
    assert len(steps) == 43
    W, b = steps[-1]
    a = softmax(DIGITS.X_test @ W.T + b)
    predicted = a.argmax(axis=1)
    _, confusion, weights, worst = explorer.fig.axes
    tiles = next(artist for artist in weights.artists if hasattr(artist, "values")).values
    np.testing.assert_allclose(tiles[1:9, 28:36], W[8].reshape(8, 8) / abs(W).max())
    right, wrong = confusion.collections
    for k, size in enumerate(right.get_sizes()):
        assert size == 6 * ((DIGITS.labels_test == k) & (predicted == k)).sum()
    for (said, true), size in zip(wrong.get_offsets().astype(int), wrong.get_sizes(), strict=True):
        assert size == 6 * ((DIGITS.labels_test == true) & (predicted == said)).sum()
    own = a[np.arange(len(a)), DIGITS.labels_test]
    i = own.argmin()
    tiles = next(artist for artist in worst.artists if hasattr(artist, "values")).values
    np.testing.assert_allclose(tiles[1:9, 1:9], 2 * DIGITS.X_test[i].reshape(8, 8) - 1)
    assert worst.texts[0].get_text() == f"{DIGITS.labels_test[i]}, said {predicted[i]}"
    share = (predicted == DIGITS.labels_test).mean()
    assert f"{100 * share:.1f} % on the test digits" in explorer.sentence
    assert f"Worst: a {DIGITS.labels_test[i]} with the probability {own[i]:.3f}." in explorer.sentence
    press(explorer, "10 epochs")
    assert "Steps 473, epochs 11." in explorer.sentence
    press(explorer, "Reset")
    assert "Steps 0, epochs 0." in explorer.sentence and "test loss 2.303" in explorer.sentence
    explorer.close()
