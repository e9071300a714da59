"""Lesson 7 in the real JupyterLab, filled in by a student: right, and wrong in three ways."""

import re

import nbformat
import pytest

from injection import RIGHT, UPHILL, with_answers

WRONG = {
    "bias_gradient": ("def bias_gradient(W, b, x, y):\n    return y - softmax(weighted_inputs(x, W, b))", "sign|minus"),
    "weight_gradient": (RIGHT["weight_gradient"].replace("- y, x)", "- y, x).T"), "transpos"),
    "sgd_step": (UPHILL, "uphill|grow|increas|sign"),
}


def open_with(open_notebook, course, name, answers):
    nbformat.write(with_answers(**answers), course / "notebooks" / name)
    notebook = open_notebook(f"notebooks/{name}")
    notebook.run_all()
    assert notebook.errors() == []
    return notebook


def panel(notebook, exercise):
    """The text of the panel of one exercise's check."""
    return notebook.panel.locator(".jp-OutputArea-output [role=status]", has_text=exercise).first.inner_text()


def test_a_right_solution_passes_and_drives_the_player_and_the_digits(open_notebook, course):
    notebook = open_with(open_notebook, course, "right.ipynb", RIGHT)
    for exercise in RIGHT:
        assert "passed" in panel(notebook, exercise)
    player, digits = notebook.explorers()
    for steps in range(10, 110, 10):
        player.get_by_role("button", name="10 steps", exact=True).click()
        player.get_by_text(f"Steps {steps}:").wait_for(timeout=20_000)
    share = float(re.search(r"Accuracy ([\d.]+) %", notebook.answer(player)[1])[1])
    assert share >= 95
    for steps in (400, 800, 1200):
        digits.get_by_role("button", name="400 steps", exact=True).click()
        digits.get_by_text(f"Steps {steps}.").wait_for(timeout=60_000)
    assert float(re.search(r"([\d.]+) % on the test", notebook.answer(digits)[1])[1]) >= 93
    assert notebook.problems == []


@pytest.mark.parametrize("exercise", WRONG)
def test_a_wrong_answer_is_named_in_its_panel_and_the_rest_still_runs(open_notebook, course, exercise):
    source, words = WRONG[exercise]
    notebook = open_with(open_notebook, course, f"wrong_{exercise}.ipynb", {**RIGHT, exercise: source})
    text = panel(notebook, exercise)
    assert "wrong" in text and re.search(words, text)
    assert len(notebook.explorers()) == 2
    assert notebook.problems == []
