import numpy as np
import pytest

from driving import built, give
from helpers import explorers, numerical

explorer = built(explorers.jacobian)


def softmax(z):
    """Equation (1), written out again."""
    e = np.exp(np.asarray(z) - np.max(z))
    return e / e.sum()


@pytest.mark.parametrize(("z", "j", "h"), [((2, 1, -1), 0, -6), ((-6, 6, 0), 1, 0.5), ((6, 6, 6), 2, 6)])
def test_true_change_tangent_and_matrix_are_those_of_softmax(explorer, z, j, h):
    give(explorer, scores=z, nudged_score=j, nudge_h=h)
    measured = numerical.jacobian(softmax, np.array(z, dtype=float))
    a, moved = softmax(z), softmax(np.array(z) + h * np.eye(3)[j])
    for k in range(3):
        t, values = explorer.curves[k].get_data()
        np.testing.assert_allclose(values, [softmax(np.array(z) + x * np.eye(3)[j])[k] for x in t], atol=1e-12)
        t, values = explorer.tangents[k].get_data()
        np.testing.assert_allclose(values, a[k] + t * measured[k, j], atol=1e-8)
        np.testing.assert_allclose(explorer.true[k].get_xydata(), [[h, moved[k]]], atol=1e-12)
        np.testing.assert_allclose(explorer.promised[k].get_xydata(), [[h, a[k] + h * measured[k, j]]], atol=1e-8)
    np.testing.assert_allclose(explorer.matrix.get_array(), measured, atol=1e-8)
    texts = [float(text.get_text().replace("−", "-")) for text in explorer.entries]
    np.testing.assert_allclose(np.reshape(texts, (3, 3)), measured, atol=0.00051)
    assert explorer.lit.get_x() == j - 0.5


def test_an_impossible_promise_is_named(explorer):
    give(explorer, scores=(2, 1, -1), nudged_score=1, nudge_h=3.8)
    assert "impossible" not in explorer.sentence
    give(explorer, nudge_h=-2)
    assert "impossible probability for Adelie and Chinstrap." in explorer.sentence
    give(explorer, scores=(6, -6, -6), nudge_h=-6)
    assert "says (0.000, 0.000, 0.000)." in explorer.sentence and "impossible" not in explorer.sentence
