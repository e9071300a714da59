import numpy as np
import pytest
from matplotlib.patches import Rectangle

from helpers import figures, painting
from helpers.softmax import softmax


@pytest.mark.parametrize("W", [np.zeros((3, 2)), [[1.0, 2], [-3, 0.5], [0, -1]], [[900.0, 0], [0, -900], [5, 5]]])
def test_shading_writes_the_probabilities_of_each_pixel(W):
    fig, ax = figures.subplots(width=3, height=2)
    ax.set(xlim=(-2, 3), ylim=(-1, 4))
    shading = painting.Shading(ax, 3)
    W, b = np.array(W), np.array([0.5, -1, 0.25])
    shading.set_layer(W, b)
    fig.canvas.draw()
    pixels = np.asarray(fig.canvas.buffer_rgba()).copy()
    shading.draw(fig.canvas.get_renderer())
    changed = np.asarray(fig.canvas.buffer_rgba())
    rng = np.random.default_rng(1)
    for x in rng.uniform([-1.9, -0.9], [2.9, 3.9], (50, 2)):
        column, up = ax.transData.transform(x).astype(int)
        row = len(pixels) - 1 - up
        at = ax.transData.inverted().transform((column + 0.5, up + 0.5))
        expected = 255 * figures.blend(softmax(W @ at + b))
        assert abs(changed[row, column, :3] - expected).max() < 1.01
        assert changed[row, column, 3] == 255
    left, low, right, high = (round(edge) for edge in ax.bbox.extents)
    outside = np.ones(pixels.shape[:2], dtype=bool)
    outside[len(pixels) - high : len(pixels) - low, left:right] = False
    np.testing.assert_array_equal(changed[outside], pixels[outside])


def painted(artist, points):
    """The colours that an artist gives to the pixels under some points, and the centres of those pixels."""
    ax = artist.axes
    canvas = ax.get_figure().canvas
    canvas.draw()
    artist.draw(canvas.get_renderer())
    pixels = np.asarray(canvas.buffer_rgba())
    corners = ax.transData.transform(points).astype(int)
    centres = ax.transData.inverted().transform(corners + 0.5)
    return pixels[len(pixels) - 1 - corners[:, 1], corners[:, 0]], centres


@pytest.mark.parametrize("upside_down", [False, True])
def test_tiles_fill_unit_squares_with_the_colours_of_their_values(upside_down):
    fig, ax = figures.subplots(width=3, height=2)
    ax.set(xlim=(-0.5, 2.5), ylim=(1.5, -0.5) if upside_down else (-0.5, 1.5))
    tiles = painting.Tiles(ax, "PuOr", -1, 1)
    tiles.values = np.array([[-1.0, 0, 1], [0.5, np.nan, -0.25]])
    places = [
        (column + dx, row + dy) for column in range(3) for row in range(2) for dx in (-0.4, 0.4) for dy in (-0.4, 0.4)
    ]
    colours, _ = painted(tiles, places)
    for (x, y), colour in zip(places, colours, strict=True):
        value = tiles.values[round(y), round(x)]
        expected = [255] * 4 if np.isnan(value) else figures.signed_colour(value, 1)
        np.testing.assert_allclose(colour, expected if np.isnan(value) else np.array(expected) * 255, atol=1)


def test_bands_interpolate_and_change_colour_at_the_levels():
    fig, ax = figures.subplots(width=3, height=2)
    ax.set(xlim=(0, 4), ylim=(0, 4))
    bands = painting.Bands(ax, np.linspace(0, 4, 5), [1.0, 2.5, 6.0], "cividis")
    x, y = np.meshgrid(bands.side, bands.side)
    bands.values = x + 2 * y  # linear, so interpolation is exact
    colours, centres = painted(bands, np.random.default_rng(0).uniform(0.1, 3.9, (200, 2)))
    expected = bands.tints[np.searchsorted([1.0, 2.5, 6.0], centres @ [1, 2])]
    np.testing.assert_array_equal(colours[:, :3], expected)
    assert len(np.unique(bands.tints, axis=0)) == 4


def blank(**style):
    """An empty picture of 288 × 192 pixels with a text in it, and its renderer; what is drawn is dark on white."""
    fig, ax = figures.subplots(width=3, height=2)
    fig.set_dpi(figures.PIXELS_PER_INCH)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.axis("off")
    text = ax.text(0.5, 0.51, style.pop("words"), animated=True, **style)
    fig.canvas.draw()
    return text, fig.canvas.get_renderer()


