import itertools

import numpy as np
import pytest

from driving import built, control, give, press
from helpers import datasets, explorers
from helpers.explorers import landscape

DATA = datasets.penguins()
START = np.array([-1, 1, 1, 1, 1, -1, 0, 0, 0], dtype=float)
explorer = built(explorers.two_parameters)


def loss(pair, values):
    """The definition, penguin by penguin, with two of the parameters replaced."""
    parameters = START.copy()
    parameters[list(pair)] = values
    W, b = np.reshape(parameters[:6], (3, 2)), parameters[6:]
    return np.mean([np.log(np.exp(W @ x + b).sum()) - (W @ x + b)[k] for x, k in zip(DATA.X, DATA.labels, strict=True)])


@pytest.mark.parametrize("pair", [(2, 7), (0, 4), (8, 5)])
def test_point_surface_text_and_boundaries_follow_the_two_sliders(explorer, pair):
    press(explorer, "Reset")
    give(explorer, first=pair[0], second=pair[1])
    explorer.sliders[0].value, explorer.sliders[1].value = 3, -2
    names = ", ".join(landscape.PARAMETERS[k] for k in pair)
    assert f"({names}) = (3.0, −2.0): loss {loss(pair, (3, -2)):.3f}." in explorer.sentence
    on_surface, on_map = explorer.landscape.marks["point"]
    np.testing.assert_allclose(np.ravel(on_surface.get_data_3d()), [3, -2, loss(pair, (3, -2))], rtol=1e-12)
    np.testing.assert_array_equal(on_map.get_xydata(), [[3, -2]])
    shown = np.concatenate([explorer.plane.shading.W.ravel(), explorer.plane.shading.b])
    assert [shown[k] for k in pair] == [3, -2] and (shown != START).sum() <= 2
    for x, y, height in np.reshape(explorer.landscape.drawn[0]._faces, (-1, 3))[::200]:
        assert height == pytest.approx(loss(pair, (x, y)), rel=1e-9)
    # No higher side stands between the eye and the surface: its highest corner is not in front.
    corner = max(itertools.product([-6.0, 6.0], repeat=2), key=lambda corner: loss(pair, corner))
    angle = np.deg2rad(explorer.landscape.surface.azim)
    assert np.dot(corner, [np.cos(angle), np.sin(angle)]) < 3  # of 8.2, the corner right in front


def test_values_stay_when_other_parameters_are_chosen_and_the_same_one_twice_makes_room(explorer):
    press(explorer, "Reset")
    give(explorer, first=0, second=4)
    control(explorer, "value of w₁₁").value = -4
    give(explorer, first=8)
    assert "w₁₁ = −4.0" in explorer.sentence
    give(explorer, first=0)
    assert control(explorer, "value of w₁₁").value == pytest.approx(-4)
    press(explorer, "Reset")
    assert control(explorer, "value of w₁₁").value == pytest.approx(-1)
    give(explorer, first=4)
    assert (explorer.first.value, explorer.second.value) == (4, 5)
    give(explorer, second=4)
    assert (explorer.first.value, explorer.second.value) == (5, 4)
