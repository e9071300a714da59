"""`make grade` on a folder of right, wrong and hostile submissions: each costs its own row and scores as it should."""

import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import nbformat
import pytest

from injection import LESSON as NOTEBOOK
from injection import RIGHT

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = list(RIGHT)
FOREVER = """
while True:
    pass
"""
FOREVER_INSIDE = """
def weight_gradient(W, b, x, y):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
MILLION_LINES = """
for number in range(1_000_000):
    print("line", number)
"""
LINES_INSIDE = """
def bias_gradient(W, b, x, y):
    for number in range(1_000_000):
        print("line", number)
    return softmax(weighted_inputs(x, W, b)) - y
"""
SUM_FOR_MEAN = """
def batch_gradients(W, b, X, Y):
    R = softmax(weighted_inputs(X, W, b)) - Y
    return R.T @ X, R.sum(axis=0)
"""
SIGN = """
def bias_gradient(W, b, x, y):
    return y - softmax(weighted_inputs(x, W, b))
"""
ANOTHER_CHECK = """
class Fake:
    outcome, message, points = "passed", "all is well", 1.0
    check = staticmethod(lambda *functions: Fake())

from helpers.exercises import exercise, lesson_07
exercise.Exercise.check = lambda self, *functions: Fake()
for name in ("bias_gradient", "weight_gradient", "batch_gradients", "sgd_step", "sgd"):
    setattr(lesson_07, name, Fake())
"""
FREE_POINTS = """
from helpers.exercises import panel
panel.Result.points = property(lambda self: 1.0)
panel.Result.outcome = property(lambda self: "passed", lambda self, value: None)
panel.Result.__setattr__ = lambda self, name, value: None
"""
LOUD = """
import logging, sys, warnings
from sys import stderr
logging.basicConfig()

def bias_gradient(W, b, x, y):
    warnings.warn("careful")
    logging.warning("careful")
    print("careful", file=stderr)
    sys.stderr.write("careful")
    return softmax(weighted_inputs(x, W, b)) - y
"""


def homework(answers):
    """The homework as shipped, with these answers in their cells."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def check_cells(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def with_checks_changed():
    """Wrong answers, patched checks; of the check cells one is deleted, one says 1.0, one is tagged, one moved."""
    notebook = homework({"bias_gradient": ANOTHER_CHECK + SIGN, "weight_gradient": RIGHT["weight_gradient"]})
    deleted, overwritten, tagged, moved, retyped = check_cells(notebook)
    overwritten.source = "1.0"
    tagged.metadata.tags = ["skip-execution"]  # nbgrader gives a cell without output all points
    retyped.cell_type = "raw"
    retyped.metadata.nbgrader.points = 100
    notebook.cells = [moved, *(cell for cell in notebook.cells if cell not in (deleted, moved))]
    return notebook


def without_metadata():
    """As a platform hands it back that keeps neither cell ids nor metadata; with a cell of the student's own."""
    answer = RIGHT["bias_gradient"].replace("softmax(weighted_inputs(x, W, b))", "activations(x, W, b)")
    notebook = homework({**RIGHT, "bias_gradient": f"%matplotlib inline{answer}"})
    own = "def activations(x, W, b):\n    return softmax(weighted_inputs(x, W, b))"
    notebook.cells.insert(4, nbformat.v4.new_code_cell(own))
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        del cell["id"]
    return notebook


def all_in_one_cell():
    """All functions in the first answer cell, the other answer cells deleted, and a copy of a check."""
    notebook = homework({"bias_gradient": "\n".join(RIGHT.values())})
    notebook.cells = [cell for cell in notebook.cells if cell.id not in NAMES[1:]]
    notebook.cells.append(check_cells(notebook)[0].copy())
    notebook.cells[-1].id = "a-copy"
    return notebook


