"""axe-core finds nothing serious in the lessons' texts and outputs in JupyterLab, in the light and the dark theme."""

import importlib.resources
import pathlib

import pytest

from labpage import write

LESSONS = sorted(path.name for path in (pathlib.Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
THEMES = ("light", "dark")
# What JupyterLab and ipywidgets leave out and a notebook cannot add. The sentence below a picture says the same as its
# alt text, which JupyterLab drops; the label beside a slider is not tied to its handle, but the text that the slider
# changes, and that a screen reader speaks, names the quantity.
NOT_OURS = {"image-alt": ".jp-RenderedImage > img", "aria-input-field-name": ".noUi-handle"}
FIND = """async notOurs => {
    const ours = {include: [".jp-MarkdownOutput", ".jp-OutputArea-output"]};
    const {violations} = await axe.run(ours, {resultTypes: ["violations"]});
    const serious = violations.filter(rule => ["serious", "critical"].includes(rule.impact));
    return serious.flatMap(rule => rule.nodes
        .filter(node => !document.querySelector(node.target.at(-1)).matches(notOurs[rule.id] ?? "never"))
        .map(node => `${rule.id}: ${node.html} ${node.failureSummary}`));
}"""
EXPLORERS = """
import sys

sys.path.insert(0, "..")
from helpers import explorers
from helpers.exercises import lesson_07
from helpers.network import weighted_inputs
from helpers.softmax import softmax


def sgd_step(W, b, X, Y, learning_rate):
    return W - learning_rate * X, b


display(explorers.softmax(), explorers.training_player(sgd_step), explorers.digits(sgd_step))
for sign in (1, -1, None):
    display(lesson_07.bias_gradient.check(lambda W, b, x, y: sign and sign * (softmax(weighted_inputs(x, W, b)) - y)))
"""

FAINT = """
from IPython.display import HTML

HTML('<p style="color: #999; background: #aaa">faint</p><a href="#top"></a>')
"""


def complaints(notebook, theme):
    """What axe-core finds in the cells' text and outputs, one sentence each."""
    page = notebook.page
    page.emulate_media(color_scheme=theme)
    page.locator(f"body[data-jp-theme-light='{str(theme == 'light').lower()}']").wait_for(
        state="attached", timeout=20_000
    )
    page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=20_000)  # it covers everything meanwhile
    page.evaluate("document.querySelectorAll('.jp-Notebook details').forEach(answer => answer.open = true)")
    page.add_style_tag(content="body {height: 100vh}")  # it has none, and axe-core takes what is in it as hidden
    axe = importlib.resources.files("axe_playwright_python") / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))
    return page.evaluate(FIND, NOT_OURS)


@pytest.mark.parametrize("name", LESSONS)
def test_lesson(open_notebook, name):
    notebook = open_notebook(f"notebooks/{name}")
    for theme in THEMES:
        assert complaints(notebook, theme) == []


def test_explorers_their_errors_and_the_panels_of_the_homework(open_notebook, course):
    notebook = open_notebook(write(course, "accessibility.ipynb", [EXPLORERS]))
    notebook.run_all()
    assert notebook.errors() == []
    softmax, player, digits = notebook.explorers()
    player.get_by_role("button", name="Step", exact=True).click()
    player.locator("[role=alert]").wait_for(timeout=20_000)
    for theme in THEMES:
        assert complaints(notebook, theme) == []


def test_what_is_hard_to_read_is_found(open_notebook, course):
    notebook = open_notebook(write(course, "faint.ipynb", [FAINT]))
    notebook.run_all()
    for theme in THEMES:
        found = complaints(notebook, theme)
        assert {text.split(":")[0] for text in found} == {"color-contrast", "link-name"}
