"""Answers to what the lessons ask without a check, run in the lessons' own cells: the rest of the assistants' key."""

import contextlib
import inspect
import io
import re

import nbformat
import numpy as np
import pytest

import book
import prose
from injection import RIGHT


def accurate(z, label):
    top = np.argmax(z)
    e = np.exp(z - z[top])
    others = np.delete(e, top).sum()
    gradient = e / (1 + others)
    gradient[label] = -np.delete(e, label).sum() / (1 + others)
    return np.log1p(others) + (z[top] - z[label]), gradient


STEP = "def sgd_step(W, b, X, Y, learning_rate):\n    raise NotImplementedError"
IMPORTS = "from helpers.network import weighted_inputs\nfrom helpers.softmax import sigmoid, softmax\n\n"
SOFTMAX = IMPORTS + RIGHT["batch_gradients"] + RIGHT["sgd_step"]
SIGMOID = IMPORTS + SOFTMAX.removeprefix(IMPORTS).replace("softmax", "sigmoid")
TRAINED = "setup targets nearer-mean all-three-run {0} train ask-{0} with-{1}"
JUDGE = "setup scene-run log1p-run exact"
FROM_SCORE = "np.maximum(s, 0) + np.log1p(np.exp(-abs(s)))"
ACCURATE = inspect.getsource(accurate) + "\n\ndef count"


@pytest.mark.parametrize(
    ("lesson", "cells", "stub", "answer", "printed"),
    [
        (0, "setup load exercise-1", "[44.0, 17.3]", "[43.2, 16.4]", r"\[5 5 5\]"),
        (1, "setup check-hand exercise-1", "[0.0, 0.0, 0.0]", "np.log(wanted) + 7", r"\[0.7 0.2 0.1\] wanted"),
        (3, "setup birds play", "[1, 1, 1]", "np.bincount(labels)", r"you pay 1\.515"),
        (5, "setup scores exercise-1", "np.zeros(3)", "a - y_doubt", "agree: all 3"),
        (8, TRAINED.format("unchanged", "softmax"), STEP, SOFTMAX, r"softmax .* 41%\n"),
        (8, TRAINED.format("one-word", "sigmoid"), STEP, SIGMOID, r"sigmoid .* 82%\n"),
        (9, f"{JUDGE} exercise-1", "np.log(1 + np.exp(s))", FROM_SCORE, r"(4\.248e-18 2\.127 800\.0)\n\1  wanted"),
        (9, f"{JUDGE} digits-of check_accurate", "def count", ACCURATE, r"(.* 1[3-6] digits.* 1[3-6] of .*\n){14}\Z"),
    ],
)
def test_the_answer_works_in_the_cell_that_asks(lesson, cells, stub, answer, printed):
    path = book.lessons()[lesson]
    sources = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    code = "\n".join(sources[name] for name in cells.split())
    assert code.count(stub) == 1
    with prose.aside(path.parent), contextlib.redirect_stdout(io.StringIO()) as shown:
        exec(code.replace(stub, answer), {})
    assert re.search(printed, shown.getvalue()), shown.getvalue()