SUBMISSIONS = {
    "Müller, Jörg/07_homework (1).ipynb": lambda: homework(RIGHT),
    "Smith, Ann/07_homework.ipynb": lambda: homework({n: RIGHT[n] for n in NAMES[:2]} | {NAMES[2]: SUM_FOR_MEAN}),
    "Smith, Ann (2)/07_homework.ipynb": lambda: homework({}),
    "syntax.ipynb": lambda: homework({**RIGHT, "weight_gradient": "def weight_gradient(W, b, x, y)\n    return x"}),
    "forever.ipynb": lambda: homework({**RIGHT, "bias_gradient": FOREVER + RIGHT["bias_gradient"]}),
    "million lines.ipynb": lambda: homework({**RIGHT, "bias_gradient": RIGHT["bias_gradient"] + MILLION_LINES}),
    "inside.IPYNB": lambda: homework({**RIGHT, "bias_gradient": LINES_INSIDE, "weight_gradient": FOREVER_INSIDE}),
    "checks changed.ipynb": with_checks_changed,
    "free points.ipynb": lambda: homework({"sgd": FREE_POINTS, "bias_gradient": FREE_POINTS + RIGHT["bias_gradient"]}),
    "kernel killed.ipynb": lambda: homework({**RIGHT, "sgd": RIGHT["sgd"] + "\nimport os\nos._exit(0)"}),
    "warnings.ipynb": lambda: homework({**RIGHT, "bias_gradient": LOUD}),
    "without metadata.ipynb": without_metadata,
    "one cell.ipynb": all_in_one_cell,
}
BROKEN = {"broken.ipynb": "{ this is no JSON", "sub/list.ipynb": "[1, 2]", "empty.ipynb": ""}


