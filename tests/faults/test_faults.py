"""Every lesson survives careless readers and poor machines; `faults.py` says what that is."""

import pathlib
import subprocess
import sys

import pytest
from nbformat import v4, write

import faults
from injection import RIGHT

LESSONS = sorted((pathlib.Path(__file__).resolve().parents[2] / "notebooks").glob("*.ipynb"))
SETUP = f"import sys\nsys.path.insert(0, {str(LESSONS[0].parents[1])!r})"
CHECKS = """
import numpy as np
from helpers.exercises import calls, lesson_07
from helpers.network import weighted_inputs
from helpers.softmax import softmax

calls.SECONDS = 0.3

def endless(W, b, x, y):
    while True:
        pass

"""
CHECK = """
answers = [bias_gradient, weight_gradient, batch_gradients, sgd_step, sgd]
print([getattr(lesson_07, answer.__name__).check(answer).outcome for answer in answers])
print(lesson_07.bias_gradient.check(endless).keys[0])
"""
# Fault, a cell that does not survive it, what is said about it: the faults are real.
FRAGILE = [
    ("repeated", "try:\n    n += 1\nexcept NameError:\n    n = 1\nprint(n)", "run 2: shows ('3"),
    ("strict", "import warnings\nwarnings.warn('old')", "UserWarning: old"),
    ("strict", "import numpy as np\nnp.exp(1000.0)", "FloatingPointError: overflow"),
    ("confined", "import threading\nthreading.Thread(target=print).start()", "can't start new thread"),
    ("confined", "import signal\nsignal.signal(2, print)", "AttributeError"),
]


def complaints(fault, paths):
    """What is complained about in notebooks under a fault."""
    command = [sys.executable, faults.__file__, fault, *map(str, paths)]
    run = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    *found, last = run.stdout.splitlines() or [""]
    assert last.startswith("done: "), f"stopped after {run.stdout}{run.stderr}"
    return found


def notebook(path, source, printed):
    """A notebook with a cell that finds helpers/ and one with this source."""
    outputs = [v4.new_output("stream", name="stdout", text=printed)] if printed else []
    cells = [v4.new_code_cell(SETUP, id="setup"), v4.new_code_cell(source, id="cell", outputs=outputs)]
    write(v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize("fault", faults.FAULTS)
def test_lessons_survive(fault):
    assert complaints(fault, LESSONS) == []


def test_homework_is_checked_where_there_are_no_signals(tmp_path):
    source = CHECKS + "\n".join(RIGHT.values()) + CHECK
    path = notebook(tmp_path / "checks.ipynb", source, f"{['passed'] * 5}\ntime\n")
    assert complaints("confined", [path]) == []


@pytest.mark.parametrize(("fault", "source", "words"), FRAGILE)
def test_a_cell_that_does_not_survive_is_named(tmp_path, fault, source, words):
    found = complaints(fault, [notebook(tmp_path / "fragile.ipynb", source, "1\n" if "print(n)" in source else "")])
    assert any(line.startswith("fragile.ipynb: cell") and words in line for line in found), found
