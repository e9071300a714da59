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

import answers
from grade_one import SALT, can_shut_in, exercises
from grade_worker import decode
from injection import LESSON, RIGHT, with_answers

ROOT = LESSON.parents[1]
NAMES, FIRST, BATCH = list(RIGHT), RIGHT["bias_gradient"], RIGHT["batch_gradients"]
SHUT_IN = can_shut_in()
ATTACKS = tomllib.loads((pathlib.Path(__file__).parent / "attacks.toml").read_text(encoding="utf-8"))


def filled(answers=RIGHT, **others):
    return with_answers({**answers, **others})


def attacking(code, **names):
    """The notebook of an attack; the names get their values first."""
    lines = ["import os, sys", "answer = lambda b: 0 * b", *(f"{n} = {v!r}" for n, v in names.items()), code]
    return filled({"bias_gradient": "\n".join([*lines, "def bias_gradient(W, b, x, y):\n    return answer(b)"])})


def with_checks_changed():
    """Only the second answer is right; of the check cells one is deleted, one says 1.0, one is moved."""
    notebook = filled({"weight_gradient": RIGHT["weight_gradient"]}, bias_gradient=FIRST.replace("- y", "+ y"))
    deleted, overwritten, moved, *_ = [cell for cell in notebook.cells if cell.id.startswith("check_")]
    overwritten.source = "1.0"
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
    """All functions in the first answer cell, the other answer cells deleted; a derivation, with a picture."""
    notebook = filled({"bias_gradient": "\n".join(RIGHT.values())})
    notebook.cells = [cell for cell in notebook.cells if cell.id not in NAMES[1:]]
    own = next(cell for cell in notebook.cells if cell.id == "derivation")
    own.source, own.attachments = (
        r"By (9) $\partial z_j / \partial b_j = 1$ <script>",
        {"a.png": {"image/png": "AAAA"}},
    )
    return notebook


def turned(code):
    """The same mistake everywhere: the sign."""
    return re.sub(r"(softmax\(.*?\)\)) - ([yY])\b", r"\2 - \1", code)


def written(**others):
    """Right answers of a student's own, others where they are named."""
    return filled({name: f"# {len(others)} {name}\n{RIGHT[name]}" for name in NAMES}, **others)


MINE = "def bias_gradient(W, b, x, y):\n    "
OF_MINE = "def weight_gradient(W, b, x, y):\n    return np.outer(bias_gradient(W, b, x, y), x)"
LOOP = """def batch_gradients(W, b, X, Y):
    ones = [(weight_gradient(W, b, x, y), bias_gradient(W, b, x, y)) for x, y in zip(X, Y)]
    return sum(one[0] for one in ones) / len(X), sum(one[1] for one in ones) / len(X)"""
