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
FIRST, WEIGHT = RIGHT["bias_gradient"], RIGHT["weight_gradient"]
FOREVER = "while True:\n    pass\n"
MILLION_LINES = 'for number in range(1_000_000):\n    print("line", number)\n'
FOREVER_INSIDE = """
def weight_gradient(W, b, x, y):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
"""
LINES_INSIDE = FIRST.replace("    return", '    for k in range(1_000_000):\n        print("line", k)\n    return')
SUM_FOR_MEAN = RIGHT["batch_gradients"].replace(" / len(X)", "").replace("mean(", "sum(")
SIGN = FIRST.replace("softmax", "y - softmax").replace(" - y", "")
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
""" + FIRST.split("\n")[2]


def homework(answers=RIGHT, **others):
    """The homework as shipped, with these answers in their cells."""
    answers, notebook = {**answers, **others}, nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def check_cells(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def with_checks_changed():
    """Wrong answers, patched checks; of the check cells one is deleted, one says 1.0, one is tagged, one moved."""
    notebook = homework({"bias_gradient": ANOTHER_CHECK + SIGN, "weight_gradient": WEIGHT})
    deleted, overwritten, tagged, moved, retyped = check_cells(notebook)
    overwritten.source = "1.0"
    tagged.metadata.tags = ["skip-execution"]  # nbgrader gives a cell without output all points
    retyped.cell_type = "raw"
    retyped.metadata.nbgrader.points = 100
    notebook.cells = [moved, *(cell for cell in notebook.cells if cell not in (deleted, moved))]
    return notebook


def without_metadata():
    """As a platform hands it back that keeps neither cell ids nor metadata; with a cell of the student's own."""
    answer = FIRST.replace("softmax(weighted_inputs(x, W, b))", "activations(x, W, b)")
    notebook = homework(bias_gradient=f"%matplotlib inline{answer}")
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


UNCONFIRMED = "passed in the notebook, but not confirmed by new numbers"
# File: its content, points, diagnoses of some exercises, what a person should look at ("" is nothing, None anything).
SUBMISSIONS = {
    "Müller, Jörg/07_homework (1).ipynb": (homework(), "11111", {"sgd": "passed"}, ""),
    "Smith, Ann/07_homework.ipynb": (
        homework({n: RIGHT[n] for n in NAMES[:2]}, batch_gradients=SUM_FOR_MEAN), "11000",
        {"batch_gradients": "wrong: .*(sum|mean)", "sgd_step": "not attempted"}, "",
    ),
    "Smith, Ann (2)/07_homework.ipynb": (homework({}), "00000", {"bias_gradient": "not attempted"}, ""),
    "syntax.ipynb": (
        homework(weight_gradient=WEIGHT.replace("):", ")")), "10111",
        {"weight_gradient": "not defined: its cell stops with SyntaxError"}, "",
    ),
    "forever.ipynb": (
        homework(bias_gradient=FOREVER + FIRST), "01111",
        {"bias_gradient": "not defined: its cell never ends"}, "",
    ),
    "million lines.ipynb": (homework(bias_gradient=FIRST + MILLION_LINES), "11111", {}, ""),
    "inside.IPYNB": (
        homework(bias_gradient=LINES_INSIDE, weight_gradient=FOREVER_INSIDE), "00111",
        {"weight_gradient": "wrong: .*(never end|seconds)", "bias_gradient": "wrong: .*print"}, None,
    ),
    "checks changed.ipynb": (with_checks_changed(), "01000", {}, None),
    "free points.ipynb": (
        homework({"sgd": FREE_POINTS, "bias_gradient": FREE_POINTS + FIRST}), "10000", {},
        f"weight_gradient, batch_gradients, sgd_step: {UNCONFIRMED}",
    ),
    "kernel killed.ipynb": (
        homework(sgd=RIGHT["sgd"] + "\nimport os\nos._exit(0)"), "11111", {}, "nbgrader could not run it to the end",
    ),
    "warnings.ipynb": (homework(bias_gradient=LOUD), "11111", {}, ""),
    "without metadata.ipynb": (without_metadata(), "11111", {"bias_gradient": "passed"}, None),
    "one cell.ipynb": (all_in_one_cell(), "11111", {}, ""),
    "broken.ipynb": ("{ this is no JSON", "00000", {}, "not a notebook"),
    "sub/list.ipynb": ("[1, 2]", "00000", {}, "not a notebook"),
    "empty.ipynb": ("", "00000", {}, "not a notebook"),
}  # fmt: skip


