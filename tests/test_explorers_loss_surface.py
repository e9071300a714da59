import numpy as np
import pytest

from driving import built, give, press
from helpers import explorers, numerical
from helpers.explorers.explorer import short

explorer = built(explorers.loss_surface)


def loss(point, k, m):
    """The definition: −log of equation (1) at the right class, the third score 0."""
    e = np.exp([*point, 0][:m])
    return -np.log(e[k] / e.sum())


def marks(explorer):
    """The points of each mark on the map."""
    return {name: on_map.get_xydata() for name, (_, on_map) in explorer.landscape.marks.items()}


@pytest.mark.parametrize(("case", "z"), [((1, 2), (6, -6)), ((2, 3), (-2, 1))])
def test_everything_on_the_surface_lies_on_it(explorer, case, z):
    give(explorer, scores=z, right_class=case)
    for on_surface, on_map in explorer.landscape.marks.values():
        curve = np.array(on_surface.get_data_3d()).T
        np.testing.assert_allclose(curve[:, :2], on_map.get_xydata())
        np.testing.assert_allclose(curve[:, 2], [loss(point, *case) for point in curve[:, :2]], atol=1e-9)
    np.testing.assert_array_equal(marks(explorer)["point"], [z])
    assert f"= {short(loss(z, *case))}." in explorer.sentence
    flat = marks(explorer)["flat"]
    assert (len(flat) > 0) == (case[1] == 2)
    np.testing.assert_allclose([loss(point, *case) for point in flat], loss(z, *case), atol=1e-9)
    sheet, _, contours = explorer.landscape.drawn
    corners = np.reshape(sheet._faces, (-1, 3))[::20]
    np.testing.assert_allclose(corners[:, 2], [loss(p[:2], *case) for p in corners], atol=1e-9)
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        np.testing.assert_allclose([loss(point, *case) for point in path.vertices[::7]], level, rtol=0.03)


@pytest.mark.parametrize("m", [2, 3])
def test_arrow_and_step_follow_the_measured_slope_downhill(explorer, m):
    give(explorer, scores=(-1.3, 0.8), right_class=(0, m), step_size=1.5)
    start = np.array([-1.3, 0.8])
    target = start - 1.5 * numerical.gradient(lambda z: loss(z, 0, m), start)
    np.testing.assert_allclose(marks(explorer)["arrow"][[0, -1]], [start, target], atol=1e-8)
    press(explorer, "Step")
    np.testing.assert_allclose(marks(explorer)["path"], [start, target], atol=1e-8)
    np.testing.assert_allclose([slider.value for slider in explorer.z], target, atol=0.051)
    press(explorer, "10 steps")
    path = marks(explorer)["path"]
    assert len(path) == 12 and "Steps taken: 11" in explorer.sentence
    assert (np.diff([loss(point, 0, m) for point in path]) < 0).all()


def test_a_hand_on_a_slider_or_another_landscape_ends_the_path(explorer):
    give(explorer, right_class=(0, 2), step_size=1)
    for end in ({"scores": (3,)}, {"right_class": (1, 2)}):
        press(explorer, "10 steps")
        explorer.z[0].value += 4e-16  # the browser's echo is no hand
        explorer.answer()
        assert "Steps taken: 10" in explorer.sentence
        give(explorer, **end)
        assert "Steps taken" not in explorer.sentence and len(marks(explorer)["path"]) == 1
    give(explorer, scores=(5, 5), step_size=6)
    press(explorer, "Step")
    assert "at the edge" in explorer.sentence and abs(marks(explorer)["path"]).max() == 6
    press(explorer, "Reset")
    np.testing.assert_array_equal(marks(explorer)["point"], [[-2, 1]])


def test_before_lesson_05_there_is_no_gradient():
    explorer = explorers.loss_surface(gradient=False)
    assert [c.description for c in explorer.controls] == ["score z₁", "score z₂", "right class"]
    assert "gradient" not in explorer.sentence and len(marks(explorer)["arrow"]) == 0
    explorer.close()
