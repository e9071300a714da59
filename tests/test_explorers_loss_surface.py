import numpy as np
import pytest

from driving import built, control, give, press
from helpers import explorers, numerical
from helpers.explorers.explorer import short

explorer = built(explorers.loss_surface)


def loss(point, m, label):
    """The definition: −log of equation (1) at the right class, the third score 0."""
    e = np.exp([*point, 0][:m])
    return -np.log(e[label] / e.sum())


def marks(explorer):
    """The points of each mark on the map."""
    return {name: on_map.get_xydata() for name, (_, on_map) in explorer.landscape.marks.items()}


@pytest.mark.parametrize("m, label", [(2, 1), (3, 2)])
@pytest.mark.parametrize("z", [(-2, 1), (6, -6), (0, 0)])
def test_everything_on_the_surface_lies_on_it(explorer, m, label, z):
    give(explorer, scores=z, classes=m, right_class=label)
    for on_surface, on_map in explorer.landscape.marks.values():
        curve = np.array(on_surface.get_data_3d()).T
        np.testing.assert_allclose(curve[:, :2], on_map.get_xydata())
        np.testing.assert_allclose(curve[:, 2], [loss(point, m, label) for point in curve[:, :2]], atol=1e-9)
    np.testing.assert_array_equal(marks(explorer)["point"], [z])
    assert f"= {short(loss(z, m, label))}." in explorer.sentence
    flat = marks(explorer)["flat"]
    assert (len(flat) > 0) == (m == 2)
    np.testing.assert_allclose([loss(point, m, label) for point in flat], loss(z, m, label), atol=1e-9)


@pytest.mark.parametrize("m, label", [(2, 0), (3, 2)])
def test_the_drawn_landscape_is_the_loss(explorer, m, label):
    give(explorer, classes=m, right_class=label)
    sheet, _, contours = explorer.landscape.drawn
    corners = np.reshape(sheet._faces, (-1, 3))
    np.testing.assert_allclose(corners[:, 2], [loss(p[:2], m, label) for p in corners], atol=1e-9)
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        np.testing.assert_allclose([loss(point, m, label) for point in path.vertices[::7]], level, rtol=0.03)


@pytest.mark.parametrize("m", [2, 3])
def test_arrow_and_step_follow_the_measured_slope_downhill(explorer, m):
    give(explorer, scores=(-1.3, 0.8), classes=m, right_class=0, step_size=1.5)
    start = np.array([-1.3, 0.8])
    target = start - 1.5 * numerical.gradient(lambda z: loss(z, m, 0), start)
    np.testing.assert_allclose(marks(explorer)["arrow"][[0, -1]], [start, target], atol=1e-8)
    press(explorer, "Step")
    np.testing.assert_allclose(marks(explorer)["path"], [start, target], atol=1e-8)
    np.testing.assert_allclose(marks(explorer)["point"], [target], atol=1e-8)
    np.testing.assert_allclose([slider.value for slider in explorer.z], target, atol=0.051)
    press(explorer, "10 steps")
    path = marks(explorer)["path"]
    assert len(path) == 12 and "Steps taken: 11" in explorer.sentence
    assert (np.diff([loss(point, m, 0) for point in path]) < 0).all()


def test_a_hand_on_a_slider_or_another_landscape_ends_the_path(explorer):
    give(explorer, classes=2, right_class=0, step_size=1)
    press(explorer, "Reset")
    for end in (lambda: give(explorer, scores=(3,)), lambda: give(explorer, right_class=1)):
        press(explorer, "10 steps")
        for slider in explorer.z:
            slider.value += 4e-16  # the browser's echo is no hand
        explorer.answer()
        assert "Steps taken: 10" in explorer.sentence
        end()
        assert "Steps taken" not in explorer.sentence and len(marks(explorer)["path"]) == 1
    press(explorer, "Reset")
    np.testing.assert_array_equal(marks(explorer)["point"], [[-2, 1]])


def test_large_steps_stop_at_the_edge_of_the_map(explorer):
    give(explorer, scores=(5, 5), classes=2, right_class=0, step_size=6)
    press(explorer, "Step")
    assert "at the edge" in explorer.sentence and abs(marks(explorer)["path"]).max() == 6


def test_the_right_class_survives_a_change_of_m_where_it_can(explorer):
    for kept, expected in ((1, 1), (2, 0)):
        give(explorer, classes=3, right_class=kept)
        give(explorer, classes=2)
        assert control(explorer, "right class").value == expected


def test_before_lesson_05_there_is_no_gradient():
    explorer = explorers.loss_surface(gradient=False)
    assert {c.description for c in explorer.controls} == {"score z₁", "score z₂", "classes m", "right class"}
    assert "gradient" not in explorer.sentence and set(marks(explorer)) == {"flat", "point"}
    explorer.close()
