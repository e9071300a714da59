"""`make grade` on a folder of right, wrong and hostile submissions: each costs its own row and scores as it should."""

import csv
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import pytest

from grade_one import can_shut_in
from injection import LESSON, RIGHT, with_answers

ROOT = LESSON.parents[1]
NAMES = list(RIGHT)
FIRST = RIGHT["bias_gradient"]
ISOLATED = can_shut_in()  # else a submission can do what a user can, and the table says so
OPEN = "" if ISOLATED else "not isolated"


def filled(answers=RIGHT, **others):
    return with_answers({**answers, **others})


def attack(code):
    """A notebook that has no right answer: the code, then a function that returns nothing of use."""
    return filled({"bias_gradient": f"import os, sys\n{code}\n\n\ndef bias_gradient(W, b, x, y):\n    return answer(b)"})


ZERO = "answer = lambda b: 0 * b\n"
ATTACKS = {  # name: (code, what its row says of bias_gradient or of all)
    "detached": (
        """import subprocess
program = "import glob, time\\nfor _ in range(40):\\n    time.sleep(0.1)\\n    for name in glob.glob('../**/*.json'): "
program += "open(name, 'w').write('{}')"
subprocess.Popen([sys.executable, "-c", program], start_new_session=True)
""" + ZERO,
        "wrong",
    ),
    "patched modules": (
        """from helpers import numerical
from helpers.exercises import calls, exercise, panel
panel.Result.points = 1.0
exercise.Exercise.check = lambda *_: panel.Result("", "passed", ())
numerical.equal = exercise.equal = exercise.agree = lambda *_: True
""" + ZERO,
        "wrong",
    ),
    "patched builtins": (
        """import builtins, types
sys.modules["helpers.exercises.lesson_07"] = sys.modules["numpy"] = types.SimpleNamespace()
builtins.abs = lambda _: 0
builtins.all = builtins.any = builtins.isinstance = lambda *_: True
""" + ZERO,
        "",
    ),
    "forged": (
        """for stream in range(3, 30):
    try:
        os.write(stream, b'{"problem": "", "exercises": {"bias_gradient": {"points": 1.0, "diagnosis": "passed"}}}' + bytes([10]))
    except OSError:
        pass
""" + ZERO,
        "",
    ),
    "recognises the check": (
        """from helpers.exercises.lesson_07 import BATCHES
import numpy as np
def answer(b):
    return next((p.examples[0].slopes["dL/db"] for p in BATCHES if np.array_equal(p.b, b)), b)
""",
        "wrong",
    ),
}


def make_grade(**variables):
    command = ["make", "--no-print-directory", "grade", *(f"{name}={value}" for name, value in variables.items())]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder, out = tmp_path_factory.mktemp("Übung 1 (copy)"), tmp_path_factory.mktemp("out") / "new 'folder'"
    for name, (code, _) in ATTACKS.items():
        nbformat.write(attack(code), folder / f"{name}.ipynb")
    run = make_grade(SUBMISSIONS=folder, OUT=out)
    assert run.returncode == 0, run.stdout + run.stderr
    with open(out / "grades.csv", encoding="utf-8-sig", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_earns_nothing(graded, name):
    row = graded[name]
    assert row["total"] == "0" and row["bias_gradient diagnosis"].startswith(ATTACKS[name][1])
