import importlib
import itertools

import numpy as np
import pytest

from driving import built, control, give, heights
from helpers import explorers, numerical
from helpers.cross_entropy import binary_crossentropy, softmax_crossentropy
from helpers.softmax import sigmoid, softmax

lesson = importlib.import_module("helpers.explorers.problem_types")
LOSSES = (lesson.BINARY, lesson.CATEGORICAL, lesson.SQUARED)
TRIPLES = list(itertools.product(lesson.TASKS, ("sigmoid", "softmax"), LOSSES))
triples = pytest.mark.parametrize("triple", TRIPLES, ids=str)
Z = np.array([-3.0, 2.5, 0.5])
explorer = built(explorers.problem_types)


def descent(task, *pair):
    """Targets, path and losses from where the explorer begins."""
    y = lesson.TASKS[task][1]
    return y, *lesson.descend(np.array(lesson.START[: len(y)]), y, *pair)


@triples
def test_slope_of_every_pair_is_the_measured_slope(triple):
    y = lesson.TASKS[triple[0]][1]
    value, slope = lesson.loss_and_slope(Z[: len(y)], y, *triple[1:])
    assert np.isfinite(value)
    assert numerical.compare(
        slope, numerical.gradient(lambda z: lesson.loss_and_slope(z, y, *triple[1:])[0], Z[: len(y)])
    )


def test_losses_of_the_right_pairs_are_those_of_the_course():
    for task, *pair in lesson.RIGHT:
        y = lesson.TASKS[task][1]
        z = Z[: len(y)]
        course = softmax_crossentropy(z, y) if pair[0] == "softmax" else binary_crossentropy(sigmoid(z), y)
        assert lesson.loss_and_slope(z, y, *pair)[0] == pytest.approx(course, rel=1e-12)


@triples
def test_picture_and_text_follow_the_descent(explorer, triple):
    task, activation, loss = triple
    give(explorer, task=task, activation=activation, loss=loss, steps_of_descent=30, scores=lesson.START)
    y, path, losses = descent(*triple)
    m, a = len(y), (softmax if activation == "softmax" else sigmoid)(path[30])
    left, _, right = explorer.axes
    np.testing.assert_allclose(heights(explorer.answers[0])[:m], a)
    np.testing.assert_allclose(heights(explorer.pushes[0])[:m], path[31] - path[30], atol=1e-12)
    assert left.get_xlim()[1] < m and [tick.get_text() for tick in left.get_xticklabels()] == lesson.TASKS[task][0]
    thick = explorer.targets.get_xydata().reshape(-1, 3, 2)
    np.testing.assert_allclose(thick[:, :2, 1], np.column_stack([y, y]))
    assert [control(explorer, f"start score z{k}").disabled for k in "₁₂₃"] == [k >= m for k in range(3)]
    np.testing.assert_allclose(explorer.curve.get_ydata(), losses)
    assert losses.max() < right.get_ylim()[1]
    assert f"{activation} with {loss}: {lesson.verdict(*triple)} After 30 steps" in explorer.sentence
    assert f"loss {losses[30] + 0:.3f}; after 100 steps the loss is {losses[-1] + 0:.3f}." in explorer.sentence


def test_every_loss_fits_its_axis(explorer):
    for triple, corner in itertools.product(TRIPLES, itertools.product((-6, 6), repeat=3)):
        y = lesson.TASKS[triple[0]][1]
        assert lesson.descend(np.array(corner[: len(y)], float), y, *triple[1:])[1].max() < 48
    give(explorer, task="multi-label", activation="softmax", loss=lesson.BINARY, scores=(6, -6, -6))


@triples
def test_verdicts_are_what_the_descent_does(triple):
    activation, (y, path, losses) = triple[1], descent(*triple)
    start, end = ((softmax if activation == "softmax" else sigmoid)(path[t]) for t in (0, -1))
    words = lesson.verdict(*triple)
    if words.startswith("The right pair"):
        np.testing.assert_allclose(path[1] - path[0], y - start)
        assert losses[-1] < 0.05
    elif "always 1" in words:
        assert (path == path[0]).all() and end == 1
    elif "share a sum" in words:
        assert end.sum() == pytest.approx(1) and losses[-1] > 0.2
    elif "fades" in words:
        sure_and_wrong = np.where(y == 1, -8.0, 0.0)
        assert abs(lesson.loss_and_slope(sure_and_wrong, y, *triple[1:])[1][y == 1]).max() < 1e-2
    elif "nothing pushes" in words:
        assert (path[:, y == 0] == path[0, y == 0]).all()
    elif "with y = 0" in words:
        assert lesson.loss_and_slope(np.array([3.0]), np.array([0.0]), *triple[1:])[0] == 0
    elif "need not sum to 1" in words:
        assert abs(start.sum() - 1) > 0.1 and losses[-1] < 0.05
    else:
        assert "no longer y − a" in words
        assert abs(path[1] - path[0] - (y - start)).max() > 0.1 and losses[-1] < 0.05
