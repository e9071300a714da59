"""`make grade` on a folder of right, wrong and hostile submissions: each costs its own row and scores as it should."""

import csv
import json
import pathlib
import re
import socket
import subprocess
import tomllib

import nbformat
import pytest

from grade_one import can_shut_in
from injection import LESSON, RIGHT, with_answers

ROOT = LESSON.parents[1]
NAMES = list(RIGHT)
SHUT_IN = can_shut_in()
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
    own = {name: re.sub(r"\b(R|dW|db|order|k|batch)\b", r"my_\1", f"# mine\n{code}") for name, code in RIGHT.items()}
    return filled(own)


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
    """All functions in the first answer cell, the other answer cells deleted; a derivation, with a picture."""
    notebook = filled({"bias_gradient": "\n".join(RIGHT.values())})
    notebook.cells = [cell for cell in notebook.cells if cell.id not in NAMES[1:]]
    own = next(cell for cell in notebook.cells if cell.id == "derivation")
    own.source = r"By (9) $\partial z_j / \partial b_j = 1$. <script>"
    own.attachments = {"a.png": {"image/png": "AAAA"}}
    return notebook


MADE = {  # as the notebooks in submissions.toml, and what is in them
    "renamed": {"points": "11111", "content": renamed()},
    "checks changed": {
        "points": "01000",
        "look": "checks edited or missing: bias_gradient, weight_gradient",
        "content": with_checks_changed(),
    },
    "without metadata": {"points": "11111", "content": without_metadata()},
    "one cell": {"points": "11111", "content": all_in_one_cell()},
    "as shipped": {"points": "00000", "said": {"sgd": "not attempted"}, "content": filled({})},
    "another": {
        "points": "00000",
        "said": {"sgd": "no cell defines it"},
        "look": "another notebook? # Lesson 3. Cross entropy",
        "content": nbformat.read(LESSON.with_name("03_cross_entropy.ipynb"), as_version=4),
    },
    "empty": {"points": "00000", "look": "empty: there is no code", "content": nbformat.v4.new_notebook()},
    "no notebook": {"points": "00000", "look": "not a notebook", "content": [1, 2]},
    "AS SHIPPED": {"points": "00000", "content": filled({})},
}
STUDENTS |= MADE


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
        answers = {exercise: parts[exercise].strip() for exercise in NAMES if exercise in parts}
        place = folder / f"{name}.{'IPYNB' if name.isupper() else 'ipynb'}"
        place.parent.mkdir(exist_ok=True)
        place.write_text(json.dumps(parts.get("content") or filled(**answers)), encoding="utf-8")
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
    cells = [
        cell for name in ("grades", "similar") for row in table(graded[0] / f"{name}.csv") for cell in row.values()
    ]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] == []


def test_renamed_variables_do_not_hide_a_copy(graded):
    pairs = {frozenset((row["name"], row["other name"])): row["alike"] for row in table(graded[0] / "similar.csv")}
    assert pairs[frozenset(("Ada Müller", "renamed"))] == "100%"
    assert frozenset(("Ada Müller", "another style")) not in pairs


def test_every_file_has_a_page_that_needs_no_network(graded):
    out, rows = graded
    pages = {path.relative_to(out / "feedback").with_suffix("").as_posix(): path for path in out.rglob("*.html")}
    assert set(pages) == {*rows} - {"as shipped"} | {"as shipped (2)"}
    text = pages["a wrong shape"].read_text(encoding="utf-8")
    assert "4 of 5 points" in text and '<a href="#batch_gradients">' in text and "<summary>Hint 1 of 3" in text
    assert (
        "<math" in text and "Homework of a wrong shape" in text and not re.search(r"https?://(?!www.w3.org)|\$", text)
    )
    own = pages["one cell"].read_text(encoding="utf-8")
    assert "data:image/png;base64,AAAA" in own and re.search(r"By \(9\) <[^$]*<math", own) and "<script" not in own