def make_grade(**variables):
    command = ["make", "--no-print-directory", "grade", *(f"{name}={value}" for name, value in variables.items())]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The folder with the results, what the command printed, and the rows of the CSV by file name."""
    folder, out = tmp_path_factory.mktemp("Übung 1 (copy)"), tmp_path_factory.mktemp("out") / "new 'folder'"
    for name, submission in SUBMISSIONS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(submission()), encoding="utf-8")
    for name, text in BROKEN.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "notes.txt").write_text("I am sick.", encoding="utf-8")
    (folder / "._syntax.ipynb").write_bytes(b"\x00\x05\x16\x07")  # as archives from macOS hold it
    run = make_grade(SUBMISSIONS=folder, OUT=out)
    assert run.returncode == 0, run.stdout + run.stderr
    with open(out / "grades.csv", encoding="utf-8-sig", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    return out, run.stdout, rows


POINTS = {
    "Müller, Jörg/07_homework (1).ipynb": [1, 1, 1, 1, 1],
    "Smith, Ann/07_homework.ipynb": [1, 1, 0, 0, 0],
    "Smith, Ann (2)/07_homework.ipynb": [0, 0, 0, 0, 0],
    "syntax.ipynb": [1, 0, 1, 1, 1],
    "forever.ipynb": [0, 1, 1, 1, 1],
    "million lines.ipynb": [1, 1, 1, 1, 1],
    "inside.IPYNB": [0, 0, 1, 1, 1],
    "checks changed.ipynb": [0, 1, 0, 0, 0],
    "free points.ipynb": [1, 0, 0, 0, 0],
    "kernel killed.ipynb": [1, 1, 1, 1, 1],
    "warnings.ipynb": [1, 1, 1, 1, 1],
    "without metadata.ipynb": [1, 1, 1, 1, 1],
    "one cell.ipynb": [1, 1, 1, 1, 1],
    **{name: [0, 0, 0, 0, 0] for name in BROKEN},
}


def test_every_notebook_has_one_row(graded):
    assert sorted(graded[2]) == sorted(POINTS)


@pytest.mark.parametrize("name", POINTS)
def test_points_and_total(graded, name):
    row = graded[2][name]
    assert [float(row[exercise]) for exercise in NAMES] == POINTS[name], row
    assert float(row["total"]) == sum(POINTS[name])


@pytest.mark.parametrize(
    ("name", "exercise", "words"),
    [
        ("Müller, Jörg/07_homework (1).ipynb", "sgd", "passed"),
        ("Smith, Ann/07_homework.ipynb", "batch_gradients", "wrong: .*(sum|mean)"),
        ("Smith, Ann/07_homework.ipynb", "sgd_step", "not attempted"),
        ("Smith, Ann (2)/07_homework.ipynb", "bias_gradient", "not attempted"),
        ("syntax.ipynb", "weight_gradient", "not defined: its cell stops with SyntaxError"),
        ("forever.ipynb", "bias_gradient", "not defined: its cell never ends"),
        ("inside.IPYNB", "weight_gradient", "wrong: Stopped: it was not done after"),
        ("inside.IPYNB", "bias_gradient", "wrong: Stopped: it prints too much"),
        ("without metadata.ipynb", "bias_gradient", "passed"),
    ],
)
def test_diagnosis(graded, name, exercise, words):
    assert re.match(words, graded[2][name][f"{exercise} diagnosis"])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("checks changed.ipynb", "sgd: passed in the notebook, but not confirmed by new numbers"),
        (
            "free points.ipynb",
            "weight_gradient, batch_gradients, sgd_step: passed in the notebook, but not confirmed by new numbers",
        ),
        ("kernel killed.ipynb", "nbgrader could not run it to the end"),
        ("broken.ipynb", "not a notebook"),
        ("sub/list.ipynb", "not a notebook"),
        ("empty.ipynb", "not a notebook"),
    ],
)
def test_what_a_person_should_look_at_is_named(graded, name, words):
    _, printed, rows = graded
    assert words in rows[name]["look at"]
    assert f"{name}: {rows[name]['look at']}" in printed


def test_ordinary_submissions_need_no_look(graded):
    quiet = [name for name in POINTS if not graded[2][name]["look at"]]
    assert {"Müller, Jörg/07_homework (1).ipynb", "Smith, Ann/07_homework.ipynb", "warnings.ipynb"} <= set(quiet)
    assert {"syntax.ipynb", "forever.ipynb", "million lines.ipynb", "one cell.ipynb"} <= set(quiet)


def test_feedback_shows_score_and_diagnosis_and_stays_small(graded):
    out = graded[0]
    pages = {path.relative_to(out / "feedback").as_posix(): path for path in (out / "feedback").rglob("*.html")}
    graded_by_nbgrader = set(POINTS) - set(BROKEN)
    assert set(pages) == {str(pathlib.PurePosixPath(name).with_suffix(".html")) for name in graded_by_nbgrader}
    assert all(path.stat().st_size < 2_000_000 for path in pages.values())
    text = pages["Smith, Ann/07_homework.html"].read_text(encoding="utf-8")
    assert "Score: 2.0 / 5.0" in text
    assert "batch_gradients</code>: wrong" in text
    assert "Score: 1.0 / 5.0" in pages["free points.html"].read_text(encoding="utf-8")


def test_the_terminal_shows_the_table_and_what_was_not_graded(graded):
    lines = graded[1].splitlines()
    table = {line.split("  ")[0]: line.split()[-6:] for line in lines if line.startswith(tuple(POINTS))}
    for name, points in POINTS.items():
        assert table[name] == [*map(str, points), str(sum(points))]
    assert f"{len(POINTS)} of {len(POINTS)}" in graded[1]
    assert "no notebooks: notes.txt" in graded[1]


def test_a_folder_without_notebooks_is_named(tmp_path):
    run = make_grade(SUBMISSIONS=tmp_path)
    assert run.returncode
    assert f"There is no notebook (.ipynb) in {tmp_path}" in run.stderr


def test_without_a_folder_the_command_says_how_to_call_it():
    run = make_grade()
    assert run.returncode
    assert 'make grade SUBMISSIONS="folder"' in run.stdout + run.stderr


def test_the_homework_goes_into_a_course_of_nbgrader(tmp_path):
    """As README.md says: notebook and helpers/ in source/homework, the lines of nbgrader_config.py; right scores 5."""
    source = tmp_path / "source" / "homework"
    source.mkdir(parents=True)
    shutil.copy(NOTEBOOK, source)
    shutil.copytree(ROOT / "helpers", source / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "tests" / "tools" / "nbgrader_config.py", tmp_path)
    nbgrader(tmp_path, "generate_assignment", "homework")

    released = tmp_path / "release" / "homework"
    assert (released / "helpers" / "exercises" / "lesson_07.py").exists()
    shipped = {cell.id: cell.source for cell in homework({}).cells}
    assert {cell.id: cell.source for cell in nbformat.read(released / NOTEBOOK.name, as_version=4).cells} == shipped

    shutil.copytree(released, tmp_path / "submitted" / "ada" / "homework")
    nbformat.write(homework(RIGHT), tmp_path / "submitted" / "ada" / "homework" / NOTEBOOK.name)
    nbgrader(tmp_path, "autograde", "homework")
    nbgrader(tmp_path, "export")
    with open(tmp_path / "grades.csv", newline="") as file:
        assert [(row["student_id"], float(row["score"])) for row in csv.DictReader(file)] == [("ada", 5.0)]


def nbgrader(course, *arguments):
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env={**os.environ, "PATH": path}, check=True
    )
