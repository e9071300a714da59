"""Lesson 7 as shipped, with right answers and with a wrong one: it always runs to its end and says what is true."""

import re

from injection import RIGHT, UPHILL, run, with_answers

CHECKS = [f"check_{name}" for name in RIGHT]


def test_as_shipped_every_exercise_is_not_attempted_and_later_cells_wait():
    shown = run(with_answers({}))
    for check in CHECKS:
        assert "not attempted" in shown[check] and shown[check].rstrip().endswith("0.0")
    for cell in ("overfit-run", "measure-run", "digits-train", "rates-run"):
        assert shown[cell].strip() == "This cell waits for sgd."


def test_right_answers_pass_every_check_and_reach_the_targets():
    shown = run(with_answers(RIGHT))
    for check in CHECKS:
        assert "passed" in shown[check].splitlines()[0] and shown[check].rstrip().endswith("1.0")
    assert float(re.search(r"loss on twenty birds: ([\d.]+)", shown["overfit-run"])[1]) <= 0.02
    penguins = re.findall(r"(\d+) features, training +([\d.]+)%", shown["measure-run"])
    shares = {int(features): float(share) for features, share in penguins}
    assert shares[2] >= 95 and shares[4] >= 99
    assert float(re.search(r"test +([\d.]+)%", shown["digits-train"])[1]) >= 93


def test_a_step_uphill_is_diagnosed_and_the_lesson_still_runs_to_its_end():
    shown = run(with_answers({**RIGHT, "sgd_step": UPHILL}))
    assert "wrong" in shown["check_sgd_step"].splitlines()[0]
    assert shown["overfit-run"].strip() == "This cell waits for sgd."
    assert "steps 0" in shown["player"].lower()
