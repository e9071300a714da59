"""Lesson 7 as shipped, with right answers and with a wrong one: it always runs to its end and says what is true."""

import re

import numpy as np
import pytest

from injection import RIGHT, UPHILL, run, with_answers

CHECKS = [f"check_{name}" for name in RIGHT]


def test_as_shipped_every_exercise_is_not_attempted_and_later_cells_wait():
    shown = run(with_answers({}))
    for check in CHECKS:
        assert "not attempted" in shown[check] and shown[check].rstrip().endswith("0.0")
    for cell in ("bird", "far-bird", "overfit-run", "valley", "digits-train", "sorted", "rates-run"):
        assert shown[cell].startswith("This cell waits for sgd.\n")


def test_right_answers_pass_every_check_and_reach_the_targets():
    shown = run(with_answers(RIGHT))
    for check in CHECKS:
        assert "passed" in shown[check].splitlines()[0] and shown[check].rstrip().endswith("1.0")
    assert [float(share) for share in re.findall(r"training +([\d.]+)%", shown["bird"])] >= [95]
    bird = [float(share) for share in re.findall(r"^\w+ +(0\.\d+)$", shown["bird"], re.M)]
    assert bird == pytest.approx([0.20, 0.74, 0.06], abs=0.01)  # what the text says
    assert float(re.search(r"([\d.]+)\] W", shown["far-bird"])[1]) > 0.99
    table = [[float(one) for one in line.split()] for line in re.findall(r"^ +\d+ .*", shown["overfit-run"], re.M)]
    losses, weights = np.array(table).T[1:]
    assert losses[0] < 0.1 and all(np.diff(losses) < 0) and all(np.diff(weights) > 0)
    assert re.findall(r"^0\.\d+", shown["valley"], re.M) == ["0.0710"] * 2
    assert float(re.search(r"test +([\d.]+)%", shown["digits-train"])[1]) >= 93
    assert float(re.search(r"^0\.\d+", shown["sorted"], re.M)[0]) < 0.13
    slow, steady, wild = (
        [float(x) for x in line.split()[1:]]
        for line in re.findall(r"^ *[\d.]+(?: +[\d.]+){8}$", shown["rates-run"], re.M)
    )
    assert max(steady) < min(slow) and min(wild) < min(steady) and max(wild) > max(slow)


def test_a_step_uphill_is_diagnosed_and_the_lesson_still_runs_to_its_end():
    shown = run(with_answers({**RIGHT, "sgd_step": UPHILL}))
    assert "wrong" in shown["check_sgd_step"].splitlines()[0]
    assert shown["overfit-run"].startswith("This cell waits for sgd.\n")
    assert "steps 0" in shown["player"].lower()
