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

from injection import LESSON, RIGHT, with_answers

ROOT = LESSON.parents[1]
NAMES = list(RIGHT)
FIRST = RIGHT["bias_gradient"]
FREE_POINTS = """
from helpers.exercises import panel
panel.Result.points = 1.0
panel.Result.__init__ = lambda self, *_, **__: self.__dict__.update(exercise="", outcome="passed", reasons=(), hints=())
"""


def filled(answers=RIGHT, **others):
    return with_answers({**answers, **others})


def with_checks_changed():
    """Only the second answer is right; of the check cells one is deleted, one says 1.0, one is tagged, one moved."""
    notebook = filled({"weight_gradient": RIGHT["weight_gradient"]}, bias_gradient=FIRST.replace("- y", "+ y"))
    deleted, overwritten, tagged, moved, retyped = [cell for cell in notebook.cells if cell.id.startswith("check_")]
    overwritten.source = "1.0"
    tagged.metadata.tags = ["skip-execution"]  # nbgrader gives a cell without output all points
    retyped.cell_type = "raw"
    notebook.cells = [moved, *(cell for cell in notebook.cells if cell not in (deleted, moved))]
    return notebook


def without_metadata():
    """As a platform hands it back that keeps neither cell ids nor metadata; with a cell of the student's own."""
    notebook = filled(bias_gradient=f"%matplotlib inline\n{FIRST.replace('softmax(', 'my_softmax(')}")
    notebook.cells.insert(4, nbformat.v4.new_code_cell("from helpers.softmax import softmax as my_softmax"))
    notebook.nbformat_minor = 4
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        del cell["id"]
    return notebook


def all_in_one_cell():
    """All functions in the first answer cell, the other answer cells deleted."""
    notebook = filled({"bias_gradient": "\n".join(RIGHT.values())})
    notebook.cells = [cell for cell in notebook.cells if cell.id not in NAMES[1:]]
    return notebook


# File: its content, points, the diagnosis of one exercise, what a person should look at.
SUBMISSIONS = {
    "Müller, Jörg/07_homework (1).ipynb": (filled(), "11111", ("sgd", "passed"), ""),
    "half right.ipynb": (
        filled({n: RIGHT[n] for n in NAMES[:2]}, batch_gradients=RIGHT["batch_gradients"].replace("mean(", "sum(")),
        "11000", ("batch_gradients", "wrong: .*(sum|mean)"), "",
    ),
    "as shipped.ipynb": (filled({}), "00000", ("bias_gradient", "not attempted"), ""),
    "syntax.ipynb": (
        filled(bias_gradient=FIRST.replace("):", ")")), "01111", ("bias_gradient", "its cell stops with Syntax"), "",
    ),
    "endless cell.ipynb": (
        filled(bias_gradient="while True:\n    pass\n" + FIRST), "01111", ("bias_gradient", "its cell never ends"), "",
    ),
    "a warning.ipynb": (filled(bias_gradient="import warnings\nwarnings.warn('old')\n" + FIRST), "11111", None, ""),
    "checks changed.ipynb": (with_checks_changed(), "01000", ("bias_gradient", "wrong"), ""),
    "free points.ipynb": (
        filled({"bias_gradient": FREE_POINTS + FIRST}), "10000", None, "weight_gradient: passed in the notebook, but",
    ),
    "without metadata.ipynb": (without_metadata(), "11111", ("bias_gradient", "passed"), ""),
    "one cell.ipynb": (all_in_one_cell(), "11111", None, ""),
    "kernel killed.ipynb": (filled(sgd="import os\nos._exit(0)"), "00000", None, "nbgrader could not run it"),
    "no notebook.ipynb": ("[1, 2]", "00000", ("sgd", "not graded"), "not a notebook"),
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
    assert sorted(rows) == sorted(SUBMISSIONS)
    return out, run.stdout, rows


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_points_diagnosis_and_what_to_look_at(graded, name):
    _, printed, rows = graded
    (_, points, diagnosis, look), row = SUBMISSIONS[name], rows[name]
    assert "".join(row[exercise] for exercise in NAMES) == points, row
    assert row["total"] == str(points.count("1"))
    assert any(line.startswith(name) and line.split()[-6:] == [*points, row["total"]] for line in printed.splitlines())
    if diagnosis:
        assert re.match(diagnosis[1], row[f"{diagnosis[0]} diagnosis"])
    assert look in row["look at"] and bool(look) == bool(row["look at"])
    assert f"{name}: {row['look at']}" in printed or not look


def test_feedback_shows_score_and_diagnosis_and_stays_small(graded):
    out, printed, _ = graded
    pages = {path.relative_to(out / "feedback").with_suffix("").as_posix(): path for path in out.rglob("*.html")}
    expected = {name.rpartition(".")[0] for name in SUBMISSIONS} - {"kernel killed", "no notebook"}
    assert set(pages) == expected and all(path.stat().st_size < 2_000_000 for path in pages.values())
    text = pages["half right"].read_text(encoding="utf-8")
    assert "Score: 2.0 / 5.0" in text and "batch_gradients</code>: wrong" in text and "_ask" not in text
    assert "Score: 1.0 / 5.0" in pages["free points"].read_text(encoding="utf-8")
    assert "no notebooks: notes.txt" in printed


def test_a_missing_folder_and_one_without_notebooks_are_named(tmp_path):
    run = make_grade(SUBMISSIONS=tmp_path)
    assert run.returncode and f"There is no notebook (.ipynb) in {tmp_path}" in run.stderr
    run = make_grade()
    assert run.returncode and 'make grade SUBMISSIONS="folder"' in run.stdout + run.stderr


def test_the_homework_goes_into_a_course_of_nbgrader(tmp_path):
    """As README.md says: notebook and helpers/ in source/homework, the lines of nbgrader_config.py; right scores 5."""
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])

    def nbgrader(*arguments):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        subprocess.run(command, cwd=tmp_path, env={**os.environ, "PATH": path}, check=True)

    source, released = tmp_path / "source" / "homework", tmp_path / "release" / "homework"
    shutil.copytree(ROOT / "helpers", source / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(LESSON, source)
    shutil.copy(ROOT / "tests" / "tools" / "nbgrader_config.py", tmp_path)
    nbgrader("generate_assignment", "homework")
    shipped = [cell.source for cell in filled({}).cells]
    assert [cell.source for cell in nbformat.read(released / LESSON.name, as_version=4).cells] == shipped
    shutil.copytree(released, tmp_path / "submitted" / "ada" / "homework")
    nbformat.write(filled(), tmp_path / "submitted" / "ada" / "homework" / LESSON.name)
    nbgrader("autograde", "homework")
    nbgrader("export")
    with open(tmp_path / "grades.csv", newline="") as file:
        assert [(row["student_id"], float(row["score"])) for row in csv.DictReader(file)] == [("ada", 5.0)]