def make_grade(**variables):
    command = ["make", "--no-print-directory", "grade", *(f"{name}={value}" for name, value in variables.items())]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The folder with the results, what the command printed, and the rows of the CSV by file name."""
    folder, out = tmp_path_factory.mktemp("Übung 1 (copy)"), tmp_path_factory.mktemp("out") / "new 'folder'"
    for name, (content, *_) in SUBMISSIONS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "notes.txt").write_text("I am sick.", encoding="utf-8")
    (folder / "._syntax.ipynb").write_bytes(b"\x00\x05\x16\x07")  # as archives from macOS hold it
    run = make_grade(SUBMISSIONS=folder, OUT=out)
    assert run.returncode == 0, run.stdout + run.stderr
    with open(out / "grades.csv", encoding="utf-8-sig", newline="") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    return out, run.stdout, rows


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_points_diagnoses_and_what_to_look_at(graded, name):
    _, out, rows = graded
    (_, points, diagnoses, look), row = SUBMISSIONS[name], rows[name]
    assert "".join(row[exercise] for exercise in NAMES) == points, row
    assert row["total"] == str(points.count("1"))
    assert any(line.startswith(name) and line.split()[-6:] == [*points, row["total"]] for line in out.splitlines())
    for exercise, words in diagnoses.items():
        assert re.match(words, row[f"{exercise} diagnosis"])
    if look is not None:
        assert look in row["look at"] and bool(look) == bool(row["look at"])
        assert not look or f"{name}: {row['look at']}" in out


def test_every_notebook_has_one_row_and_other_files_are_named(graded):
    _, printed, rows = graded
    assert sorted(rows) == sorted(SUBMISSIONS)
    assert f"sgd: {UNCONFIRMED}" in rows["checks changed.ipynb"]["look at"]
    assert f"{len(rows)} of {len(rows)}" in printed
    assert "no notebooks: notes.txt" in printed


def test_feedback_shows_score_and_diagnosis_and_stays_small(graded):
    feedback = graded[0] / "feedback"
    pages = {path.relative_to(feedback).with_suffix("").as_posix(): path for path in feedback.rglob("*.html")}
    assert set(pages) == {
        name[: -len(".ipynb")] for name, (text, *_) in SUBMISSIONS.items() if not isinstance(text, str)
    }
    assert all(path.stat().st_size < 2_000_000 for path in pages.values())
    text = pages["Smith, Ann/07_homework"].read_text(encoding="utf-8")
    assert "Score: 2.0 / 5.0" in text
    assert "batch_gradients</code>: wrong" in text
    assert "Score: 1.0 / 5.0" in pages["free points"].read_text(encoding="utf-8")


def test_a_missing_folder_and_one_without_notebooks_are_named(tmp_path):
    run = make_grade(SUBMISSIONS=tmp_path)
    assert run.returncode and f"There is no notebook (.ipynb) in {tmp_path}" in run.stderr
    run = make_grade()
    assert run.returncode and 'make grade SUBMISSIONS="folder"' in run.stdout + run.stderr


def test_the_homework_goes_into_a_course_of_nbgrader(tmp_path):
    """As README.md says: notebook and helpers/ in source/homework, the lines of nbgrader_config.py; right scores 5."""
    source = tmp_path / "source" / "homework"
    shutil.copytree(ROOT / "helpers", source / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(NOTEBOOK, source)
    shutil.copy(ROOT / "tests" / "tools" / "nbgrader_config.py", tmp_path)
    nbgrader(tmp_path, "generate_assignment", "homework")

    released = tmp_path / "release" / "homework"
    assert (released / "helpers" / "exercises" / "lesson_07.py").exists()
    shipped = {cell.id: cell.source for cell in homework({}).cells}
    assert {cell.id: cell.source for cell in nbformat.read(released / NOTEBOOK.name, as_version=4).cells} == shipped

    shutil.copytree(released, tmp_path / "submitted" / "ada" / "homework")
    nbformat.write(homework(), tmp_path / "submitted" / "ada" / "homework" / NOTEBOOK.name)
    nbgrader(tmp_path, "autograde", "homework")
    nbgrader(tmp_path, "export")
    with open(tmp_path / "grades.csv", newline="") as file:
        assert [(row["student_id"], float(row["score"])) for row in csv.DictReader(file)] == [("ada", 5.0)]


def nbgrader(course, *arguments):
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, env={**os.environ, "PATH": path}, check=True
    )
