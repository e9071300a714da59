"""The lessons as a student meets them: the real JupyterLab, the real notebooks, the keyboard alone."""

import importlib.resources
import inspect
import json
import re

import nbformat
import pytest

from helpers import explorers
from injection import LESSON, RIGHT, with_answers
from labpage import CURSOR, calls, wait_for, write

LESSONS = sorted(LESSON.parent.glob("*.ipynb"))
SETUP = "import sys\nsys.path.insert(0, '..')\nfrom helpers import explorers\n"
BROKEN = "def broken(W, b, X, Y, learning_rate):\n    return W - X, b"
FAINT = """
from IPython.display import HTML

HTML('<p style="color: #999; background: #aaa">faint</p><a href="#top"></a>')
"""
# What JupyterLab and ipywidgets leave out and a notebook cannot add. The sentence below a picture says the same as its
# alt text, which JupyterLab drops; the label beside a slider is not tied to its handle, but the text that the slider
# changes, and that a screen reader speaks, names the quantity.
# The dark theme sets links apart by their colour alone.
NOT_OURS = {
    "image-alt": ".jp-RenderedImage > img",
    "aria-input-field-name": ".noUi-handle",
    "link-in-text-block": "[data-jp-theme-light=false] .jp-RenderedMarkdown a",
}
FIND = """async notOurs => {
    const ours = {include: [".jp-MarkdownOutput", ".jp-OutputArea-output"]};
    const {violations} = await axe.run(ours, {resultTypes: ["violations"]});
    const serious = violations.filter(rule => ["serious", "critical"].includes(rule.impact));
    return serious.flatMap(rule => rule.nodes
        .filter(node => !document.querySelector(node.target.at(-1)).matches(notOurs[rule.id] ?? "never"))
        .map(node => `${rule.id}: ${node.html} ${node.failureSummary}`));
}"""


def hard_to_read(notebook, theme="light"):
    """What axe-core finds in the cells' text and outputs, one sentence each."""
    page = notebook.page
    page.emulate_media(color_scheme=theme)
    wanted = f"body[data-jp-theme-light='{str(theme == 'light').lower()}']"
    page.locator(wanted).wait_for(state="attached", timeout=20_000)
    page.locator("#jupyterlab-splash").wait_for(state="detached", timeout=20_000)  # it covers everything meanwhile
    page.evaluate("document.querySelectorAll('.jp-Notebook details').forEach(answer => answer.open = true)")
    page.add_style_tag(content="body {height: 100vh}")  # it has none, and axe-core takes what is in it as hidden
    axe = importlib.resources.files("axe_playwright_python") / "axe.min.js"
    page.evaluate(axe.read_text(encoding="utf-8"))
    return page.evaluate(FIND, NOT_OURS)


def test_every_explorer_is_in_a_lesson():
    shown = {name for path in LESSONS for name in calls(path)}
    assert shown == {name for name, thing in vars(explorers).items() if inspect.isclass(thing)}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_can_be_read_and_its_explorers_answer_keyboard_and_mouse(open_notebook, path):
    notebook = open_notebook(f"notebooks/{path.name}")
    assert hard_to_read(notebook) == []
    if calls(path):
        notebook.run_all()
        for explorer in notebook.move(path):
            buttons = explorer.get_by_role("button") if path.stem != "07_homework" else explorer.locator("nothing")
            for k in range(buttons.count()):  # by keyboard and by mouse, in turns
                buttons.nth(k).press("Space") if k % 2 else buttons.nth(k).click()
            notebook.page.wait_for_timeout(500)
            assert explorer.locator("[role=alert]").count() == 0
    assert notebook.problems == []


