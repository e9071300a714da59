"""The explorers as a student meets them: the real JupyterLab, the real notebooks, the keyboard alone."""

import json
import pathlib
import re

import pytest

from labpage import write

NOTEBOOKS = pathlib.Path(__file__).resolve().parents[2] / "notebooks"
SETUP = "import sys\nsys.path.insert(0, '..')\nfrom helpers import explorers, figures"
STEP = "def sgd_step(W, b, X, Y, learning_rate):\n    return W + learning_rate * Y.T @ X / len(X), b + 0.0"
BROKEN = "def broken(W, b, X, Y, learning_rate):\n    return W - X, b"
WITH_SLIDER = [
    "chain_rule()",
    "cross_entropy()",
    "decision_boundaries()",
    "jacobian()",
    "loss_surface()",
    "loss_surface(gradient=False)",
    "problem_types()",
    "softmax()",
    "two_parameters()",
]


def code(notebook):
    """The code of a notebook's cells."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def lessons():
    """The notebooks that show an explorer with a slider, and how many of them."""
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        calls = re.findall(r"^explorers\.(\w+)\(", "\n".join(code(path)), re.MULTILINE)
        if calls:
            yield pytest.param(path.name, calls, id=path.stem)


@pytest.mark.parametrize("name, calls", list(lessons()))
def test_the_explorers_of_a_lesson_answer_the_keyboard(open_notebook, name, calls):
    notebook = open_notebook(f"notebooks/{name}")
    notebook.run_all()
    found = notebook.explorers()
    assert len(found) == len(calls)
    for explorer in found:
        if explorer.locator(".widget-slider").count():
            notebook.press(explorer, "ArrowRight")
            notebook.press(explorer, "ArrowLeft")
        assert explorer.locator("[role=alert]").count() == 0
    assert notebook.problems == []


def test_every_explorer_answers_arrow_keys_and_both_ends(open_notebook, course):
    notebook = open_notebook(write(course, "every.ipynb", [SETUP, *(f"explorers.{call}" for call in WITH_SLIDER)]))
    notebook.run_all()
    assert notebook.errors() == []
    found = notebook.explorers()
    assert len(found) == len(WITH_SLIDER)
    for explorer in found:
        for key in ("ArrowRight", "End", "Home", "ArrowUp"):
            notebook.press(explorer, key)
        assert explorer.locator("[role=alert]").count() == 0
    assert notebook.problems == []


@pytest.mark.parametrize("call", ["training_player", "digits"])
def test_the_students_function_trains_when_its_button_is_pressed(open_notebook, course, call):
    cells = [SETUP, STEP, BROKEN, f"explorers.{call}(sgd_step)", f"explorers.{call}(broken)"]
    notebook = open_notebook(write(course, f"{call}.ipynb", cells))
    notebook.run_all()
    assert notebook.errors() == []
    good, broken = notebook.explorers()
    before = notebook.answer(good)
    for explorer in (good, broken):
        explorer.get_by_role("button", name="Step", exact=True).focus()
        notebook.page.keyboard.press("Enter")
    good.get_by_text("Steps 1:").wait_for(timeout=20_000)
    assert notebook.answer(good)[0] != before[0]
    broken.locator("[role=alert]").wait_for(timeout=20_000)
    assert "ValueError: operands could not be broadcast" in broken.locator("[role=alert]").inner_text()
    assert "in broken, line 2: return W - X, b" in broken.locator("[role=alert]").inner_text()
    assert notebook.problems == []


def test_the_player_plays_pauses_and_stops_at_an_error(open_notebook, course):
    fails = (
        "def fails(W, b, X, Y, learning_rate):\n    assert abs(W).max() < 1, 'far enough'\n    return W + 0.4, b + 0.0"
    )
    cells = [SETUP, STEP, fails, "explorers.training_player(sgd_step)", "explorers.training_player(fails)"]
    notebook = open_notebook(write(course, "player.ipynb", cells))
    notebook.run_all()
    good, failing = notebook.explorers()
    failing.get_by_role("button", name="Play", exact=True).focus()
    notebook.page.keyboard.press("Enter")
    failing.locator("[role=alert]").wait_for(timeout=20_000)
    assert "AssertionError: far enough" in failing.locator("[role=alert]").inner_text()
    failing.get_by_role("button", name="Play", exact=True).wait_for()
    good.get_by_role("button", name="Play", exact=True).click()
    good.get_by_text(re.compile(r"Steps \d\d,")).wait_for(timeout=30_000)
    good.get_by_role("button", name="Pause", exact=True).click()
    notebook.page.wait_for_timeout(1000)
    stopped = notebook.answer(good)[1]
    notebook.page.wait_for_timeout(1000)
    assert notebook.answer(good)[1] == stopped
    assert notebook.problems == []


def test_running_a_cell_again_closes_its_earlier_explorer(open_notebook, course):
    count = "from ipywidgets.widgets.widget import _instances\nprint('alive', len(_instances))"
    notebook = open_notebook(write(course, "again.ipynb", [SETUP, "explorers.softmax()", count]))
    alive = []
    for _ in range(2):
        notebook.run_all()
        notebook.explorers()
        alive.append(notebook.panel.get_by_text("alive ").last.inner_text())
    assert alive[0] == alive[1]
