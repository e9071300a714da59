"""The graph x → z → a → L: values forward, the chain rule's paths, and the slopes of the student's functions."""

import numpy as np
import pytest

from driving import built, failed, give, press
from helpers import explorers, numerical
from helpers.explorers.explorer import number
from helpers.explorers.graph import B, W, tidy

layer, paths = built(explorers.graph), built(lambda: explorers.graph(slopes=True))


def texts(nodes, column):
    return [text.get_text() for (name, _), text in nodes.items() if name == column]


def lit(explorer):
    return {arrow for arrow, drawn in explorer.net.lit.items() if drawn.get_visible()}


def loss(W, b, x, y):
    z = W @ x + b
    return np.log(np.exp(z).sum()) - y @ z


def slopes(W, b, x, y):
    """Measured: with respect to W and to b."""
    return numerical.gradient(lambda W: loss(W, b, x, y), W), numerical.gradient(lambda b: loss(W, b, x, y), b)


def bias_gradient(W, b, x, y):
    return slopes(W, b, x, y)[1]


def weight_gradient(W, b, x, y):
    return slopes(W, b, x, y)[0]


def vandal(W, b, x, y):
    right = bias_gradient(W, b, x, y)
    for array in (W, b, x, y):
        array *= 0
    return right


def unwritten(W, b, x, y):
    raise NotImplementedError


def test_every_node_has_an_arrow_to_every_node_of_the_next_column(layer, paths):
    assert len(layer.net.lit) == 2 * 3 + 3 * 3 + 3 and len(paths.net.lit) == 3 * 3 + 3


@pytest.mark.parametrize(("x", "k"), [((-0.5, 1.5), 1), ((3, -3), 0), ((0.7, -0.2), 2)])
def test_values_are_those_of_the_layer_in_the_picture_and_in_words(layer, x, k):
    give(layer, **{"x₁": x[0], "x₂": x[1], "right": k})
    z = W @ x + B
    a = np.exp(z) / np.exp(z).sum()
    expected = {"x": (x, 1), "z": (z, 1), "a": (a, 3), "L": ([-np.log(a[k])], 3)}
    for column, (entries, digits) in expected.items():
        shown = [number(entry, digits) for entry in entries]
        assert texts(layer.net.values, column) == shown and ", ".join(shown) in layer.sentence
    assert lit(layer) == {(("a", k), ("L", 0))}
    np.testing.assert_array_equal(layer.net.ring.get_xydata(), [layer.net.place["a", k]])


@pytest.mark.parametrize(("z", "k", "j"), [((2, 1, -1), 1, 0), ((-6, 6, 0.5), 2, 1), ((0, 0, 0), 0, 0)])
def test_paths_light_one_by_one_and_their_products_add_to_the_measured_slope(paths, z, k, j):
    give(paths, scores=z, right=k, with_respect_to=j)
    slope = numerical.gradient(lambda z: np.log(np.exp(z).sum()) - z[k], np.array(z, float))[j]
    a, found = np.exp(z) / np.exp(z).sum(), 0.0
    for i in range(3):
        assert lit(paths) == {(("z", j), ("a", i)), (("a", i), ("L", 0))} and texts(paths.net.slopes, "z")[j] == "◂ ?"
        outer, inner = -(i == k) / a[i], a[i] * ((i == j) - a[j])
        assert [text.get_text() != "" for text in paths.products] == [path == i for path in range(3)]
        assert paths.products[i].get_text().startswith(f"{tidy(outer)} · ")
        assert (
            paths.products[i].get_text().endswith(f"= {tidy(outer * inner)}") and f"Path {i + 1} of 3" in paths.sentence
        )
        assert paths.factors[i].get_text().endswith(f"= {tidy(inner)}")
        assert ("nothing comes along" in paths.sentence) == (i != k)
        found += outer * inner
        press(paths, "Next")
    assert found == pytest.approx(slope, abs=1e-8) and len(lit(paths)) == 6
    assert paths.sentence.endswith(f"= {tidy(found)}.") and texts(paths.net.slopes, "z")[j] == f"◂ {tidy(found)}"
    press(paths, "Next")


def test_slopes_at_weights_and_biases_are_what_the_students_functions_return():
    explorer = explorers.graph(vandal, weight_gradient)  # which cannot harm the other
    give(explorer, **{"x₁": 2.5, "right": 2})
    by_W, by_b = slopes(W, B, np.array([2.5, 1.5]), np.eye(3)[2])
    assert [mark.get_text() for mark in explorer.marks] == [f"◂ {tidy(slope)}" for slope in [*by_W.flat, *by_b]]
    assert texts(explorer.net.slopes, "z") == [f"◂ {tidy(slope)}" for slope in by_b]
    assert "what your functions return" in explorer.sentence
    explorer.close()


@pytest.mark.parametrize(
    ("functions", "unknown", "said"),
    [
        ((unwritten, unwritten), 9, "The ? wait for bias_gradient and weight_gradient: write it"),
        ((bias_gradient, lambda W, b, x, y: unwritten(W, b, x, y)), 6, "The ? wait for weight_gradient: write it"),
    ],
)
def test_a_function_that_is_missing_is_named_kindly(functions, unknown, said):
    explorer = explorers.graph(*functions)
    assert said in explorer.sentence and not failed(explorer)
    assert sum(mark.get_text() == "◂ ?" for mark in explorer.marks) == unknown
    explorer.close()


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda W, b, x, y: W[5], "IndexError"),
        (lambda W, b, x, y: exit(), "SystemExit"),
        (lambda W, b, x, y: None, "weight_gradient: It returns None"),
        (lambda W, b, x, y: W.T, "weight_gradient returned W of shape (2, 3), expected (3, 2)"),
        (lambda W, b, x, y: W / 0, "weight_gradient returned W with NaN or infinity"),
    ],
)
def test_an_error_shows_as_that_of_any_explorer_and_the_other_slopes_stay(function, said):
    explorer = explorers.graph(bias_gradient, function)
    assert failed(explorer) and said in explorer.text.value
    assert explorer.marks[6].get_text() == "◂ 0.705" and all(explorer._repr_mimebundle_()[0].values())
    explorer.functions = (bias_gradient, weight_gradient)
    give(explorer, right=0)  # and nothing of it is left
    explorer.close()
