import math

import numpy as np
import pytest

from driving import control, failed
from helpers import explorers

NAMES = ("Adelie", "Chinstrap", "Gentoo")


@pytest.fixture
def explorer():
    built = explorers.cross_entropy()
    yield built
    built.close()


def give(explorer, p, q):
    """Shares for p and for q; ones first, so that no distribution is empty on the way."""
    for shares in ((1, 1, 1), None):
        for letter, own in (("world p", p), ("belief q", q)):
            for k in range(3):
                control(explorer, f"{letter}: shares of {NAMES[k]}").value = (shares or own)[k]


@pytest.mark.parametrize("p", [(9, 4, 7), (20, 0, 0), (1, 20, 20), (20, 20, 20)])
@pytest.mark.parametrize("q", [(10, 5, 5), (20, 1, 20), (1, 20, 20), (9, 4, 7)])
def test_bars_areas_and_sums_are_those_of_equation_3(explorer, p, q):
    give(explorer, p, q)
    P, Q = np.array(p) / sum(p), np.array(q) / sum(q)
    total = -sum(a * math.log(b) for a, b in zip(P, Q, strict=True) if a > 0)
    entropy = 0 - sum(a * math.log(a) for a in P if a > 0)
    left, middle, right = explorer.fig.axes
    np.testing.assert_allclose([bar.get_height() for bar in left.patches], [*P, *Q], atol=1e-12)
    areas = [patch.get_width() * patch.get_height() for patch in middle.patches]
    assert sum(areas) == pytest.approx(total, abs=1e-12)
    np.testing.assert_allclose([patch.get_height() for patch in middle.patches], -np.log(Q), atol=1e-12)
    entropy_bar, kl_bar = right.patches
    assert entropy_bar.get_height() == pytest.approx(entropy, abs=1e-12)
    assert kl_bar.get_y() + kl_bar.get_height() == pytest.approx(total, abs=1e-12)
    assert (
        f"H(p, q) = {total:.3f} nats = {total / math.log(2):.3f} bits: "
        f"entropy {entropy:.3f} + KL {total - entropy + 0:.3f} nats." in explorer.sentence.replace("−", "-")
    )


def test_what_happens_although_q_excludes_it_costs_infinitely_much(explorer):
    give(explorer, (9, 4, 7), (10, 10, 0))
    assert "H(p, q) = ∞" in explorer.sentence and "Gentoo happens and q says it never does" in explorer.sentence
    give(explorer, (9, 4, 0), (10, 10, 0))
    assert "∞ nats" not in explorer.sentence.split("H(p, q)")[1]


def test_a_distribution_without_shares_is_refused_until_it_has_some(explorer):
    give(explorer, (0, 0, 0), (1, 1, 1))
    assert failed(explorer) and "p has no shares: raise one of its sliders" in explorer.text.value
    control(explorer, "world p: shares of Gentoo").value = 3
    assert not failed(explorer) and "p = (0.000, 0.000, 1.000)" in explorer.sentence
