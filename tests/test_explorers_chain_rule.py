import numpy as np
import pytest

from driving import control
from helpers import explorers, numerical
from helpers.live import plain

TARGETS = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)]


@pytest.fixture
def explorer():
    built = explorers.chain_rule()
    yield built
    built.close()


def choose(explorer, z, y, j, scale=1):
    """Move all controls."""
    for k in range(3):
        control(explorer, f"score z{'₁₂₃'[k]}").value = z[k]
    control(explorer, "right").value, control(explorer, "derivative").value = y, j
    control(explorer, "all scores").value = scale


def heights(explorer):
    """The bars of the three panels."""
    return [np.array([bar.get_height() for bar in ax.patches]) for ax in explorer.fig.axes]


@pytest.mark.parametrize("y", TARGETS)
@pytest.mark.parametrize("j", [0, 1, 2])
@pytest.mark.parametrize("z", [(2, 1, -1), (-6, 6, 0), (0, 0, 0)])
def test_factors_multiply_to_terms_and_terms_add_to_the_measured_slope(explorer, z, y, j):
    choose(explorer, z, y, j)
    outer, inner, terms = heights(explorer)
    e = np.exp(z)
    a = e / e.sum()
    np.testing.assert_allclose(outer, -np.array(y) / a, rtol=1e-9)
    np.testing.assert_allclose(terms[:3], outer * inner, atol=1e-12)
    slope = numerical.gradient(
        lambda z: -(np.array(y) * (z - np.log(np.exp(z).sum()))).sum(), np.array(z, dtype=float)
    )[j]
    assert terms[3] == pytest.approx(slope, abs=1e-8)
    (mark,) = [line for line in explorer.fig.axes[2].lines if line.get_marker() == "D"]
    assert mark.get_ydata()[0] == pytest.approx(slope, abs=1e-8)
    assert f"= {plain(terms[3])}; only k" in explorer.sentence


def test_where_a_probability_underflows_only_the_cancelled_form_survives(explorer):
    choose(explorer, (6, -6, 0), (0, 1, 0), 1, 100)
    assert "= undefined; only k" in explorer.sentence and "no longer fits a double" in explorer.sentence
    assert "1 · a₂ − y₂ = −1.000" in explorer.sentence
    assert [text.get_text() for text in explorer.fig.axes[0].texts] == ["0.000", "−∞", "0.000"]
    assert all(np.isfinite(panel).all() for panel in heights(explorer))
    choose(explorer, (6, -6, 0), (0, 1, 0), 1, 10)
    assert "undefined" not in explorer.sentence


@pytest.mark.parametrize("j", [0, 1, 2])
def test_where_only_one_over_the_probability_overflows_the_sum_fails_and_is_said_to(explorer, j):
    choose(explorer, (5, 0, -2.2), (0, 0, 1), j, 100)  # a₃ is e⁻⁷²⁰, not 0, but its inverse is beyond 1.8·10³⁰⁸
    assert "no longer fits a double" in explorer.sentence
    assert all(np.isfinite(panel).all() and abs(panel).max() <= 1e9 for panel in heights(explorer))


def test_numbers_beyond_three_digits_become_powers_of_ten():
    assert [plain(value) for value in (0.5, -3.8542, 0, 162755, -2.6e43, 3.7e-44, np.nan)] == [
        "0.500",
        "−3.854",
        "0.000",
        "1.6·10⁵",
        "−2.6·10⁴³",
        "3.7·10⁻⁴⁴",
        "undefined",
    ]