RENAMED = {name: re.sub(r"\b(R|dW|db|order|k|batch)\b", r"my_\1", f"# mine\n{code}") for name, code in RIGHT.items()}
MEASURED = (
    "from helpers import numerical\n"
    + MINE
    + ("return numerical.gradient(lambda b: softmax_crossentropy(weighted_inputs(x, W, b), y), b)")
)
# File: its content, points, the diagnosis of one exercise, what a person should look at.
SUBMISSIONS = {
    "Ada Müller_17_assignsubmission_file_/07_homework (1).ipynb": (
        filled(), "11111", ("sgd", "passed: Shown"), "identical to =HYPERLINK(1)",
    ),
    "=HYPERLINK(1).ipynb": (filled(), "11111", None, "identical to Ada Müller"),
    "renamed.ipynb": (filled(RENAMED), "11111", None, ""),
    "x.ipynb": (written(batch_gradients=LOOP), "11111", None, ""),
    "X.IPYNB": (
        written(bias_gradient=MINE + "print(10**6 * 'x')\n    return [*softmax(weighted_inputs(x, W, b)) - y]"),
        "11111", None, "",
    ),
    "sign.ipynb": (
        filled({n: turned(c) for n, c in RIGHT.items()}), "01111", ("sgd", "passed: Right, given your sgd_step"), "",
    ),
    "sum.ipynb": (
        written(batch_gradients=BATCH.replace(" / len(X)", "").replace("mean(", "sum(")),
        "11011", ("batch_gradients", "wrong: .*(sum|mean)"), "",
    ),
    "a mistake without a name.ipynb": (
        written(bias_gradient=MINE + "return softmax(x @ W.T) ** 2", weight_gradient=OF_MINE, batch_gradients=LOOP),
        "01111", ("batch_gradients", "passed: Right, given"), "",
    ),
    "in place.ipynb": (
        written(bias_gradient=MINE + "y -= softmax(weighted_inputs(x, W, b))\n    return -y"),
        "01111", ("bias_gradient", "wrong: Two calls|wrong: It changes its argument y"), "",
    ),
    "as shipped.ipynb": (filled({}), "00000", ("bias_gradient", "not attempted"), ""),
    "syntax.ipynb": (
        written(bias_gradient=FIRST.replace("):", ")")), "01111", ("bias_gradient", "its cell stops: Syntax"), "",
    ),
    "endless cell.ipynb": (
        written(bias_gradient="while True:\n    pass\n" + FIRST),
        "01111", ("bias_gradient", "its cell stops: it is not done after 30 seconds"), "",
    ),
    "checks changed.ipynb": (
        with_checks_changed(), "01000", ("bias_gradient", "wrong"),
        "the check of bias_gradient is missing; the check of weight_gradient is edited",
    ),
    "measured.ipynb": (written(bias_gradient=MEASURED), "11111", None, "uses numerical.gradient"),
    "without metadata.ipynb": (without_metadata(), "11111", ("bias_gradient", "passed"), ""),
    "one cell.ipynb": (all_in_one_cell(), "11111", None, ""),
    "another.ipynb": (
        nbformat.read(LESSON.with_name("03_cross_entropy.ipynb"), as_version=4), "00000",
        ("sgd", "no cell defines it"), "another notebook? # Lesson 3. Cross entropy",
    ),
    "empty.ipynb": (nbformat.v4.new_notebook(), "00000", None, "empty: there is no code"),
    "no notebook.ipynb": ([1, 2], "00000", ("sgd", "not graded"), "not a notebook"),
}  # fmt: skip


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
    for name, (content, *_) in SUBMISSIONS.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        known = {"KEY": str(ROOT / "tests"), "NEIGHBOUR": str(folder / "x.ipynb"), "PORT": server.getsockname()[1]}
        for name, parts in ATTACKS.items():
            notebook = attacking(parts["code"], PLANTED=str(folder / "planted.txt"), **known)
            (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
        (folder / "notes.txt").write_text("I am sick.", encoding="utf-8")
        (folder / "._syntax.ipynb").write_bytes(b"\x00\x05\x16\x07")  # as archives from macOS hold it
        run = make_grade(SUBMISSIONS=folder, OUT=out)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "no notebooks: notes.txt" in run.stdout
    assert (folder / "planted.txt").exists() != SHUT_IN
    return out, {row["file"].lstrip("'"): row for row in table(out / "grades.csv")}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_points_diagnosis_and_what_to_look_at(graded, name):
    (_, points, diagnosis, look), row = SUBMISSIONS[name], graded[1][name]
    assert "".join(row[exercise] for exercise in NAMES) == points, row
    assert row["total"] == str(points.count("1"))
    if diagnosis:
        assert re.match(diagnosis[1], row[f"{diagnosis[0]} diagnosis"]), row
    assert row["look at"].removesuffix("not isolated" if not SHUT_IN else "").rstrip("; ").startswith(look)
    assert bool(look) == bool(row["look at"].removesuffix("not isolated" if not SHUT_IN else ""))


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing_and_is_told(graded, name):
    row, attack = graded[1][f"{name}.ipynb"], ATTACKS[name]
    if SHUT_IN or "open" not in attack:
        assert row["total"] == "0" and row["bias_gradient diagnosis"].startswith(attack["said"]), row
        assert not re.search("passed|not graded", row["sgd diagnosis"])
    assert SHUT_IN or re.search("not isolated|failed", row["look at"])


def test_no_cell_of_a_table_is_a_formula(graded):
    cells = [
        cell for name in ("grades", "similar") for row in table(graded[0] / f"{name}.csv") for cell in row.values()
    ]
    assert [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")] == []


def test_renamed_variables_do_not_hide_a_copy(graded):
    pairs = [(row["alike"], {row["name"], row["other name"]}) for row in table(graded[0] / "similar.csv")]
    assert ("100%", {"Ada Müller", "renamed"}) in pairs and not any("x" in two for _, two in pairs)


def test_every_file_has_a_page_that_needs_no_network(graded):
    out, rows = graded
    pages = {path.relative_to(out / "feedback").with_suffix("").as_posix(): path for path in out.rglob("*.html")}
    expected = {name.rpartition(".")[0] for name in rows} - {"X"}
    assert {name.replace("X", "x") for name in pages} == expected | {"x (2)"}
    text = pages["sum"].read_text(encoding="utf-8")
    assert "4 of 5 points" in text and '<a href="#batch_gradients">' in text and "<summary>Hint 1 of 3" in text
    assert "<math" in text and "Homework of sum" in text and not re.search(r"https?://(?!www.w3.org)|\$", text)
    own = pages["one cell"].read_text(encoding="utf-8")
    assert "data:image/png;base64,AAAA" in own and "By (9) <math" in own and "<script" not in own


def test_an_interrupt_leaves_a_table_and_a_second_call_goes_on(tmp_path):
    (tmp_path / "a.ipynb").write_text(json.dumps(filled({})))
    (tmp_path / "b.ipynb").write_text(json.dumps(written(bias_gradient="import time\ntime.sleep(4)")))
    command = [sys.executable, ROOT / "tests" / "tools" / "grade.py", tmp_path, "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline().startswith("1 of 2")
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
    lesson = exercises((SALT,))
    known = [one for one in [*answers.RIGHT, *answers.WRONG] if one.exercise.name in NAMES]
    judged = [(one, getattr(lesson, one.exercise.name).check(one.function)) for one in known]
    assert len(judged) > 150
    assert [one.id for one, result in judged if (result.outcome == "passed") != (not one.key)] == []


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