def test_a_question_is_answered_by_keyboard_before_or_after_the_next_cell_runs_or_not_at_all(open_notebook, course):
    asking = SETUP + "from helpers.exercises.asking import answer, ask, recall"
    cells = [asking, 'ask("ratio")', 'answer("ratio")', 'ask("scale")', 'answer("scale")', 'recall("path")']
    notebook = open_notebook(write(course, "asking.ipynb", cells))
    notebook.run_all()  # without an answer
    page, panels = notebook.page, notebook.panel.locator("[data-mime-type='text/html'] [role=status]")
    assert [text.startswith("○ The answer: ") for text in panels.all_inner_texts()] == [True, True]
    ratio, scale, path = (notebook.panel.locator(".ask").nth(i) for i in range(3))
    ratio.get_by_role("button").first.focus()
    page.keyboard.press("Space")  # after the answer was shown
    ratio.get_by_text("Not this time. You said: Twice").wait_for(timeout=20_000)
    notebook.panel.locator(".jp-CodeCell .cm-content", has_text='ask("ratio")').click()
    page.keyboard.press("Shift+Enter")  # once more from the start
    ratio.get_by_text("Choose, then run the next cell").wait_for(timeout=20_000)
    ratio.get_by_role("button").nth(2).focus()
    page.keyboard.press("Enter")
    ratio.get_by_text("Your answer: About 2.7 times.").wait_for(timeout=20_000)
    notebook.panel.locator(".jp-CodeCell .cm-content", has_text='answer("ratio")').click()
    page.keyboard.press("Shift+Enter")
    panels.first.get_by_text("Right: About 2.7 times.").wait_for(timeout=20_000)
    scale.locator("input").fill("0,5")
    page.keyboard.press("Enter")
    scale.get_by_text("Not this time. You said: 0.5. It is more.").wait_for(timeout=20_000)
    for name in ("measurements", "scores", "probabilities", "loss"):
        path.get_by_role("button", name=name).focus()
        page.keyboard.press("Space")
    path.get_by_text("Right: measurements, scores, probabilities, loss.").wait_for(timeout=20_000)
    assert hard_to_read(notebook) == hard_to_read(notebook, "dark") == []
    page.set_viewport_size({"width": 560, "height": 800})  # no option runs out of a narrow window
    wide = "buttons => buttons.filter(b => b.scrollWidth > b.clientWidth + 1).map(b => b.innerText)"
    assert ratio.get_by_role("button").evaluate_all(wide) == []
    assert notebook.errors() == notebook.problems == []


def test_an_answer_is_wrong_then_right_and_drives_the_player_and_the_digits(open_notebook, course):
    wrong = RIGHT["bias_gradient"].replace("return ", "return -1 * ")
    nbformat.write(with_answers({**RIGHT, "bias_gradient": wrong}), course / "notebooks" / "answers.ipynb")
    notebook = open_notebook("notebooks/answers.ipynb")
    notebook.run_all()
    panel = notebook.panel.locator(".jp-OutputArea-output [role=status]", has_text="bias_gradient").first
    assert "bias_gradient: wrong" in panel.inner_text()
    assert hard_to_read(notebook, "dark") == []
    notebook.panel.locator(".jp-CodeCell .cm-content", has_text="def bias_gradient").click()
    notebook.page.keyboard.press("Control+A")
    notebook.page.keyboard.insert_text(RIGHT["bias_gradient"])
    for _ in ("the answer", "its check"):
        notebook.page.keyboard.press("Shift+Enter")
    panel.get_by_text("passed").wait_for(timeout=20_000)

    _, player, digits, _ = notebook.explorers()
    for steps in range(10, 110, 10):
        player.get_by_role("button", name="10 steps", exact=True).click()
        player.get_by_text(f"Steps {steps}:").wait_for(timeout=20_000)
    assert float(re.search(r"Accuracy ([\d.]+) %", notebook.answer(player)[1])[1]) >= 95
    player.get_by_role("button", name="Play", exact=True).focus()
    notebook.page.keyboard.press("Enter")
    player.get_by_text(re.compile(r"Steps 1[1-9]\d:")).wait_for(timeout=30_000)
    player.get_by_role("button", name="Pause", exact=True).click()
    notebook.page.wait_for_timeout(1000)
    stopped = notebook.answer(player)
    notebook.page.wait_for_timeout(1000)
    assert notebook.answer(player) == stopped
    digits.get_by_role("button", name="400 steps", exact=True).click()
    digits.get_by_text("Steps 400.").wait_for(timeout=60_000)
    assert float(re.search(r"([\d.]+) % on the test", notebook.answer(digits)[1])[1]) >= 90
    assert notebook.errors() == notebook.problems == []


