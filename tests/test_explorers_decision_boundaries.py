import numpy as np
import pytest

from driving import control, picture, press
from helpers import datasets, explorers
from helpers.explorers.decision_boundaries import START_B, START_W
from helpers.softmax import softmax

DATA = datasets.penguins()


@pytest.fixture
def explorer():
    built = explorers.decision_boundaries()
    yield built
    built.close()


def set_layer(explorer, W, b):
    """Type a whole layer into the sliders, class by class."""
    for j in range(3):
        control(explorer, "weights of class").value = j
        control(explorer, f"weight w{'₁₂₃'[j]}₁ (bill length)").value = W[j][0]
        control(explorer, f"weight w{'₁₂₃'[j]}₂ (bill depth)").value = W[j][1]
        control(explorer, f"bias b{'₁₂₃'[j]}").value = b[j]


def panels(explorer):
    """The five axes by what they show."""
    return dict(zip(("plane", "x", "z", "a", "loss"), explorer.fig.axes, strict=True))


def loss_and_accuracy(W, b):
    """By a loop over the penguins, as in the definitions."""
    losses, right = [], 0
    for x, label in zip(DATA.X, DATA.labels, strict=True):
        z = np.array(W) @ x + b
        losses.append(np.log(np.exp(z - z.max()).sum()) + z.max() - z[label])
        right += z.argmax() == label
    return np.mean(losses), right / len(DATA.X)


LAYERS = [
    ([[-3, 1], [2, 1], [1, -2]], [0.5, -0.5, 0.1]),
    ([[5, 5], [-5, 5], [5, -5]], [5, -5, 5]),
    ([[0, 0], [0, 0], [0, 0]], [0, 0, 0]),
]


@pytest.mark.parametrize("W, b", LAYERS)
def test_loss_accuracy_lines_and_shading_are_those_of_the_layer(explorer, W, b):
    set_layer(explorer, W, b)
    loss, share = loss_and_accuracy(W, b)
    assert f"Loss {loss:.3f}, accuracy {100 * share:.1f} %" in explorer.sentence
    plane, W, b = panels(explorer)["plane"], np.array(W, dtype=float), np.array(b, dtype=float)
    pairs = [(0, 1), (0, 2), (1, 2)]
    for (j, k), line, solid in zip(pairs, plane.lines[0:6:2], plane.lines[1:6:2], strict=True):
        x = np.column_stack(line.get_data())
        x = x[np.isfinite(x).all(axis=1)]
        np.testing.assert_allclose(x @ (W[j] - W[k]) + b[j] - b[k], 0, atol=1e-9)
        x = np.column_stack(solid.get_data())
        x = x[np.isfinite(x).all(axis=1)]
        z = x @ W.T + b
        np.testing.assert_allclose(z.max(axis=1), z[:, j], atol=1e-8)
    shading = next(artist for artist in plane.artists if hasattr(artist, "tints"))
    np.testing.assert_array_equal(shading.W, W)
    np.testing.assert_array_equal(shading.b, b)


@pytest.mark.parametrize("i", [0, 100, 257])
def test_a_penguin_is_traced_through_the_layer(explorer, i):
    W, b = np.array(LAYERS[0][0]), np.array(LAYERS[0][1])
    set_layer(explorer, W, b)
    control(explorer, "penguin number").value = i
    ax, x = panels(explorer), DATA.X[i]
    z = W @ x + b
    for name, expected in (("x", x), ("z", z), ("a", softmax(z))):
        np.testing.assert_allclose([bar.get_height() for bar in ax[name].patches], expected, atol=1e-12)
        low, high = ax[name].get_ylim()
        assert low <= expected.min() and expected.max() <= high
    ring = ax["plane"].lines[-1]
    np.testing.assert_array_equal(np.ravel(ring.get_data()), x)
    own = -np.log(softmax(z)[DATA.labels[i]])
    assert f"Penguin {i} ({DATA.class_names[DATA.labels[i]]})" in explorer.sentence
    assert f"= {own:.3f}." in explorer.sentence


def test_the_best_loss_is_kept_and_the_target_announced(explorer):
    assert "target 0.15 not reached yet" in explorer.sentence
    set_layer(explorer, [[-5, 5], [3.3, 1.7], [5, -5]], [-0.3, 1.5, -1.1])
    best, _ = loss_and_accuracy([[-5, 5], [3.3, 1.7], [5, -5]], [-0.3, 1.5, -1.1])
    assert best < 0.15
    set_layer(explorer, START_W, START_B)
    start, _ = loss_and_accuracy(START_W, START_B)
    assert f"Loss {start:.3f}" in explorer.sentence
    assert f"best loss so far {best:.3f}, target 0.15 reached" in explorer.sentence
    now, record = (line.get_xdata()[0] for line in panels(explorer)["loss"].lines[-1:-3:-1])
    assert now == pytest.approx(start, abs=1e-12) and record == pytest.approx(best, abs=1e-12)
    press(explorer, "Reset")
    assert f"best loss so far {start:.3f}, target 0.15 not reached yet" in explorer.sentence


def test_choosing_a_class_shows_its_numbers_and_changes_none(explorer):
    set_layer(explorer, *LAYERS[0])
    sentence, pixels = explorer.sentence, picture(explorer)
    for j in (1, 0, 2):
        control(explorer, "weights of class").value = j
        shown = [control(explorer, name).value for name in ("weight w" + "₁₂₃"[j] + "₁", "weight w" + "₁₂₃"[j] + "₂")]
        assert shown == LAYERS[0][0][j] and control(explorer, "bias").value == LAYERS[0][1][j]
    assert explorer.sentence == sentence
    np.testing.assert_array_equal(picture(explorer), pixels)
