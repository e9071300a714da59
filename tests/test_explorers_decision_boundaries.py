import numpy as np
import pytest

from driving import built, give, heights, press
from helpers import datasets, explorers
from helpers.softmax import softmax

DATA = datasets.penguins()
START, GOOD = (-1, 0, 0, 1, 1, 0, 0, 0, 0), (-5, 5, 3.3, 1.7, 5, -5, -0.3, 1.5, -1.1)
explorer = built(explorers.decision_boundaries)


def set_layer(explorer, parameters):
    """Set all nine sliders; returns the layer, its loss and its accuracy, by a loop over the penguins."""
    for slider, value in zip(explorer.layer, parameters, strict=True):
        slider.value = value
    W, b, losses, right = np.reshape(parameters[:6], (3, 2)), np.array(parameters[6:]), [], 0
    for x, label in zip(DATA.X, DATA.labels, strict=True):
        z = W @ x + b
        losses.append(np.log(np.exp(z).sum()) - z[label])
        right += z.argmax() == label
    return W, b, np.mean(losses), right / len(DATA.X)


@pytest.mark.parametrize(("parameters", "i"), [((-3, 1, 2, 1, 1, -2, 0.5, -0.5, 0.1), 100), (GOOD, 257)])
def test_plane_bars_and_sentence_are_those_of_the_layer_and_the_penguin(explorer, parameters, i):
    W, b, loss, share = set_layer(explorer, parameters)
    give(explorer, penguin_number=i)
    assert f"Loss {loss:.3f}, accuracy {100 * share:.1f} %" in explorer.sentence
    assert (explorer.plane.shading.W == W).all() and (explorer.plane.shading.b == b).all()
    x, label = DATA.X[i], DATA.labels[i]
    z = W @ x + b
    for (bars, _), expected in ((explorer.x, x), (explorer.z, z), (explorer.a, softmax(z))):
        np.testing.assert_allclose(heights(bars), expected, atol=1e-12)
        low, high = bars[0].axes.get_ylim()
        assert low <= expected.min() and expected.max() <= high
    np.testing.assert_array_equal(np.ravel(explorer.ring.get_data()), x)
    assert f"Penguin {i} ({DATA.class_names[label]})" in explorer.sentence
    assert f"= {-np.log(softmax(z)[label]):.3f}." in explorer.sentence


def test_the_best_loss_is_kept_until_reset_and_the_target_announced(explorer):
    press(explorer, "Reset")
    assert "target 0.15 not reached yet" in explorer.sentence
    *_, best, _ = set_layer(explorer, GOOD)
    *_, start, _ = set_layer(explorer, START)
    assert f"Loss {start:.3f}" in explorer.sentence
    assert f"best loss so far {best:.3f}, target 0.15 reached" in explorer.sentence
    press(explorer, "Reset")
    assert f"best loss so far {start:.3f}, target 0.15 not reached yet" in explorer.sentence