def test_an_error_of_the_students_function_is_shown_and_what_is_hard_to_read_is_found(open_notebook, course):
    cells = [SETUP + BROKEN, "explorers.training_player(broken)", FAINT]
    notebook = open_notebook(write(course, "broken.ipynb", cells))
    notebook.run_all()
    (player,) = notebook.explorers()
    player.get_by_role("button", name="Step", exact=True).focus()
    notebook.page.keyboard.press("Enter")
    player.locator("[role=alert]").wait_for(timeout=20_000)
    said = player.locator("[role=alert]").inner_text()
    assert "ValueError: operands could not be broadcast" in said and "in broken, line 5: return W - X, b" in said
    assert {text.split(":")[0] for text in hard_to_read(notebook)} == {"color-contrast", "link-name"}


HELD = """import json
made, moves = explorers.loss_surface(), []
for slider in made.z:
    slider.observe(lambda change: moves.append(abs(change.new - change.old)), "value")
print(json.dumps(made.hand.areas))"""


def test_a_picture_is_pulled_by_mouse_finger_and_keys_and_a_swipe_beside_it_scrolls(open_notebook, course):
    notebook = open_notebook(write(course, "hand.ipynb", [SETUP + HELD, "made", "print(min(moves, default=0) < 0.09)"]))
    notebook.run_all()
    page, (explorer,), panel = notebook.page, notebook.explorers(), notebook.panel.locator(".jp-WindowedPanel-outer")
    page.set_viewport_size({"width": 1280, "height": 700})
    picture, printed = explorer.locator("img.widget-image"), notebook.panel.locator(".jp-OutputArea-output pre")
    *_, left, top, _, _, _ = json.loads(printed.first.inner_text())[0]  # of the point
    session = page.context.new_cdp_session(page)

    def place(right=0, down=0):
        box = picture.bounding_box()
        return box["x"] + box["width"] * left + right, box["y"] + box["height"] * top + down

    def cursor(*where):
        page.mouse.move(*where)
        return page.evaluate(CURSOR, where)

    def swipe(start, right, down):
        for kind, share in (("Start", 0), ("Move", 0.3), ("Move", 0.7), ("Move", 1), ("End", None)):
            points = [] if share is None else [{"x": start[0] + share * right, "y": start[1] + share * down}]
            session.send("Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": points})
            page.wait_for_timeout(50)

    def says(z):
        explorer.get_by_text(f"Scores z = ({z})").wait_for(timeout=20_000)
        shown = explorer.locator(".widget-readout").all_inner_texts()[:2]
        assert [f"{text}0" for text in shown] == z.split(", ")  # the sliders came along

    picture.scroll_into_view_if_needed()
    assert cursor(*place(0, -12)) == "" and cursor(*place(-5, 0)) == "grab"
    page.mouse.down()
    assert cursor(*place(80, 40)) == "grabbing"
    page.mouse.up()
    says("1.10, −0.50")
    let_go = lambda: cursor(*place(80, 40)) == cursor(*place(78, 41)) == "grab"  # noqa: E731
    wait_for(let_go, 20, lambda: "the point cannot be grabbed again")
    scrolled = panel.evaluate("panel => panel.scrollTop")
    swipe(place(70, 30), -55, 55)
    says("−0.90, −2.50")
    assert panel.evaluate("panel => panel.scrollTop") == scrolled
    swipe(place(-60, 100), 0, -60)
    notebook.page.wait_for_timeout(500)
    assert panel.evaluate("panel => panel.scrollTop") != scrolled
    source, said = notebook.answer(explorer)
    explorer.get_by_role("application", name="Turn the surface with the arrow keys").focus()
    page.keyboard.press("ArrowRight")
    wait_for(lambda: notebook.answer(explorer)[0] != source, 20, lambda: "the key turns nothing")
    assert notebook.answer(explorer)[1] == said
    notebook.panel.locator(".jp-CodeCell .cm-content", has_text="print(min").click()
    page.keyboard.press("Shift+Enter")
    printed.get_by_text("False").wait_for(timeout=20_000)  # no slider sent a hundredth of a step back
    assert hard_to_read(notebook) == notebook.errors() == notebook.problems == []
