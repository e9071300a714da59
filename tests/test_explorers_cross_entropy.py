import math

import numpy as np
import pytest

from driving import built, failed, heights
from helpers import explorers

explorer = built(explorers.cross_entropy)


def give_shares(explorer, p, q):
    """Shares for p and for q; ones first, so that no distribution is empty on the way."""
    for shares in ((1, 1, 1, 1, 1, 1), (*p, *q)):
        for slider, share in zip((*explorer.p, *explorer.q), shares, strict=True):
            slider.value = share


@pytest.mark.parametrize(("p", "q"), [((9, 4, 7), (10, 5, 5)), ((20, 0, 0), (1, 20, 20)), ((9, 4, 7), (9, 4, 7))])
def test_bars_areas_and_sums_are_those_of_equation_3(explorer, p, q):
    give_shares(explorer, p, q)
    P, Q = np.array(p) / sum(p), np.array(q) / sum(q)
    total = -sum(a * math.log(b) for a, b in zip(P, Q, strict=True) if a > 0)
    entropy = 0 - sum(a * math.log(a) for a in P if a > 0)
    np.testing.assert_allclose([heights(bars) for bars, _ in explorer.bars], [P, Q], atol=1e-12)
    assert sum(area.get_width() * area.get_height() for area in explorer.areas) == pytest.approx(total, abs=1e-12)
    assert explorer.entropy.get_height() == pytest.approx(entropy, abs=1e-12)
    assert explorer.kl.get_y() + explorer.kl.get_height() == pytest.approx(total, abs=1e-12)
    said = f"H(p, q) = {total:.3f} nats = {total / math.log(2):.3f} bits: "
    said += f"entropy {entropy:.3f} + KL {total - entropy + 0:.3f} nats."
    assert said in explorer.sentence.replace("−", "-")


def test_what_q_excludes_costs_infinitely_much_and_no_shares_at_all_are_refused(explorer):
    give_shares(explorer, (9, 4, 7), (10, 10, 0))
    assert "H(p, q) = ∞" in explorer.sentence and "According to q there is no Gentoo" in explorer.sentence
    assert [text.get_text() for text in explorer.beyond] == ["", "", "∞"]
    give_shares(explorer, (0, 0, 0), (1, 1, 1))
    assert failed(explorer) and "p has no shares: raise one of its sliders" in explorer.text.value
    explorer.p[2].value = 3
    assert not failed(explorer) and "p = (0.000, 0.000, 1.000)" in explorer.sentence
