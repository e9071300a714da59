"""Lesson 7 as shipped, with a right solution and with wrong ones: it always runs to its end and says what is true."""

import re

import pytest

from injection import RIGHT, UPHILL, run, with_answers

CHECKS = [f"check_{name}" for name in RIGHT]


@pytest.fixture(scope="module")
def solved():
    return run(with_answers(**RIGHT))


def test_unknown_exercise_is_refused():
    with pytest.raises(ValueError, match="no exercise missing"):
        with_answers(missing="")


def test_as_shipped_every_exercise_is_not_attempted_and_later_cells_wait():
    shown = run(with_answers())
    for check in CHECKS:
        assert "not attempted" in shown[check] and shown[check].rstrip().endswith("0.0")
    for cell in ("overfit-run", "measure-run", "digits-train", "rates-run"):
        assert shown[cell].strip() == "This cell waits for sgd."


def test_a_right_solution_passes_every_check(solved):
    for check in CHECKS:
        assert "passed" in solved[check].splitlines()[0] and solved[check].rstrip().endswith("1.0")


def test_a_right_solution_learns_twenty_birds_by_heart(solved):
    assert float(re.search(r"loss on twenty birds: ([\d.]+)", solved["overfit-run"])[1]) <= 0.02


def test_a_right_solution_reaches_the_targets_on_penguins_and_digits(solved):
    penguins = {
        (int(n), part): float(share)
        for n, part, share in re.findall(r"(\d+) features, (training|test) +([\d.]+)%", solved["measure-run"])
    }
    assert penguins[2, "training"] >= 95 and penguins[4, "training"] >= 99
    assert float(re.search(r"test +([\d.]+)%", solved["digits-train"])[1]) >= 93


def test_a_step_uphill_is_diagnosed_and_the_lesson_still_runs_to_its_end():
    shown = run(with_answers(**{**RIGHT, "sgd_step": UPHILL}))
    first = shown["check_sgd_step"].splitlines()
    assert "wrong" in first[0] and re.search("uphill|grow|increas|sign", shown["check_sgd_step"])
    assert shown["overfit-run"].strip() == "This cell waits for sgd."
    assert "steps 0" in shown["player"].lower()


def test_a_syntax_error_in_one_answer_stops_there_and_names_the_line():
    answer = RIGHT["bias_gradient"].replace("):", ")")
    with pytest.raises(Exception, match="SyntaxError"):
        run(with_answers(bias_gradient=answer))
