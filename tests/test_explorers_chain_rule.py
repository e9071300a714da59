import numpy as np
import pytest

from driving import built, give, heights
from helpers import explorers, numerical
from helpers.explorers.explorer import short

explorer = built(explorers.chain_rule)


def choose(explorer, z, y, j, scale=1):
    give(explorer, scores=z, all_scores_times=scale, right=y, with_respect_to=j)


@pytest.mark.parametrize("y", [(1, 0, 0), (0, 0, 1), (1, 1, 0)])
@pytest.mark.parametrize("j", [0, 1, 2])
@pytest.mark.parametrize("z", [(2, 1, -1), (-6, 6, 0)])
def test_factors_multiply_to_terms_and_terms_add_to_the_measured_slope(explorer, z, y, j):
    choose(explorer, z, y, j)
    outer, inner, (*terms, total) = (heights(bars) for bars, _ in (explorer.outer, explorer.inner, explorer.terms))
    np.testing.assert_allclose(outer, -np.array(y) * np.exp(z).sum() / np.exp(z), rtol=1e-9)
    np.testing.assert_allclose(terms, np.multiply(outer, inner), atol=1e-12)
    slope = numerical.gradient(lambda z: -(np.array(y) * (z - np.log(np.exp(z).sum()))).sum(), np.array(z, float))[j]
    assert total == pytest.approx(slope, abs=1e-8)
    assert explorer.fused.get_ydata()[0] == pytest.approx(slope, abs=1e-8)
    assert f"= {short(total)}; only k" in explorer.sentence


def test_where_a_probability_underflows_only_the_cancelled_form_survives(explorer):
    choose(explorer, (6, -6, 0), (0, 1, 0), 1, 100)
    assert "= undefined; only k" in explorer.sentence and "no longer fits a double" in explorer.sentence
    assert "1 · a₂ − y₂ = −1.000" in explorer.sentence
    assert [text.get_text() for text in explorer.outer[1]] == ["0.000", "−∞", "0.000"]
    choose(explorer, (6, -6, 0), (0, 1, 0), 1, 10)
    assert "undefined" not in explorer.sentence


@pytest.mark.parametrize("j", [0, 1, 2])
def test_where_only_one_over_the_probability_overflows_the_sum_fails_and_is_said_to(explorer, j):
    choose(explorer, (5, 0, -2.2), (0, 0, 1), j, 100)  # a₃ is e⁻⁷²⁰, not 0, but its inverse is beyond 1.8·10³⁰⁸
    assert "no longer fits a double" in explorer.sentence
    assert min(heights(explorer.outer[0])) == -1e9 and np.abs(heights(explorer.terms[0])).max() <= 2
