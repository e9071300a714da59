"""`make grade` on a folder of right, wrong and hostile submissions: each costs its own row and scores as it should."""

import csv
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import tomllib

import nbformat
import psutil
import pytest

from grade_one import SHUT_IN
from grade_worker import decode
from injection import LESSON, RIGHT, with_answers

ROOT = LESSON.parents[1]
NAMES = list(RIGHT)
HERE = pathlib.Path(__file__).parent
STUDENTS, ATTACKS = (tomllib.loads((HERE / f"{one}.toml").read_text("utf-8")) for one in ("submissions", "attacks"))


def filled(answers=RIGHT, **others):
    return with_answers({**answers, **others})


def attacking(code, **names):
    """The notebook of an attack; the names get their values first."""
    lines = ["import os, sys", "answer = lambda b: 0 * b", *(f"{n} = {v!r}" for n, v in names.items()), code]
    return filled({"bias_gradient": "\n".join([*lines, "def bias_gradient(W, b, x, y):\n    return answer(b)"])})


def renamed():
    """A copy with other names for variables and other comments."""
    return filled({k: re.sub(r"\b(R|dW|db|order|k|batch)\b", r"my_\1", f"# mine\n{v}") for k, v in RIGHT.items()})


def with_checks_changed():
    """Only the second answer is right; of the check cells one is deleted, one says 1.0, one is moved."""
    notebook = filled({"weight_gradient": RIGHT["weight_gradient"]})
    deleted, overwritten, moved, *_ = [cell for cell in notebook.cells if cell.id.startswith("check_")]
    overwritten.source = "1.0"
    notebook.cells = [moved, *(cell for cell in notebook.cells if cell not in (deleted, moved))]
    return notebook


def without_metadata():
    """As a platform hands it back that keeps neither cell ids nor metadata; with a cell of the student's own."""
    notebook = filled(bias_gradient=RIGHT["bias_gradient"].replace("softmax(", "my_softmax("))
    notebook.cells.insert(4, nbformat.v4.new_code_cell("from helpers.softmax import softmax as my_softmax"))
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        del cell["id"]
    return notebook


def all_in_one_cell():
    """All functions in one cell, the other answer cells deleted, above them an error; a derivation, with a picture."""
    notebook = filled({"bias_gradient": "\n".join(RIGHT.values())})
    notebook.cells = [cell for cell in notebook.cells if cell.id not in NAMES[1:]]
    own = next(cell for cell in notebook.cells if cell.id == "derivation")
    own.source = r"By (9) $\partial z_j / \partial b_j = 1$. <script>"
    own.attachments = {"a.png": {"image/png": "AAAA"}}
    notebook.cells.insert(0, nbformat.v4.new_code_cell("1 / 0"))
    return notebook


MADE = {  # those that submissions.toml does not spell out
    "renamed": renamed(),
    "checks changed": with_checks_changed(),
    "without metadata": without_metadata(),
    "one cell": all_in_one_cell(),
    "as shipped": filled({}),
    "another": nbformat.read(LESSON.with_name("03_cross_entropy.ipynb"), as_version=4),
    "empty": nbformat.v4.new_notebook(),
    "no notebook": [1, 2],
    "SHOUTED": filled({}),
}