def ink(renderer):
    """Where there is ink, as (left, right, top, bottom)."""
    rows, columns = np.nonzero(np.asarray(renderer.buffer_rgba())[:, :, :3].min(axis=2) < 200)
    return np.array([columns.min(), columns.max(), rows.min(), rows.max()])


@pytest.mark.parametrize("words", ["−0.705", "8, said 9", "∞", "H(p) 1.049"])
@pytest.mark.parametrize("ha", ["left", "center", "right"])
@pytest.mark.parametrize("va", ["bottom", "baseline", "center", "top"])
@pytest.mark.parametrize("fontsize", [9, 11])
def test_a_text_stands_where_matplotlib_writes_it(words, ha, va, fontsize):
    places = []
    for how in (lambda text, renderer: text.draw(renderer), painting.write):
        text, renderer = blank(words=words, ha=ha, va=va, fontsize=fontsize)
        how(text, renderer)
        places.append(ink(renderer))
    assert abs(places[1] - places[0]).max() <= 2


def test_a_text_has_its_colour_over_what_lies_under_it():
    text, renderer = blank(words="8888", fontsize=24, color="#D55E00")
    text.axes.add_patch(Rectangle((0, 0), 1, 1, facecolor="#56B4E9")).draw(renderer)
    under = np.asarray(renderer.buffer_rgba()).copy()
    painting.write(text, renderer)
    pixels = np.asarray(renderer.buffer_rgba())
    full = (pixels[:, :, :3] == (0xD5, 0x5E, 0x00)).all(axis=2)
    assert full.sum() > 100
    changed = (pixels != under).any(axis=2)
    mixed = pixels[changed].astype(float)
    share = (mixed[:, 0] - 0x56) / (0xD5 - 0x56)  # of the text's colour in a pixel: the same for red, green and blue
    for channel, (low, high) in enumerate([(0x56, 0xD5), (0xB4, 0x5E), (0xE9, 0x00)]):
        np.testing.assert_allclose(mixed[:, channel], low + share * (high - low), atol=3)  # whole numbers
    assert (pixels[:, :, 3] == 255).all()


@pytest.mark.parametrize("place", [(-0.05, 0.5), (1.05, 0.5), (0.5, -0.05), (0.5, 1.05), (3, 3), (-2, -2)])
def test_a_text_is_cut_at_the_edge_of_the_picture(place):
    text, renderer = blank(words="88888888", fontsize=20, ha="center", va="center")
    text.set(position=place, transform=text.figure.transFigure)
    text.draw(renderer)
    expected = np.asarray(renderer.buffer_rgba())[:, :, 0] < 128
    text, renderer = blank(words="88888888", fontsize=20, ha="center", va="center")
    text.set(position=place, transform=text.figure.transFigure)
    painting.write(text, renderer)
    drawn = np.asarray(renderer.buffer_rgba())[:, :, 0] < 128
    assert drawn.any() == expected.any()
    assert abs(int(drawn.sum()) - int(expected.sum())) <= 0.3 * expected.sum()


@pytest.mark.parametrize(("point", "seen"), [((0.5, 0.5), True), ((0.5, 1.5), False), ((-0.2, 0.5), False)])
def test_the_number_of_a_bar_beyond_the_axes_is_not_written(point, seen):
    for how in (lambda text, renderer: text.draw(renderer), painting.write):
        text, renderer = blank(words="")
        note = text.axes.annotate("0.25", point, (0, 2), textcoords="offset points", annotation_clip=True)
        how(note, renderer)
        assert (np.asarray(renderer.buffer_rgba())[:, :, 0] < 200).any() == seen


def test_a_hidden_or_empty_text_leaves_no_ink():
    for style in ({"words": "0.5", "visible": False}, {"words": ""}):
        text, renderer = blank(**style)
        painting.write(text, renderer)
        assert np.asarray(renderer.buffer_rgba()).min() == 255


@pytest.mark.parametrize("style", [{"words": "$z_1$"}, {"words": "0.5", "bbox": {"facecolor": "yellow"}}])
def test_formulas_and_boxes_are_matplotlibs(style):
    text, renderer = blank(**style)
    text.draw(renderer)
    expected = np.asarray(renderer.buffer_rgba()).copy()
    text, renderer = blank(**style)
    painting.draw(text, renderer)
    np.testing.assert_array_equal(np.asarray(renderer.buffer_rgba()), expected)


def test_all_digits_are_equally_wide_so_that_a_changing_number_does_not_tremble():
    assert len({painting.line_of(f"0.{digit}", 13.333).shape for digit in range(10)}) == 1
