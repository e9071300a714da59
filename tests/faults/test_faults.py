"""Every lesson survives what careless readers, poor machines and browsers do to it; `faults.py` says what that is."""

import os
import pathlib
import shutil
import subprocess
import sys

import nbformat
import pytest

import faults
import injection

ROOT = pathlib.Path(__file__).resolve().parents[2]
LESSONS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
SETUP = "import sys\nsys.path.insert(0, '..')"
CHECKS = """
from helpers.exercises import calls, lesson_07

calls.SECONDS = 0.3

def endless(W, b, x, y):
    while True:
        pass

answers = [bias_gradient, weight_gradient, batch_gradients, sgd_step, sgd]
print([getattr(lesson_07, answer.__name__).check(answer).outcome for answer in answers])
print(lesson_07.bias_gradient.check(endless).keys[0])
"""
# Fault, a cell that does not survive it, what is said about it: the faults are real.
FRAGILE = [
    ("repeated", "try:\n    n += 1\nexcept NameError:\n    n = 1\nprint(n)", "run 2: shows ('3"),
    ("repeated", "softmax = globals().get('softmax', abs)\nprint(softmax(-1))", "'int' object is not callable"),
    ("poor", "open('answer.txt', 'w')", "PermissionError: read-only folder"),
    ("poor", "import os\nos.mkdir('mine')", "PermissionError: read-only folder"),
    ("poor", "print(open('../helpers/data/README.md').read()[:0])", "ascii"),
    ("poor", "import warnings\nwarnings.warn('old')", "UserWarning: old"),
    ("poor", "import pathlib\n(pathlib.Path.home() / 'x').write_text('')", "NotADirectoryError"),
    ("poor", "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')", "no network"),
    ("confined", "import threading\nthreading.Thread(target=print).start()", "can't start new thread"),
    ("confined", "import signal\nsignal.signal(2, print)", "AttributeError"),
    ("confined", "import subprocess, sys\nsubprocess.run([sys.executable])", "no processes"),
    ("confined", "import numpy as np\nnp.exp(-1000.0)", "FloatingPointError: underflow"),
]


def start(course, fault, notebooks):
    """The process that runs the notebooks under a fault.

    A poor machine has no settings of Python and Jupyter, an ASCII locale, and a home that would be inside a file.
    """
    variables = dict(os.environ)
    if fault == "poor":
        settings = ("LANG", "LC_", "XDG_", "MPL", "JUPYTER", "IPYTHON", "PYTHON")
        variables = {name: value for name, value in variables.items() if not name.startswith(settings)}
        home = str(course.parent / "a file" / "home")
        variables |= {"HOME": home, "USERPROFILE": home, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, faults.__file__, str(course), fault, *notebooks]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    return subprocess.Popen(command, env=variables, **pipes)


def complaints(process, notebooks):
    """What the process complained about, when it has seen all notebooks."""
    printed, alarms = process.communicate(timeout=600)
    *found, last = printed.splitlines() or [""]
    assert last == f"done: {' '.join(notebooks)}", f"stopped after {printed}{alarms}"
    return found


def write(course, name, *cells):
    """A notebook beside the lessons, its cells given by (source, what it prints)."""
    made = [nbformat.v4.new_code_cell(source, id=f"c{i}") for i, (source, _) in enumerate(cells)]
    for cell, (_, text) in zip(made, cells, strict=True):
        cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] * bool(text)
    nbformat.write(nbformat.v4.new_notebook(cells=made), course / "notebooks" / name)
    return name


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, in a folder as students name it, beside a file."""
    folder = tmp_path_factory.mktemp("faults") / "Übung 1 (copy)"
    for name in ("helpers", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    (folder.parent / "a file").touch()
    (folder / "helpers" / "data" / "README.md").write_text("Übung\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def processes(course):
    """One process per fault, all at the same time."""
    started = {fault: start(course, fault, LESSONS) for fault in faults.FAULTS}
    yield started
    for process in started.values():
        process.kill()
        process.communicate()


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_lessons_survive(processes, fault):
    assert complaints(processes[fault], LESSONS) == []


def test_homework_is_checked_where_there_are_no_signals(course):
    answers = "\n".join([injection.IMPORTS, *injection.RIGHT.values()])
    name = write(course, "checks.ipynb", (SETUP, ""), (answers, ""), (CHECKS, f"{['passed'] * 5}\ntime\n"))
    assert complaints(start(course, "confined", [name]), [name]) == []


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_a_cell_that_does_not_survive_is_named(course, fault):
    cells = [(source, words) for name, source, words in FRAGILE if name == fault]
    names = [
        write(course, f"{fault}-{number}.ipynb", (SETUP, ""), (source, "1\n" if "print" in source else ""))
        for number, (source, _) in enumerate(cells)
    ]
    found = complaints(start(course, fault, names), names)
    for name, (_, words) in zip(names, cells, strict=True):
        assert any(line.startswith(f"{name}: ") and words in line for line in found), found
