import importlib
import itertools
import re

import numpy as np
import pytest

from driving import control, failed, picture
from helpers import explorers, numerical
from helpers.cross_entropy import categorical_crossentropy, sigmoid_crossentropy, softmax_crossentropy
from helpers.softmax import sigmoid, softmax

lesson = importlib.import_module("helpers.explorers.problem_types")
TRIPLES = list(itertools.product(lesson.TASKS, ("sigmoid", "softmax"), ("binary", "categorical", "squared error")))
Z = np.array([-3.0, 2.5, 0.5])


@pytest.fixture
def explorer():
    built = explorers.problem_types()
    yield built
    built.close()


def choose(explorer, task, activation, loss):
    control(explorer, "task").value = task
    control(explorer, "activation").value = activation
    control(explorer, "loss").value = loss


@pytest.mark.parametrize(("task", "activation", "loss"), TRIPLES)
def test_slope_of_every_pair_is_the_measured_slope(task, activation, loss):
    y = lesson.TASKS[task][1]
    value, slope = lesson.loss_and_slope(Z[: len(y)], y, activation, loss)
    measured = numerical.gradient(lambda z: lesson.loss_and_slope(z, y, activation, loss)[0], Z[: len(y)])
    assert numerical.compare(slope, measured)
    assert np.isfinite(value)


def test_losses_of_the_right_pairs_are_those_of_the_course():
    for task, of_scores in (("multi-label", sigmoid_crossentropy), ("single-label", softmax_crossentropy)):
        y = lesson.TASKS[task][1]
        pair = next(right[1:] for right in lesson.RIGHT if right[0] == task)
        assert lesson.loss_and_slope(Z, y, *pair)[0] == pytest.approx(of_scores(Z, y), rel=1e-12)
    y = lesson.TASKS["single-label"][1]
    wrong = lesson.loss_and_slope(Z, y, "sigmoid", "categorical")[0]
    assert wrong == pytest.approx(categorical_crossentropy(sigmoid(Z), y), rel=1e-12)


@pytest.mark.parametrize(("task", "activation", "loss"), TRIPLES)
def test_picture_and_text_follow_the_descent(explorer, task, activation, loss):
    choose(explorer, task, activation, loss)
    control(explorer, "steps of descent").value = 30
    y = lesson.TASKS[task][1]
    path, losses = lesson.descend(np.array(lesson.START[: len(y)]), y, activation, loss)
    a = (softmax if activation == "softmax" else sigmoid)(path[30])
    left, middle, right = explorer.fig.axes
    shown = [bar for bar in left.patches if bar.get_visible()]
    np.testing.assert_allclose([bar.get_height() for bar in shown], a)
    np.testing.assert_allclose([bar.get_height() for bar in middle.patches][: len(y)], path[31] - path[30], atol=1e-12)
    thick = left.lines[-1].get_xydata().reshape(-1, 3, 2)
    np.testing.assert_allclose(thick[:, :2, 1], np.column_stack([y, y]))
    np.testing.assert_allclose(thick[:, :2, 0].mean(axis=1), range(len(y)))
    assert [control(explorer, f"start score z{k}").disabled for k in "₁₂₃"] == [k >= len(y) for k in range(3)]
    np.testing.assert_allclose(right.lines[0].get_ydata(), losses)
    assert losses.max() < right.get_ylim()[1]
    assert [label.get_text() for label in left.get_xticklabels()] == lesson.TASKS[task][0]
    assert lesson.verdict(task, activation, loss) in explorer.sentence
    said = re.search(r"loss ([−\d.]+);", explorer.sentence)[1].replace("−", "-")
    assert float(said) == pytest.approx(losses[30], abs=6e-4)


@pytest.mark.parametrize(("task", "activation", "loss"), TRIPLES)
def test_verdicts_are_what_the_descent_does(task, activation, loss):
    y = lesson.TASKS[task][1]
    path, losses = lesson.descend(np.array(lesson.START[: len(y)]), y, activation, loss)
    a = (softmax if activation == "softmax" else sigmoid)(path[-1])
    words = lesson.verdict(task, activation, loss)
    if words.startswith("The right pair"):
        np.testing.assert_allclose(path[1] - path[0], y - (softmax if activation == "softmax" else sigmoid)(path[0]))
        assert losses[-1] < 0.05
    elif "always 1" in words:
        assert (path == path[0]).all() and a == 1
    elif "share a sum" in words:
        assert a.sum() == pytest.approx(1) and losses[-1] > 0.2
    elif "fades" in words:
        start = np.where(y == 1, -8.0, 0.0)  # sure and wrong
        assert abs(lesson.loss_and_slope(start, y, activation, loss)[1][y == 1]).max() < 1e-2
    elif "nothing pushes" in words:
        assert (path[:, y == 0] == path[0, y == 0]).all()
    elif "with y = 0" in words:
        assert lesson.loss_and_slope(np.array([3.0]), np.array([0.0]), activation, loss)[0] == 0
    elif "need not sum to 1" in words:
        start = sigmoid(path[0])
        assert abs(start.sum() - 1) > 0.1 and losses[-1] < 0.05
    else:
        assert "no longer y − a" in words
        assert abs(path[1] - path[0] - (y - softmax(path[0]))).max() > 0.1 and losses[-1] < 0.05


def test_extreme_scores_with_every_pair_stay_right(explorer):
    for triple in TRIPLES:
        choose(explorer, *triple)
        for value in (-6, 6):
            for k in "₁₂₃":
                control(explorer, f"start score z{k}").value = value
            assert not failed(explorer), explorer.text.value
            assert "undefined" not in explorer.sentence
    assert picture(explorer).shape[1] == 864
