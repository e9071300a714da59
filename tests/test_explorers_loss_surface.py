import numpy as np
import pytest

from driving import control, press
from helpers import explorers, live, numerical


@pytest.fixture
def explorer():
    built = explorers.loss_surface()
    yield built
    built.close()


def loss(point, m, label):
    """The definition: −log of equation (1) at the right class, the third score 0."""
    e = np.exp([*point, 0][:m])
    return -np.log(e[label] / e.sum())


def lines(explorer):
    """(surface, map): what moves on each, in the order flat direction, path, arrow, tip, point."""
    surface, above = explorer.fig.axes
    return [np.array(line.get_data_3d()).T for line in surface.lines], [line.get_xydata() for line in above.lines]


def go(explorer, z1, z2):
    """Move both sliders."""
    control(explorer, "score z₁").value, control(explorer, "score z₂").value = z1, z2


@pytest.mark.parametrize("m, label", [(2, 0), (2, 1), (3, 0), (3, 2)])
@pytest.mark.parametrize("z", [(-2, 1), (6, -6), (6, 6), (0, 0), (-6, 6)])
def test_everything_on_the_surface_lies_on_it(explorer, m, label, z):
    control(explorer, "classes").value = m
    control(explorer, "right class").value = label
    go(explorer, *z)
    on_surface, on_map = lines(explorer)
    for curve, flat in zip(on_surface, on_map, strict=True):
        np.testing.assert_allclose(curve[:, :2], flat)
        np.testing.assert_allclose(curve[:, 2], [loss(point, m, label) for point in flat], atol=1e-9)
    np.testing.assert_array_equal(on_map[-1], [z])
    assert f"= {live.plain(loss(z, m, label))}." in explorer.sentence
    dashed = on_surface[0]
    if m == 2:
        assert len(dashed) > 0
        np.testing.assert_allclose(dashed[:, 2], loss(z, m, label), atol=1e-9)
        np.testing.assert_allclose(dashed[:, 0] - dashed[:, 1], z[0] - z[1], atol=1e-9)
    else:
        assert len(dashed) == 0


@pytest.mark.parametrize("m, label", [(2, 0), (2, 1), (3, 0), (3, 2)])
def test_the_drawn_landscape_is_the_loss(explorer, m, label):
    control(explorer, "classes").value = m
    control(explorer, "right class").value = label
    (sheet,) = [c for c in explorer.fig.axes[0].collections if c.__class__.__name__ == "Poly3DCollection"]
    corners = np.reshape(sheet._faces, (-1, 3))
    np.testing.assert_allclose(corners[:, 2], [loss(p[:2], m, label) for p in corners], atol=1e-9)
    contours = explorer.fig.axes[1].collections[-1]
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        for point in path.vertices[::7]:
            assert loss(point, m, label) == pytest.approx(level, rel=0.03)


@pytest.mark.parametrize("m", [2, 3])
def test_arrow_and_step_follow_the_measured_slope_downhill(explorer, m):
    control(explorer, "classes").value = m
    control(explorer, "step size").value = 1.5
    go(explorer, -1.3, 0.8)
    slope = numerical.gradient(lambda z: loss(z, m, 0), np.array([-1.3, 0.8]))
    target = np.array([-1.3, 0.8]) - 1.5 * slope
    _, on_map = lines(explorer)
    np.testing.assert_allclose(on_map[2][[0, -1]], [[-1.3, 0.8], target], atol=1e-8)
    np.testing.assert_allclose(on_map[3], [target], atol=1e-8)
    press(explorer, "Step")
    _, on_map = lines(explorer)
    np.testing.assert_allclose(on_map[1], [[-1.3, 0.8], target], atol=1e-8)
    np.testing.assert_allclose(on_map[4], [target], atol=1e-8)
    sliders = [control(explorer, f"score z{i}").value for i in "₁₂"]
    np.testing.assert_allclose(sliders, target, atol=0.051)
    press(explorer, "10 steps")
    _, on_map = lines(explorer)
    assert len(on_map[1]) == 12 and "Steps taken: 11" in explorer.sentence
    losses = [loss(point, m, 0) for point in on_map[1]]
    assert (np.diff(losses) < 0).all()


def test_a_hand_on_a_slider_or_another_landscape_ends_the_path(explorer):
    press(explorer, "10 steps")
    control(explorer, "score z₁").value += 0.2
    assert "Steps taken" not in explorer.sentence and len(lines(explorer)[1][1]) == 1
    press(explorer, "10 steps")
    control(explorer, "right class").value = 1
    assert "Steps taken" not in explorer.sentence and len(lines(explorer)[1][1]) == 1
    press(explorer, "Reset")
    np.testing.assert_array_equal(lines(explorer)[1][4], [[-2, 1]])


def test_large_steps_stop_at_the_edge_of_the_map(explorer):
    control(explorer, "step size").value = 6
    go(explorer, 5, 5)
    press(explorer, "Step")
    assert "at the edge" in explorer.sentence
    assert abs(lines(explorer)[1][1]).max() == 6


def test_the_right_class_survives_a_change_of_m_where_it_can(explorer):
    control(explorer, "classes").value = 3
    control(explorer, "right class").value = 1
    control(explorer, "classes").value = 2
    assert control(explorer, "right class").value == 1
    control(explorer, "classes").value = 3
    control(explorer, "right class").value = 2
    control(explorer, "classes").value = 2
    assert control(explorer, "right class").value == 0


def test_before_lesson_05_there_is_no_gradient():
    explorer = explorers.loss_surface(gradient=False)
    assert {c.description for c in explorer.controls} == {"score z₁", "score z₂", "classes m", "right class"}
    assert "gradient" not in explorer.sentence and "a − y" not in explorer.sentence
    assert len(explorer.fig.axes[1].lines) == 2
    explorer.close()
