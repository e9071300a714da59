"""The hand without a browser: what of every picture can be grabbed, and what pulling does to sliders and text."""

import pathlib
import subprocess
import sys

import numpy as np
import pytest

from driving import BUILDERS, areas, built, give, heights, picture, pull
from helpers import figures
from helpers.explorers.explorer import slider, values
from helpers.explorers.hand import put
from helpers.softmax import softmax

ROOT = pathlib.Path(__file__).resolve().parent.parent
NOTHING = {"digits", "training_player"}  # their pictures show what came out, not what was set
boundaries, scores, surface = (built(BUILDERS[name]) for name in ("decision_boundaries", "softmax", "loss_surface"))


def settings(explorer):
    """What the controls say, by their place."""
    return {i: control.value for i, control in enumerate(explorer.controls) if hasattr(control, "value")}


@pytest.mark.parametrize("name", BUILDERS)
def test_every_handle_moves_controls_is_answered_once_and_leaves_what_moving_the_controls_leaves(name):
    explorer, other, sent = BUILDERS[name](), BUILDERS[name](), []
    explorer.picture.observe(sent.append, "value")
    assert (explorer.hand.areas == []) == (name in NOTHING)
    for handle in range(len(explorer.hand.handles) if explorer.hand.areas else 0):
        moved = turned = False
        for which, way in ((0, (0.1, -0.12)), (-1, (-0.2, 0.12))):
            area = [area for area in explorer.hand.areas if area[0] == handle][which]
            before, count, said = settings(explorer), len(sent), explorer.sentence
            pull(explorer, area, way)
            assert len(sent) <= count + 2  # a picture for the move, and one for letting go
            moved, turned = moved or settings(explorer) != before, turned or (sent and explorer.sentence == said)
            other.answer(lambda: [other.controls[i].set_trait("value", v) for i, v in settings(explorer).items()])
            assert explorer.sentence == other.sentence
        assert (turned and not moved) if area[-1] else moved
        if not area[-1]:
            np.testing.assert_array_equal(picture(explorer), picture(other))
    explorer.close()
    other.close()


@pytest.mark.parametrize(("low", "high", "step"), [(-6, 6, 0.1), (0, 5, 0.1), (0, 257, 1), (-6, 6, 0.5)])
def test_a_slider_gets_the_digits_that_the_browsers_slider_would_give_it(low, high, step):
    made = slider("x", low, high, step, low)
    for wanted in np.linspace(low - 1, high + 1, 200):
        put([made], [wanted])
        first = made.value
        put([made], [first])  # what the browser does with what it gets
        assert made.value == first and abs(first - np.clip(wanted, low, high)) <= step / 2 + 1e-9


def test_a_pulled_probability_comes_with_the_hand_and_the_others_keep_their_ratio(scores):
    for start, way in (((2, 1, -1), -0.2), ((6, -6, 5.5), 0.3), ((0, 0, 0), -0.25)):
        give(scores, scores=start, all_scores_times=1, added=5)
        before, (low, high) = softmax(start), scores.probabilities[0][0].axes.get_ylim()
        box = scores.probabilities[0][0].axes.bbox.height / scores.fig.bbox.height
        pull(scores, areas(scores, "Bars")[6], (0, way / 2), (0, way))
        wanted = np.clip(before[0] - way * (high - low) / box, 1e-3, 1 - 1e-3)
        after = np.array(heights(scores.probabilities[0]))
        assert abs(after[0] - wanted) < 0.03
        np.testing.assert_allclose(after[1] / after[2], before[1] / before[2], rtol=0.11)


def test_the_point_in_the_triangle_comes_with_the_hand(scores):
    give(scores, scores=(0, 0, 0), all_scores_times=2, added=0)
    (area,), ax = areas(scores, "Points"), scores.point.axes
    size = ax.bbox.size / scores.fig.bbox.size / [np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())]
    pull(scores, area, (0.06, -0.1))
    expected = figures.triangle_point(np.ones(3) / 3) + [0.06, 0.1] / size
    np.testing.assert_allclose(scores.point.get_xydata(), [expected], atol=0.04)
    give(scores, all_scores_times=0)
    assert scores.hand.areas == []  # all scores count nothing


def test_a_boundary_an_arrow_and_a_penguin_come_with_the_hand(boundaries):
    ax, (width, height) = boundaries.plane.ax, boundaries.fig.bbox.size
    for k, pair in enumerate([(0, 1), (0, 2), (1, 2)]):
        area = areas(boundaries, "Lines")[k]
        x, y = [0.6, 0.4] @ np.reshape(area[3:7], (2, 2))
        pull(boundaries, area, (0.03, -0.02))
        place = ax.transData.inverted().transform([(x + 0.03) * width, (1.02 - y) * height])
        z = np.reshape(values(boundaries.layer[:6]), (3, 2)) @ place + values(boundaries.layer[6:])
        assert abs(z[pair[0]] - z[pair[1]]) < 0.15
    for k in range(3):
        pull(boundaries, areas(boundaries, "Points")[k], (-0.03, -0.08))
        np.testing.assert_allclose(boundaries.arrows[k].xy, 0.45 * values(boundaries.layer[2 * k : 2 * k + 2]))
    for i in (3, 200):
        pull(boundaries, areas(boundaries, "Choice")[i], (0, 0))
        assert boundaries.bird.value == i


def test_a_surface_turns_without_its_labels_and_has_them_when_it_is_let_go(surface):
    (area,), drawn, ax, before = areas(surface, "Turn"), [], surface.landscape.surface, picture(surface)
    ax.xaxis.label.draw, draw = lambda renderer: drawn.append(ax.azim) or draw(renderer), ax.xaxis.label.draw
    pull(surface, area, (0.1, 0), (0.2, 0))
    assert len(set(drawn)) == 1 and drawn[0] == ax.azim != -60
    fast = picture(surface)
    surface.fig.stale = True
    surface.draw()
    np.testing.assert_array_equal(picture(surface), fast)
    pull(surface, area, (-0.2, 0))
    assert abs(picture(surface).astype(int) - before).max() <= 1


def test_without_anywidget_picture_and_sliders_work_as_ever():
    program = (
        "import sys\nsys.modules['anywidget'] = None\nfrom helpers import explorers\nmade = explorers.loss_surface()\n"
        "first = made.picture.value\nmade.z[0].value = 3\nassert made.picture.value != first\n"
        "assert made.hand not in made.widget.children[-2].children\nmade.close()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)
