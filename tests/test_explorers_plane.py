import numpy as np

from helpers import datasets, figures
from helpers.explorers.plane import Plane, Shading
from helpers.softmax import softmax

LAYER = np.array([[1.0, 2], [-3, 0.5], [0, -1]]), np.array([0.5, -1, 0.25])


def test_shading_writes_the_probabilities_of_each_pixel_and_nothing_beside_the_frame():
    fig, ax = figures.subplots(width=3, height=2)
    ax.set(xlim=(-2, 3), ylim=(-1, 4))
    shading = Shading(ax, 3)
    shading.W, shading.b = LAYER
    fig.canvas.draw()
    pixels = np.asarray(fig.canvas.buffer_rgba()).copy()
    shading.draw(fig.canvas.get_renderer())
    changed = np.asarray(fig.canvas.buffer_rgba())
    for x in np.random.default_rng(1).uniform([-1.9, -0.9], [2.9, 3.9], (50, 2)):
        column, up = ax.transData.transform(x).astype(int)
        at = ax.transData.inverted().transform((column + 0.5, up + 0.5))
        expected = 255 * figures.blend(softmax(shading.W @ at + shading.b))
        assert abs(changed[len(pixels) - 1 - up, column, :3] - expected).max() < 1.01
    left, low, right, high = (round(edge) for edge in ax.bbox.extents)
    outside = np.ones(pixels.shape[:2], dtype=bool)
    outside[len(pixels) - high : len(pixels) - low, left:right] = False
    np.testing.assert_array_equal(changed[outside], pixels[outside])


def test_the_plane_shows_the_penguins_and_the_boundaries_of_its_layer():
    _, ax = figures.subplots()
    data = datasets.penguins()
    plane = Plane(ax, data)
    plane.show(*LAYER)
    for moved, fresh in zip(plane.lines, figures.boundaries(ax, *LAYER), strict=True):
        np.testing.assert_array_equal(moved.get_xydata(), fresh.get_xydata())
    assert sum(len(marks.get_offsets()) for marks in plane.moving[2]) == len(data.X)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list(data.class_names)
