import numpy as np
import pytest

from driving import built, give, heights
from helpers import explorers, numerical
from helpers.explorers.explorer import short

explorer = built(explorers.chain_rule)


@pytest.mark.parametrize(
    ("z", "y", "j"), [((2, 1, -1), (1, 0, 0), 0), ((-6, 6, 0), (0, 0, 1), 2), ((2, 1, 0), (1, 1, 0), 1)]
)
def test_factors_multiply_to_terms_and_terms_add_to_the_measured_slope(explorer, z, y, j):
    give(explorer, scores=z, all_scores_times=1, right=y, with_respect_to=j)
    outer, inner, (*terms, total) = (heights(bars) for bars, _ in (explorer.outer, explorer.inner, explorer.terms))
    np.testing.assert_allclose(outer, -np.array(y) * np.exp(z).sum() / np.exp(z), rtol=1e-9)
    np.testing.assert_allclose(terms, np.multiply(outer, inner), atol=1e-12)
    slope = numerical.gradient(lambda z: -(np.array(y) * (z - np.log(np.exp(z).sum()))).sum(), np.array(z, float))[j]
    assert total == pytest.approx(slope, abs=1e-8)
    assert explorer.fused.get_ydata()[0] == pytest.approx(slope, abs=1e-8)
    assert f"= {short(total)}; only k" in explorer.sentence


def test_where_a_probability_underflows_only_the_cancelled_form_survives(explorer):
    give(explorer, scores=(6, -6, 0), all_scores_times=100, right=(0, 1, 0), with_respect_to=1)
    assert "= undefined; only k" in explorer.sentence and "no longer fits a double" in explorer.sentence
    assert "1 · a₂ − y₂ = −1.000" in explorer.sentence
    assert [text.get_text() for text in explorer.outer[1]] == ["", "−∞", ""]
    give(explorer, scores=(5, 0, -2.2), right=(0, 0, 1))  # a₃ is e⁻⁷²⁰, not 0, but its inverse is beyond 1.8·10³⁰⁸
    assert "no longer fits a double" in explorer.sentence
    assert min(heights(explorer.outer[0])) == -1e9 and np.abs(heights(explorer.terms[0])).max() <= 2
    give(explorer, all_scores_times=10)
    assert "undefined" not in explorer.sentence
