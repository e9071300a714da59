import numpy as np
import pytest

from driving import built, control, give, heights, picture, press
from helpers import datasets, explorers
from helpers.explorers.decision_boundaries import START_B, START_W
from helpers.softmax import softmax

DATA = datasets.penguins()
LAYERS = [([[-3, 1], [2, 1], [1, -2]], [0.5, -0.5, 0.1]), ([[5, 5], [-5, 5], [5, -5]], [5, -5, 5])]
GOOD = ([[-5, 5], [3.3, 1.7], [5, -5]], [-0.3, 1.5, -1.1])
explorer = built(explorers.decision_boundaries)


def set_layer(explorer, W, b):
    """Type a whole layer into the sliders, class by class."""
    for j in range(3):
        give(explorer, weights_of_class=j)
        for slider, value in zip(explorer.layer, (*W[j], b[j]), strict=True):
            slider.value = value


def loss_and_accuracy(W, b):
    """By a loop over the penguins, as in the definitions."""
    losses, right = [], 0
    for x, label in zip(DATA.X, DATA.labels, strict=True):
        z = np.array(W) @ x + b
        losses.append(np.log(np.exp(z).sum()) - z[label])
        right += z.argmax() == label
    return np.mean(losses), right / len(DATA.X)


@pytest.mark.parametrize("W, b", LAYERS)
def test_loss_accuracy_and_plane_are_those_of_the_layer(explorer, W, b):
    set_layer(explorer, W, b)
    loss, share = loss_and_accuracy(W, b)
    assert f"Loss {loss:.3f}, accuracy {100 * share:.1f} %" in explorer.sentence
    assert (explorer.plane.shading.W == W).all() and (explorer.plane.shading.b == b).all()
    assert explorer.now.get_xdata()[0] == pytest.approx(loss, abs=1e-12)


@pytest.mark.parametrize("i", [0, 100, 257])
def test_a_penguin_is_traced_through_the_layer(explorer, i):
    W, b = np.array(LAYERS[0][0]), np.array(LAYERS[0][1])
    set_layer(explorer, W, b)
    give(explorer, penguin_number=i)
    x, label = DATA.X[i], DATA.labels[i]
    z = W @ x + b
    for (bars, _), expected in ((explorer.x, x), (explorer.z, z), (explorer.a, softmax(z))):
        np.testing.assert_allclose(heights(bars), expected, atol=1e-12)
        low, high = bars[0].axes.get_ylim()
        assert low <= expected.min() and expected.max() <= high
    np.testing.assert_array_equal(np.ravel(explorer.ring.get_data()), x)
    assert f"Penguin {i} ({DATA.class_names[label]})" in explorer.sentence
    assert f"= {-np.log(softmax(z)[label]):.3f}." in explorer.sentence


def test_the_best_loss_is_kept_and_the_target_announced(explorer):
    press(explorer, "Reset")
    assert "target 0.15 not reached yet" in explorer.sentence
    set_layer(explorer, *GOOD)
    set_layer(explorer, START_W, START_B)
    (best, _), (start, _) = loss_and_accuracy(*GOOD), loss_and_accuracy(START_W, START_B)
    assert f"Loss {start:.3f}" in explorer.sentence and best < 0.15
    assert f"best loss so far {best:.3f}, target 0.15 reached" in explorer.sentence
    assert explorer.record.get_xdata()[0] == pytest.approx(best, abs=1e-12)
    press(explorer, "Reset")
    assert f"best loss so far {start:.3f}, target 0.15 not reached yet" in explorer.sentence


def test_choosing_a_class_shows_its_numbers_and_changes_none(explorer):
    set_layer(explorer, *LAYERS[0])
    sentence, pixels = explorer.sentence, picture(explorer)
    for j in (1, 0, 2):
        give(explorer, weights_of_class=j)
        assert [slider.value for slider in explorer.layer] == [*LAYERS[0][0][j], LAYERS[0][1][j]]
        assert control(explorer, f"weight w{'₁₂₃'[j]}₁ (bill length)") is explorer.layer[0]
    assert explorer.sentence == sentence
    np.testing.assert_array_equal(picture(explorer), pixels)
