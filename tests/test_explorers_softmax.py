import numpy as np
import pytest

from driving import control, picture
from helpers import explorers, figures
from helpers.softmax import softmax


@pytest.fixture
def explorer():
    built = explorers.softmax()
    yield built
    built.close()


def drawn(explorer):
    """Heights of the score bars and of the probability bars, and the point in the triangle."""
    left, middle, right = explorer.fig.axes
    scores, a = ([bar.get_height() for bar in ax.patches] for ax in (left, middle))
    (point,) = [line for line in right.lines if line.get_markersize() == 11]
    return np.array(scores), np.array(a), np.array(point.get_data()).ravel()


@pytest.mark.parametrize("z", [(2, 1, -1), (-6, -6, 6), (0, 0, 0), (6, 6, 6), (0.1, -3.3, 5.9)])
@pytest.mark.parametrize("shift, scale", [(0, 1), (10, 1), (-10, 3), (5, 0)])
def test_bars_and_point_are_the_scores_and_their_softmax(explorer, z, shift, scale):
    for k in range(3):
        control(explorer, f"score z{'₁₂₃'[k]}").value = z[k]
    control(explorer, "added").value = shift
    control(explorer, "all scores times").value = scale
    scores, a, point = drawn(explorer)
    expected = np.exp(scale * np.array(z)) / np.exp(scale * np.array(z)).sum()
    np.testing.assert_allclose(scores, scale * np.array(z) + shift, atol=1e-12)
    np.testing.assert_allclose(a, expected, atol=1e-12)
    np.testing.assert_allclose(point, expected @ figures.CORNERS, atol=1e-12)
    low, high = explorer.fig.axes[0].get_ylim()
    assert low < scores.min() and scores.max() < high
    for value in expected:
        assert f"{value:.3f}" in explorer.sentence
    texts = [text.get_text() for text in explorer.fig.axes[1].texts]
    assert texts == [f"{value:.3f}" for value in expected]


def test_adding_to_all_scores_moves_the_score_bars_and_nothing_else(explorer):
    before, pixels = drawn(explorer), picture(explorer)
    control(explorer, "added").value = 5
    after = drawn(explorer)
    assert (after[0] == before[0] + 5).all()
    np.testing.assert_allclose(after[1], before[1], atol=1e-15)
    same = picture(explorer)[:, 400:]  # the probabilities and the triangle
    np.testing.assert_array_equal(same, pixels[:, 400:])
    assert "Without the 5 on every score, a would be the same" in explorer.sentence


def test_ties_are_named_together(explorer):
    control(explorer, "score z₁").value = 1
    assert "Most probable: Adelie and Chinstrap." in explorer.sentence


def test_the_point_is_the_softmax_of_the_scores_the_bars_show(explorer):
    control(explorer, "all scores times").value = 2.5
    scores, a, _ = drawn(explorer)
    np.testing.assert_allclose(softmax(scores), a)
