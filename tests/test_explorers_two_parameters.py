import itertools

import numpy as np
import pytest

from driving import control, press
from helpers import datasets, explorers
from helpers.explorers import landscape

DATA = datasets.penguins()
START = np.array([-1, 1, 1, 1, 1, -1, 0, 0, 0], dtype=float)


@pytest.fixture
def explorer():
    built = explorers.two_parameters()
    yield built
    built.close()


def loss(parameters):
    """The definition, penguin by penguin."""
    W, b = np.reshape(parameters[:6], (3, 2)), parameters[6:]
    losses = []
    for x, label in zip(DATA.X, DATA.labels, strict=True):
        z = W @ x + b
        losses.append(np.log(np.exp(z - z.max()).sum()) + z.max() - z[label])
    return np.mean(losses)


@pytest.mark.parametrize("pair", list(itertools.combinations(range(9), 2)))
def test_the_landscape_is_the_loss_with_two_parameters_replaced(pair):
    i, j = pair
    parameters = np.random.default_rng(0).normal(size=9)
    side = np.array([-3.0, 0.5, 4.0])
    height = landscape.loss_over(DATA, parameters, i, j, side)
    for row, column in ((0, 0), (0, 2), (1, 0), (2, 1)):
        moved = parameters.copy()
        moved[i], moved[j] = side[column], side[row]
        assert height[row, column] == pytest.approx(loss(moved), rel=1e-12)


def test_point_text_and_boundaries_follow_the_two_sliders(explorer):
    control(explorer, "first").value, control(explorer, "second").value = 2, 7
    control(explorer, "value of w₂₁").value, control(explorer, "value of b₂").value = 3, -2
    parameters = START.copy()
    parameters[[2, 7]] = 3, -2
    surface, above, plane = explorer.fig.axes
    expected = loss(parameters)
    assert f"(w₂₁, b₂) = (3.0, −2.0): loss {expected:.3f}." in explorer.sentence
    on_surface = surface.lines[0].get_data_3d()
    np.testing.assert_allclose(np.ravel(on_surface), [3, -2, expected], rtol=1e-12)
    np.testing.assert_array_equal(above.lines[-1].get_xydata(), [[3, -2]])
    shading = next(artist for artist in plane.artists if hasattr(artist, "W"))
    np.testing.assert_array_equal([*shading.W.ravel(), *shading.b], parameters)
    (sheet,) = [c for c in surface.collections if c.__class__.__name__ == "Poly3DCollection"]
    for x, y, height in np.reshape(sheet._faces, (-1, 3))[::200]:
        moved = parameters.copy()
        moved[[2, 7]] = x, y
        assert height == pytest.approx(loss(moved), rel=1e-9)


@pytest.mark.parametrize(("first", "second"), [*itertools.combinations(range(9), 2)])
def test_no_higher_side_stands_between_the_eye_and_the_surface(explorer, first, second):
    """The highest corner of the surface is at least as far away from the eye as the middle."""
    control(explorer, "first").value, control(explorer, "second").value = first, second
    surface = explorer.fig.axes[0]
    corners = np.array(list(itertools.product([-6.0, 6.0], repeat=2)))
    heights = []
    for corner in corners:
        moved = START.copy()
        moved[[first, second]] = corner
        heights.append(loss(moved))
    angle = np.deg2rad(surface.azim)
    towards_the_eye = corners @ [np.cos(angle), np.sin(angle)]
    assert towards_the_eye[np.argmax(heights)] < 3  # of 8.2, the corner right in front


def test_values_stay_when_other_parameters_are_chosen(explorer):
    control(explorer, "value of w₁₁").value = -4
    control(explorer, "first").value = 8
    assert "w₁₁ = −4.0" in explorer.sentence
    control(explorer, "value of b₃").value = 2
    control(explorer, "first").value = 0
    assert control(explorer, "value of w₁₁").value == -4 and "b₃ = 2.0" in explorer.sentence
    press(explorer, "Reset")
    assert control(explorer, "value of w₁₁").value == -1 and "b₃ = 0.0" in explorer.sentence


def test_the_same_parameter_twice_makes_room(explorer):
    control(explorer, "first").value = control(explorer, "second").value
    assert (control(explorer, "first").value, control(explorer, "second").value) == (4, 5)
    control(explorer, "second").value = 4
    assert (control(explorer, "first").value, control(explorer, "second").value) == (5, 4)


def test_two_biases_are_no_flat_direction(explorer):
    control(explorer, "first").value, control(explorer, "second").value = 6, 7
    before = explorer.sentence.split("loss ")[1][:5]
    control(explorer, "value of b₁").value, control(explorer, "value of b₂").value = 1, 1
    assert explorer.sentence.split("loss ")[1][:5] != before