def make_grade(**variables):
    command = ["make", "--no-print-directory", "grade", *(f"{name}={value}" for name, value in variables.items())]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def table(place):
    with open(place, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The folder with the results, what the command printed, and the rows of the CSV by file name."""
    folder, out = tmp_path_factory.mktemp("Übung 1 (copy)"), tmp_path_factory.mktemp("out") / "new 'folder'"
    for name, parts in STUDENTS.items():
        notebook = MADE.get(name) or filled(**{one: parts[one].strip() for one in NAMES if one in parts})
        place = folder / f"{name}.{'IPYNB' if name.isupper() else 'ipynb'}"
        place.parent.mkdir(exist_ok=True)
        place.write_text(json.dumps(notebook), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        known = {"KEY": ROOT / "tests", "NEIGHBOUR": folder / "renamed.ipynb", "PLANTED": folder / "planted.txt"}
        for name, parts in ATTACKS.items():
            notebook = attacking(parts["code"], PORT=server.getsockname()[1], **{n: str(v) for n, v in known.items()})
            (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        (folder / "notes.txt").write_text("I am sick.", encoding="utf-8")
        (folder / "._syntax.ipynb").write_bytes(b"\x00\x05\x16\x07")  # as archives from macOS hold it
        run = make_grade(SUBMISSIONS=folder, OUT=out)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "no notebooks: notes.txt" in run.stdout
    assert (folder / "planted.txt").exists() != SHUT_IN
    return out, {row["file"].lstrip("'").rpartition(".")[0]: row for row in table(out / "grades.csv")}


@pytest.mark.parametrize("name", STUDENTS)
def test_points_diagnosis_and_what_to_look_at(graded, name):
    parts, row = STUDENTS[name], graded[1][name]
    assert "".join(row[exercise] for exercise in NAMES) == parts["points"], row
    assert row["total"] == str(parts["points"].count("1"))
    assert all(row[f"{exercise} diagnosis"].startswith(said) for exercise, said in parts.get("said", {}).items()), row
    look = [one for one in row["look at"].split("; ") if one not in ("", "not isolated")]
    assert [one.startswith(parts.get("look", "nothing")) for one in look] == [True] * ("look" in parts), look


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_is_told(graded, name):
    row, attack = graded[1][name], ATTACKS[name]
    if SHUT_IN or "open" not in attack:
        assert row["total"] == "0" and row["bias_gradient diagnosis"].startswith(attack["said"]), row
    assert SHUT_IN or re.search("not isolated|failed", row["look at"])


def test_no_cell_of_a_table_is_a_formula(graded):
    rows = [row for name in ("grades", "similar") for row in table(graded[0] / f"{name}.csv")]
    assert [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))] == []


def test_renamed_variables_do_not_hide_a_copy(graded):
    pairs = {frozenset((row["name"], row["other name"])): row["alike"] for row in table(graded[0] / "similar.csv")}
    assert pairs[frozenset(("Ada Müller", "renamed"))] == "100%"
    assert frozenset(("Ada Müller", "another style")) not in pairs


def test_every_file_has_a_page_that_needs_no_network(graded):
    folder = graded[0] / "feedback"
    assert len([*folder.rglob("*.html")]) == len(graded[1])
    text = (folder / "a wrong shape.ipynb.html").read_text(encoding="utf-8")
    parts = ("4 of 5 points", '<a href="#batch_gradients">', "<summary>Hint 1 of 3", "<math", "Homework of a wrong")
    assert [part for part in parts if part not in text] == [] and not re.search(r"https?://(?!www.w3.org)|\$", text)
    own = (folder / "one cell.ipynb.html").read_text(encoding="utf-8")
    assert "data:image/png;base64,AAAA" in own and re.search(r"By \(9\) <[^$]*<math", own) and "<script" not in own


def test_an_interrupt_leaves_a_table_and_a_second_call_goes_on(tmp_path):
    (tmp_path / "a.ipynb").write_text(json.dumps(filled({})))
    (tmp_path / "b.ipynb").write_text(json.dumps(filled(bias_gradient="import time\ntime.sleep(4)")))
    command = [sys.executable, ROOT / "tests" / "tools" / "grade.py", tmp_path, "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert "1 of 2" in first.stdout.readline()
        time.sleep(2)
        family = psutil.Process(first.pid).children(recursive=True)
        first.send_signal(signal.SIGTERM)
    assert first.returncode == 1 and [row["file"] for row in table(tmp_path / "grades.csv")] == ["a.ipynb"]
    assert len(family) >= 2 and not psutil.wait_procs(family, timeout=5)[1]
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob(".graded/*.json")}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert [row["file"] for row in table(tmp_path / "grades.csv")] == ["a.ipynb", "b.ipynb"]
    assert len(kept) == 1 and all(path.stat().st_mtime_ns == when for path, when in kept.items())


def test_a_missing_folder_and_one_without_notebooks_are_named(tmp_path):
    run = make_grade(SUBMISSIONS=tmp_path)
    assert run.returncode and f"There is no notebook (.ipynb) in {tmp_path}" in run.stderr
    run = make_grade()
    assert run.returncode and 'make grade SUBMISSIONS="folder"' in run.stdout + run.stderr


def test_with_other_numbers_every_known_answer_is_judged_alike():
    import answers  # after grade_one, which has given the problems their other numbers

    known = [one for one in [*answers.RIGHT, *answers.WRONG] if one.exercise.name in NAMES]
    assert len(known) > 150
    assert [one.id for one in known if (one.result.outcome == "passed") != (not one.key)] == []


@pytest.mark.parametrize("part", [{"dtype": "|O8"}, {"dtype": "<U99999"}, {"dtype": "<f8", "shape": [9]}])
def test_nothing_but_numbers_is_read(part):
    with pytest.raises(ValueError):
        decode({"shape": [1], "data": "AAAAAAAAAAA="} | part)


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
    rows = [(row["student_id"], float(row["score"]), float(row["max_score"])) for row in table(tmp_path / "grades.csv")]
    assert rows == [("ada", 5.0, 7.0)]
