import importlib
import itertools

import numpy as np
import pytest

from driving import built, control, give, heights
from helpers import explorers, numerical
from helpers.softmax import sigmoid, softmax

lesson = importlib.import_module("helpers.explorers.problem_types")
LOSSES = (lesson.BINARY, lesson.CATEGORICAL, lesson.SQUARED)
TRIPLES = list(itertools.product(lesson.TASKS, ("sigmoid", "softmax"), LOSSES))
explorer = built(explorers.problem_types)


def test_slope_of_every_pair_is_the_measured_slope_and_every_loss_fits_its_axis():
    for task, *pair in TRIPLES:
        y = lesson.TASKS[task][1]
        z = np.array([-3.0, 2.5, 0.5])[: len(y)]
        measured = numerical.gradient(lambda z, y=y, pair=pair: lesson.loss_and_slope(z, y, *pair)[0], z)
        assert numerical.compare(lesson.loss_and_slope(z, y, *pair)[1], measured), (task, pair)
        for corner in ((-6.0, 6, 6), (6.0, -6, -6)):
            assert lesson.descend(np.array(corner[: len(y)]), y, *pair)[1].max() < 48


@pytest.mark.parametrize("triple", TRIPLES[::5], ids=str)
def test_picture_and_text_follow_the_descent(explorer, triple):
    task, activation, loss = triple
    give(explorer, task=task, activation=activation, loss=loss, steps_of_descent=30, scores=lesson.START)
    questions, y = lesson.TASKS[task]
    path, losses = lesson.descend(np.array(lesson.START[: len(y)]), y, activation, loss)
    m, a = len(y), (softmax if activation == "softmax" else sigmoid)(path[30])
    left, _ = explorer.axes
    np.testing.assert_allclose(heights(explorer.answers[0])[:m], a)
    np.testing.assert_allclose(heights(explorer.pushes[0])[:m], path[31] - path[30], atol=1e-12)
    assert left.get_xlim()[1] < m and [tick.get_text() for tick in left.get_xticklabels()] == questions
    np.testing.assert_allclose(explorer.targets.get_xydata().reshape(-1, 3, 2)[:, :2, 1], np.column_stack([y, y]))
    assert [control(explorer, f"start score z{k}").disabled for k in "₁₂₃"] == [k >= m for k in range(3)]
    np.testing.assert_allclose(explorer.curve.get_ydata(), losses)
    assert f"{activation} with {loss}: {lesson.verdict(*triple)} After 30 steps" in explorer.sentence
    assert f"loss {losses[30] + 0:.3f}; after 100 steps the loss is {losses[-1] + 0:.3f}." in explorer.sentence


def test_verdicts_are_what_the_descent_does():
    for task, activation, loss in TRIPLES:
        y, f = lesson.TASKS[task][1], softmax if activation == "softmax" else sigmoid
        path, losses = lesson.descend(np.array(lesson.START[: len(y)]), y, activation, loss)
        words, push, start, end = lesson.verdict(task, activation, loss), path[1] - path[0], f(path[0]), f(path[-1])
        sure_and_wrong, far = np.where(y == 1, -8.0, 0.0), abs(push - (y - start)).max()
        faded = abs(lesson.loss_and_slope(sure_and_wrong, y, activation, loss)[1][y == 1]).max()
        seen = {
            "The right pair": far < 1e-9 and losses[-1] < 0.05,
            "always 1": (path == path[0]).all() and (end == 1).all(),
            "share a sum": abs(end.sum() - 1) < 1e-9 and losses[-1] > 0.2,
            "fades": faded < 1e-2,
            "nothing pushes": (path[:, y == 0] == path[0, y == 0]).all(),
            "with y = 0": y.size == 1 and loss == lesson.CATEGORICAL,
            "need not sum to 1": abs(start.sum() - 1) > 0.1 and losses[-1] < 0.05,
            "no longer y − a": far > 0.1 and losses[-1] < 0.05,
        }
        (said,) = [words_in for words_in in seen if words_in in words]
        assert seen[said], (task, activation, loss)
