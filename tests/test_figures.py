"""The drawings show the mathematics: the artists' data is compared with the formulas, not with stored pictures."""

import re

import matplotlib as mpl
import numpy as np
import pytest

from helpers import datasets, figures
from helpers.softmax import softmax

W, B = np.array([[-3.0, 1.0], [2.0, 2.0], [1.0, -3.0]]), np.array([0.0, -1.0, 0.5])
LIMITS = (-3.0, 3.0), (-2.0, 2.0)


@pytest.fixture
def ax():
    return figures.subplots(width=4, height=3)[1]


def luminance(colour):
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mpl.colors.to_rgb(colour))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def test_the_same_figure_gives_the_same_bytes_and_no_global_style_changes():
    before = dict(mpl.rcParams)

    def draw():
        fig, ax = figures.subplots(width=3, height=2)
        figures.bars(ax, [1, -2, 3], ["p", "q", "r"])
        return figures.png(fig)

    assert draw() == draw()
    assert draw().startswith(b"\x89PNG") and dict(mpl.rcParams) == before


def test_classes_differ_in_colour_marker_and_hatch():
    for cue in (figures.COLOURS, figures.MARKERS, figures.HATCHES):
        assert len(set(cue)) == len(cue) == 10


@pytest.mark.parametrize("colour", [*figures.COLOURS[:3], figures.INK, figures.GREY])
def test_colours_that_write_text_are_readable_on_white(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 3.0


def test_triangle_lines_keep_one_probability_fixed(ax):
    figures.triangle(ax, ["p", "q", "r"])
    lines = [line.get_xydata() for line in ax.lines if len(line.get_xydata()) == 2]
    assert len(lines) == 9
    np.testing.assert_allclose(figures.triangle_point([*np.eye(3), [1 / 3] * 3])[:3], figures.CORNERS)
    for ends in lines:
        probabilities = np.linalg.solve(np.vstack([figures.CORNERS.T, np.ones(3)]), np.vstack([ends.T, np.ones(2)]))
        steady = np.isclose(probabilities[:, 0], probabilities[:, 1])
        assert steady.sum() == 1 and round(probabilities[steady][0, 0], 9) in (0.25, 0.5, 0.75)


def test_matrix_writes_every_entry_at_its_place(ax):
    values = np.array([[0.1, -0.2, 0.3], [1.0, 2.0, -3.0]])
    figures.matrix(ax, values, ["k1", "k2"], ["j1", "j2", "j3"], digits=1)
    written = {text.get_position(): float(text.get_text().replace("−", "-")) for text in ax.texts}
    assert written == {(j, k): values[k, j] for k in range(2) for j in range(3)}


@pytest.mark.parametrize(("j", "k"), [(0, 1), (0, 2), (1, 2)])
def test_boundary_points_have_equal_scores(j, k):
    x, decides = figures.boundary_segment(W, B, j, k, *LIMITS)
    inside = np.isfinite(x[:, 0])
    z = x[inside] @ W.T + B
    assert inside.sum() > 10
    np.testing.assert_allclose(z[:, j], z[:, k], atol=1e-9)
    third = z[:, ({0, 1, 2} - {j, k}).pop()]
    np.testing.assert_array_equal(decides[inside], third <= z[:, j] + 1e-6)


@pytest.mark.parametrize("w, b", [([1.0, 1], 1), ([2.0, 1], 100)])
def test_no_boundary_where_weights_are_equal_or_outside_the_frame(w, b):
    x, decides = figures.boundary_segment(np.array([w, [1.0, 1]]), np.array([0.0, b]), 0, 1, *LIMITS)
    assert np.isnan(x).all() and not decides.any()


def test_shading_is_the_probability_blend_at_every_grid_point(ax):
    ax.set(xlim=LIMITS[0], ylim=LIMITS[1])
    image = figures.shading(ax, W, B, columns=5, rows=4)
    x = figures.grid(*LIMITS, 5, 4)
    expected = figures.blend(softmax(x @ W.T + B)).reshape(4, 5, 3)
    np.testing.assert_allclose(np.asarray(image.get_array()), expected)
    assert tuple(x[0]) == (-3, -2) and tuple(x[4]) == (3, -2) and image.origin == "lower"


def test_points_draw_every_example_with_its_class_mark(ax):
    penguins = datasets.penguins()
    drawn = figures.points(ax, penguins.X, penguins.labels, penguins.class_names)
    for k, collection in enumerate(drawn):
        np.testing.assert_array_equal(collection.get_offsets(), penguins.X[penguins.labels == k])
    assert [text.get_text() for text in ax.texts] == list(penguins.class_names)


def test_frame_holds_all_examples_and_names_both_features(ax):
    penguins = datasets.penguins()
    figures.frame(ax, penguins.X, penguins.feature_names)
    assert (penguins.X.min(axis=0) > [ax.get_xlim()[0], ax.get_ylim()[0]]).all()
    assert (penguins.X.max(axis=0) < [ax.get_xlim()[1], ax.get_ylim()[1]]).all()
    assert "bill length" in ax.get_xlabel() and "bill depth" in ax.get_ylabel()


def test_pixels_keep_the_rows_of_the_picture(ax):
    image = figures.pixels(ax, np.arange(64) / 63, title="0")
    np.testing.assert_allclose(image.get_array()[1, 0], 8 / 63)
    assert image.get_clim() == (0, 1)
    assert figures.pixels(ax, np.zeros(64), limit=2).get_clim() == (-2, 2)


def test_show_stores_picture_size_alt_text_and_the_visible_sentence(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, raw, metadata=None: shown.append((data, metadata)))
    fig, _ = figures.subplots(width=4, height=2)
    figures.show(fig, "One sentence.")
    (picture, metadata), (sentence, _) = shown
    assert metadata["image/png"] == {"alt": "One sentence.", "width": 384, "height": 192}
    assert picture["text/plain"] == "Figure: One sentence."
    assert re.fullmatch(r"\*One sentence\.\*", sentence["text/markdown"])


def test_set_bars_moves_bars_and_texts_to_new_values(ax):
    bars, texts = figures.bars(ax, [1, 1, 1], ["p", "q", "r"])
    figures.set_bars(bars, texts, [0.25, -2, -0.0001])
    assert [bar.get_height() for bar in bars] == [0.25, -2, -0.0001]
    assert [text.get_text() for text in texts] == ["0.250", "−2.000", "0.000"]
    assert [text.xy for text in texts] == [(0, 0.25), (1, -2), (2, -0.0001)]
    assert [text.get_va() for text in texts] == ["bottom", "top", "top"]
    assert len({bar.get_hatch() for bar in bars}) == 3


def test_set_boundaries_draws_what_boundaries_of_the_other_layer_draws(ax):
    ax.set(xlim=LIMITS[0], ylim=LIMITS[1])
    assert [line.get_linestyle() for line in figures.boundaries(ax, W, B)] == [":", "-"] * 3  # solid where they decide
    moved, fresh = figures.boundaries(ax, np.zeros((3, 2)), B), figures.boundaries(ax, W, B)
    figures.set_boundaries(moved, ax, W, B)
    for one, other in zip(moved, fresh, strict=True):
        np.testing.assert_array_equal(one.get_xydata(), other.get_xydata())


def test_signed_numbers_have_a_true_minus_and_none_before_zero():
    assert [figures.signed(value, 2) for value in (1.005, -1.5, -0.001)] == ["1.00", "−1.50", "0.00"]
