import numpy as np
import pytest

from driving import built, give, heights, picture
from helpers import explorers, figures, numerical
from helpers.explorers.explorer import numbers

explorer, aimed = built(explorers.softmax), built(lambda: explorers.softmax(target=True))


@pytest.mark.parametrize(
    ("z", "shift", "scale"), [((2, 1, -1), 10, 1), ((-6, -6, 6), -10, 3), ((0.1, -3.3, 5.9), 5, 0)]
)
def test_bars_and_point_are_the_scores_and_their_softmax(explorer, z, shift, scale):
    give(explorer, scores=z, added=shift, all_scores_times=scale)
    expected = np.exp(scale * np.array(z)) / np.exp(scale * np.array(z)).sum()
    np.testing.assert_allclose(heights(explorer.scores[0]), scale * np.array(z) + shift, atol=1e-12)
    np.testing.assert_allclose(heights(explorer.probabilities[0]), expected, atol=1e-12)
    np.testing.assert_allclose(explorer.point.get_xydata(), [expected @ figures.CORNERS], atol=1e-12)
    assert explorer.left.get_ylim()[1] > abs(scale * np.array(z) + shift).max()
    texts = [text.get_text() for text in explorer.probabilities[1]]
    assert texts == [f"{value:.3f}" for value in expected] and ", ".join(texts) in explorer.sentence


def test_adding_to_all_scores_moves_the_score_bars_and_nothing_else_and_ties_are_named(explorer):
    give(explorer, scores=(1, 1, -1), added=0, all_scores_times=1)
    pixels = picture(explorer)
    give(explorer, added=5)
    assert (picture(explorer)[:, :400] != pixels[:, :400]).any()
    np.testing.assert_array_equal(picture(explorer)[:, 400:], pixels[:, 400:])  # the probabilities and the triangle
    assert "Without the 5 on every score, a would be the same" in explorer.sentence
    assert "Most probable: Adelie and Chinstrap." in explorer.sentence


@pytest.mark.parametrize(("z", "k"), [((2, 1, -1), 1), ((-6, 6, 0.5), 0), ((6, -6, -6), 0)])
def test_with_a_target_the_arrow_goes_from_the_point_to_the_corner_and_the_bars_are_the_measured_gradient(aimed, z, k):
    give(aimed, scores=z, right_class=k)
    a = np.exp(z) / np.exp(z).sum()
    slopes = numerical.gradient(lambda z: np.log(np.exp(z).sum()) - z[k], np.array(z, float))
    np.testing.assert_allclose(heights(aimed.scores[0]), slopes, atol=1e-8)
    np.testing.assert_allclose(aimed.arrow.xyann, a @ figures.CORNERS, atol=1e-12)
    np.testing.assert_allclose(aimed.arrow.xy, figures.CORNERS[k], atol=1e-12)
    assert f"a − y = {numbers(slopes)}" in aimed.sentence
    assert aimed.arrow.get_visible() == ("too short" not in aimed.sentence) == (a[k] < 0.95)
    assert not any(control.description.startswith(("added", "all scores")) for control in aimed.controls)
