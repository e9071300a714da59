"""The site as a reader meets it, in a browser that reaches nothing but the site's own files.

Compared are texts. What cannot hold is a picture's bytes: the browser's matplotlib is not the one that drew the stored
pictures, and its pixels differ. That a picture is there is compared, and that it answers.
"""

import csv
import importlib.resources
import shutil
import subprocess
import sys

import nbformat
import pytest

import store_outputs
from conftest import as_lines
from injection import LESSON, RIGHT
from labpage import system_chromium, wait_for
from sitepage import ROOT, Lesson, served

LESSONS = sorted(LESSON.parent.glob("*.ipynb"))
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
ROWS = "def softmax_rows(Z):\n    e = np.exp({})\n    return e / e.sum(axis=1, keepdims=True)"
ENDLESS = """def bias_gradient(W, b, x, y):
    while True:
        try:
            W = W + 1
        except BaseException:
            pass"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A copy of the site, which a test may change."""
    return shutil.copytree(ROOT / "_site", tmp_path_factory.mktemp("site") / "site")


@pytest.fixture(scope="module")
def address(site):
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def chromium():
    with system_chromium(ALONE) as browser:
        yield browser


@pytest.fixture
def page(chromium, address):
    """A page of a new reader; at the end nothing was asked of any other machine."""
    context, asked = chromium.new_context(viewport={"width": 1280, "height": 1000}), []
    context.on("request", lambda request: asked.append(request.url))
    yield context.new_page()
    context.close()
    assert [url for url in asked if not url.startswith((address, "data:", "blob:"))] == []


def shown(cells):
    """What the code cells show, by their ids, as text."""
    code = {name: cell for name, cell in cells.items() if cell.cell_type == "code"}
    return {name: list(as_lines(store_outputs.outputs(cell.outputs))) for name, cell in code.items()}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_shows_what_is_stored_and_its_explorers_answer(page, address, path):
    lesson = Lesson(page, address, f"notebooks/{path.name}")
    lesson.run_all()
    stored = shown({cell.id: cell for cell in nbformat.read(path, as_version=4).cells})
    found = shown(lesson.cells())
    assert {name: found.get(name) for name in stored if found.get(name) != stored[name]} == {}
    lesson.move(path)
    assert lesson.problems == []


def test_a_prediction_and_an_answer_get_their_verdicts_and_survive_reload_and_release(page, address, site):
    lesson = Lesson(page, address, "notebooks/01_softmax.ipynb")
    lesson.run_all()
    question = lesson.panel.locator(".ask", has=page.get_by_role("button", name="Twice")).last
    question.get_by_role("button", name="About 2.7 times").press("Space")
    question.get_by_text("Right: About 2.7 times.").wait_for(timeout=20_000)
    panel = lesson.panel.locator(".jp-OutputArea-output [role=status]", has_text="softmax_rows").first
    lesson.put("def softmax_rows", ROWS.format("Z"))
    panel.get_by_text("softmax_rows: wrong").wait_for(timeout=20_000)
    lesson.put("def softmax_rows", ROWS.format("Z - Z.max(axis=1, keepdims=True)"))
    panel.get_by_text("softmax_rows: passed").wait_for(timeout=20_000)
    page.keyboard.press("Control+S")
    wait_for(lambda: not page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty"), 20, lambda: "not saved")

    released = site / "files" / "notebooks" / "01_softmax.ipynb"
    released.write_text(released.read_text().replace("from scores to probabilities", "a new release"))
    page.reload()
    lesson.ready()
    assert "keepdims=True)" in lesson.cells()["softmax_rows"].source
    assert "a new release" not in lesson.cells()["title"].source


def test_homework_is_stopped_then_right_then_downloaded_and_graded(page, address, tmp_path):
    lesson = Lesson(page, address, "notebooks/07_homework.ipynb")
    lesson.run_all()
    lesson.put("def bias_gradient", ENDLESS)
    panel = lesson.panel.locator(".jp-OutputArea-output [role=status]", has_text="bias_gradient").first
    panel.get_by_text("not done after 5 seconds").wait_for(timeout=60_000)
    for name, source in RIGHT.items():
        lesson.put(f"def {name}(", source)
        lesson.panel.get_by_text(f"{name}: passed").wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="File", exact=True).click()
        page.get_by_role("menuitem", name="Download", exact=True).click()
    download.value.save_as(tmp_path / "student.ipynb")
    command = [sys.executable, "tests/tools/grade.py", tmp_path, "--out", tmp_path / "out"]
    subprocess.run(command, cwd=ROOT, check=True)
    with open(tmp_path / "out" / "grades.csv", newline="") as table:
        assert "5" in next(csv.DictReader(table))["total"]


def test_the_front_page_leads_to_every_lesson_and_can_be_read_by_all(page, address, site):
    axe = (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    for theme, width in (("light", 1280), ("dark", 1280), ("light", 360), ("dark", 360)):
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(address)
        page.evaluate(axe)
        assert page.evaluate("axe.run().then(found => found.violations.map(rule => rule.id))") == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    paths = page.locator("a[href*='.ipynb']").evaluate_all(
        "all => all.map(a => new URL(a.href).searchParams.get('path'))"
    )
    assert {path.split("/")[1] for path in paths} == {path.name for path in LESSONS}
    assert all((site / "files" / path).exists() for path in paths) and len(set(paths)) == 2 * len(LESSONS)


def test_a_file_that_is_not_the_promised_one_does_not_enter_the_site(tmp_path):
    (tmp_path / "numpy.whl").write_bytes(b"something else")
    program = f"import build; build.fetched({(tmp_path / 'numpy.whl').as_uri()!r}, '0' * 64)"
    command = [ROOT / ".venv" / "site" / "bin" / "python", "-c", program]
    run = subprocess.run(command, cwd=ROOT / "binder" / "site", capture_output=True, text=True, check=False)
    assert run.returncode and "is not the file that was promised" in run.stderr


def test_no_answer_of_the_homework_is_in_the_site(site):
    assert not list(site.rglob("answers*")) and not list(site.rglob("injection*"))
