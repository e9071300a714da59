"""The drawings show the mathematics: the artists' data is compared with the formulas, not with stored pictures."""

import re

import matplotlib as mpl
import numpy as np
import pytest

from helpers import figures
from helpers.softmax import softmax

W, B = np.array([[-3.0, 1.0], [2.0, 2.0], [1.0, -3.0]]), np.array([0.0, -1.0, 0.5])
LIMITS = (-3.0, 3.0), (-2.0, 2.0)


@pytest.fixture
def ax():
    return figures.subplots(width=4, height=3)[1]


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


def test_shading_is_the_probability_blend_at_every_grid_point(ax):
    ax.set(xlim=LIMITS[0], ylim=LIMITS[1])
    image = figures.shading(ax, W, B, columns=5, rows=4)
    x = [[(x_1, x_2) for x_1 in np.linspace(-3, 3, 5)] for x_2 in np.linspace(-2, 2, 4)]
    expected = figures.blend(softmax(np.reshape(x, (-1, 2)) @ W.T + B)).reshape(4, 5, 3)
    np.testing.assert_allclose(np.asarray(image.get_array()), expected)
    assert image.origin == "lower"


def test_show_stores_picture_size_alt_text_and_the_visible_sentence(monkeypatch):
    shown = []
    monkeypatch.setattr(figures, "display", lambda data, raw, metadata=None: shown.append((data, metadata)))
    fig, _ = figures.subplots(width=4, height=2)
    figures.show(fig, "One sentence.")
    (picture, metadata), (sentence, _) = shown
    assert metadata["image/png"] == {"alt": "One sentence.", "width": 384, "height": 192}
    assert picture["text/plain"] == "Figure: One sentence."
    assert picture["image/png"].startswith("iVBORw0KG")  # as text: not every kernel turns bytes into it
    assert re.fullmatch(r"\*One sentence\.\*", sentence["text/markdown"])


def test_set_bars_moves_bars_and_texts_to_new_values(ax):
    bars, texts = figures.bars(ax, [1, 1, 1], ["p", "q", "r"])
    figures.set_bars(bars, texts, [0.25, -2, -0.0001])
    assert [bar.get_height() for bar in bars] == [0.25, -2, -0.0001]
    assert [text.get_text() for text in texts] == ["0.250", "−2.000", "0.000"]
    assert [text.xy for text in texts] == [(0, 0.25), (1, -2), (2, -0.0001)]
    assert [text.get_va() for text in texts] == ["bottom", "top", "top"]
    assert len({bar.get_hatch() for bar in bars}) == 3


def test_boundaries_are_solid_where_they_decide_and_move(ax):
    ax.set(xlim=LIMITS[0], ylim=LIMITS[1])
    drawn = figures.boundaries(ax, np.zeros((3, 2)), B)
    figures.set_boundaries(drawn, ax, W, B)
    assert [line.get_linestyle() for line in drawn] == [":", "-"] * 3
    for dotted, solid, (j, k) in zip(drawn[::2], drawn[1::2], [(0, 1), (0, 2), (1, 2)], strict=True):
        x, decides = figures.boundary_segment(W, B, j, k, *LIMITS)
        np.testing.assert_array_equal(dotted.get_xydata(), x)
        np.testing.assert_array_equal(solid.get_xydata()[decides], x[decides])
        assert np.isnan(solid.get_xydata()[~decides]).all()
