import numpy as np
import pytest

from driving import control
from helpers import explorers, numerical


@pytest.fixture
def explorer():
    built = explorers.jacobian()
    yield built
    built.close()


def softmax(z):
    """Equation (1), written out again."""
    e = np.exp(np.asarray(z) - np.max(z))
    return e / e.sum()


def curves(explorer):
    """What is drawn on the left: curves, tangents, filled and hollow markers, each one per class."""
    lines = [line for line in explorer.fig.axes[0].lines if line in explorer.moving]
    solid, dashed = ([line for line in lines if line.get_linestyle() == style] for style in ("-", "--"))
    markers = [line for line in lines if line.get_linestyle() == "None"]
    hollow = [line for line in markers if line.get_markerfacecolor() == "white"]
    return solid, dashed, [line for line in markers if line not in hollow], hollow


@pytest.mark.parametrize("z", [(2, 1, -1), (-6, 6, 0), (6, 6, 6), (0, -6, 6)])
@pytest.mark.parametrize("j", [0, 1, 2])
@pytest.mark.parametrize("h", [-6, 0, 0.5, 6])
def test_true_change_tangent_and_matrix_are_those_of_softmax(explorer, z, j, h):
    for k in range(3):
        control(explorer, f"score z{'₁₂₃'[k]}").value = z[k]
    control(explorer, "nudged score").value = j
    control(explorer, "nudge h").value = h
    measured = numerical.jacobian(softmax, np.array(z, dtype=float))
    a, moved = softmax(z), softmax(np.array(z) + h * np.eye(3)[j])
    solid, dashed, filled, hollow = curves(explorer)
    for k in range(3):
        t, values = solid[k].get_data()
        np.testing.assert_allclose(values, [softmax(np.array(z) + x * np.eye(3)[j])[k] for x in t], atol=1e-12)
        t, values = dashed[k].get_data()
        np.testing.assert_allclose(values, a[k] + t * measured[k, j], atol=1e-8)
        assert filled[k].get_xydata().tolist() == [[h, pytest.approx(moved[k], abs=1e-12)]]
        assert hollow[k].get_xydata().tolist() == [[h, pytest.approx(a[k] + h * measured[k, j], abs=1e-8)]]
    texts = [float(text.get_text().replace("−", "-")) for text in explorer.fig.axes[1].texts]
    np.testing.assert_allclose(np.reshape(texts, (3, 3)), measured, atol=0.00051)
    lit = next(line for line in explorer.fig.axes[1].lines if line in explorer.moving).get_xydata()
    assert lit[:, 0].min() > j - 0.5 and lit[:, 0].max() < j + 0.5


def test_an_impossible_promise_is_named(explorer):
    control(explorer, "nudge h").value = 3.8
    assert "impossible" not in explorer.sentence
    control(explorer, "nudge h").value = -2
    assert "impossible probability for Adelie and Chinstrap." in explorer.sentence
    control(explorer, "nudge h").value = 3.9
    assert "impossible probability for Adelie and Chinstrap and Gentoo." in explorer.sentence
    for k, value in enumerate((6, -6, -6)):
        control(explorer, f"score z{'₁₂₃'[k]}").value = value
    control(explorer, "nudge h").value = -6
    assert "says (0.000, 0.000, 0.000)." in explorer.sentence and "impossible" not in explorer.sentence
