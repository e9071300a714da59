import itertools

import numpy as np
import pytest

from driving import built, control, give, press
from helpers import datasets, explorers
from helpers.explorers import landscape

DATA = datasets.penguins()
START = np.array([-1, 1, 1, 1, 1, -1, 0, 0, 0], dtype=float)
explorer = built(explorers.two_parameters)


def loss(parameters):
    """The definition, penguin by penguin."""
    W, b = np.reshape(parameters[:6], (3, 2)), parameters[6:]
    return np.mean([np.log(np.exp(W @ x + b).sum()) - (W @ x + b)[k] for x, k in zip(DATA.X, DATA.labels, strict=True)])


def moved(parameters, pair, values):
    """The parameters with two of them replaced."""
    parameters = parameters.copy()
    parameters[list(pair)] = values
    return parameters


@pytest.mark.parametrize("pair", list(itertools.combinations(range(9), 2))[::4])
def test_the_landscape_is_the_loss_with_two_parameters_replaced(pair):
    parameters, side = np.random.default_rng(0).normal(size=9), np.array([-3.0, 0.5, 4.0])
    height = landscape.loss_over(DATA, parameters, *pair, side)
    for row, column in ((0, 2), (1, 0), (2, 1)):
        assert height[row, column] == pytest.approx(loss(moved(parameters, pair, (side[column], side[row]))), rel=1e-12)


@pytest.mark.parametrize("pair", [(2, 7), (0, 4), (8, 5)])
def test_point_surface_text_and_boundaries_follow_the_two_sliders(explorer, pair):
    press(explorer, "Reset")
    give(explorer, first=pair[0], second=pair[1])
    explorer.sliders[0].value, explorer.sliders[1].value = 3, -2
    parameters = moved(START, pair, (3, -2))
    names = ", ".join(landscape.PARAMETERS[k] for k in pair)
    assert f"({names}) = (3.0, −2.0): loss {loss(parameters):.3f}." in explorer.sentence
    on_surface, on_map = explorer.landscape.marks["point"]
    np.testing.assert_allclose(np.ravel(on_surface.get_data_3d()), [3, -2, loss(parameters)], rtol=1e-12)
    np.testing.assert_array_equal(on_map.get_xydata(), [[3, -2]])
    shading = explorer.plane.shading
    np.testing.assert_array_equal([*shading.W.ravel(), *shading.b], parameters)
    for x, y, height in np.reshape(explorer.landscape.drawn[0]._faces, (-1, 3))[::200]:
        assert height == pytest.approx(loss(moved(START, pair, (x, y))), rel=1e-9)


@pytest.mark.parametrize("pair", [(0, 4), (3, 6), (1, 8)])
def test_no_higher_side_stands_between_the_eye_and_the_surface(explorer, pair):
    """The highest corner of the surface is at least as far away from the eye as the middle."""
    press(explorer, "Reset")
    give(explorer, first=pair[0], second=pair[1])
    corners = np.array(list(itertools.product([-6.0, 6.0], repeat=2)))
    highest = np.argmax([loss(moved(START, pair, corner)) for corner in corners])
    angle = np.deg2rad(explorer.landscape.surface.azim)
    assert corners[highest] @ [np.cos(angle), np.sin(angle)] < 3  # of 8.2, the corner right in front


def test_values_stay_when_other_parameters_are_chosen(explorer):
    press(explorer, "Reset")
    give(explorer, first=0, second=4)
    control(explorer, "value of w₁₁").value = -4
    give(explorer, first=8)
    assert "w₁₁ = −4.0" in explorer.sentence
    control(explorer, "value of b₃").value = 2
    give(explorer, first=0)
    assert control(explorer, "value of w₁₁").value == -4 and "b₃ = 2.0" in explorer.sentence
    press(explorer, "Reset")
    assert control(explorer, "value of w₁₁").value == -1 and "b₃ = 0.0" in explorer.sentence


def test_the_same_parameter_twice_makes_room(explorer):
    give(explorer, first=0, second=4)
    give(explorer, first=4)
    assert [menu.value for menu in explorer.menus] == [4, 5]
    give(explorer, second=4)
    assert [menu.value for menu in explorer.menus] == [5, 4]
