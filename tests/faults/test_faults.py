"""Every lesson survives, as students get it, careless readers and poor machines: a cell shows what is stored."""

import asyncio
import pathlib
import re

import nbclient
import nbformat
import pytest
from nbformat import v4

import store_outputs
from conftest import as_lines
from injection import LESSON, RIGHT

LESSONS = sorted(LESSON.parent.glob("*.ipynb"))
TESTS = pathlib.Path(__file__).resolve().parents[1]
FAULTS = {
    "repeated": "",  # from the last cell to the first, then every cell twice in a row
    "strict": """
import warnings, numpy
numpy.seterr(divide="raise", over="raise", invalid="raise")
warnings.simplefilter("error")
""",
    "confined": """
import signal, threading  # as in a browser without a server

def _start(thread, start=threading.Thread.start):
    if not type(thread).__module__.startswith("zmq"):  # the kernel's own
        raise RuntimeError("can't start new thread")
    start(thread)

threading.Thread.start = _start
for _name in ("signal", "setitimer", "alarm"):
    delattr(signal, _name)
""",
}
# Every control of every explorer to its ends. The stubs of the homework are not written yet, and that is said.
DRIVE = f"""
import gc, sys
sys.path[:0] = [{str(TESTS)!r}, ".."]
import driving
from helpers.explorers.explorer import Explorer as _Explorer

_explorers = [each for each in gc.get_objects() if isinstance(each, _Explorer)]
for _explorer in _explorers:
    for _control in _explorer.controls:
        for _value in driving.ends(_control):
            driving.move(_control, _value)
            if driving.failed(_explorer) and "is not written yet" not in _explorer.text.value:
                print(type(_explorer).__name__, _control.description, _explorer.text.value)
print(len(_explorers), "explorers")
"""
CHECKS = """
answers = [bias_gradient, weight_gradient, batch_gradients, sgd_step, sgd]
print([getattr(lesson_07, answer.__name__).check(answer).outcome for answer in answers])

def endless(W, b, x, y):
    while True:
        pass

calls.SECONDS = 0.3
print(lesson_07.bias_gradient.check(endless).keys[0])
"""
IMPORTS = """
import numpy as np
from helpers.exercises import calls, lesson_07
from helpers.network import weighted_inputs
from helpers.softmax import softmax
"""


def printed(text):
    return [v4.new_output("stream", name="stdout", text=text)] if text else []


def complaints(fault, cells, folder=LESSON.parent):
    """What the cells of a notebook show under a fault, where it is not what is stored."""
    cells = [cell for cell in cells if cell.cell_type == "code"]
    calls = re.findall(r"^explorers\.\w+\(", "\n".join(cell.source for cell in cells), re.MULTILINE)
    drive = v4.new_code_cell(DRIVE, outputs=printed(f"{len(calls)} explorers\n"))
    before = cells[::-1] if fault == "repeated" else [v4.new_code_cell(FAULTS[fault])]
    looked_at = [cell for cell in cells for _ in range(2)] if fault == "repeated" else [*cells, drive]
    run = v4.new_notebook(cells=[v4.new_code_cell(cell.source) for cell in [*before, *looked_at]])
    where = {"metadata": {"path": str(folder)}}
    asyncio.run(nbclient.NotebookClient(run, timeout=60, allow_errors=True, resources=where).async_execute())
    for cell, new in zip(looked_at, run.cells[len(before) :], strict=True):
        stored, shown = list(as_lines(cell.outputs)), list(as_lines(store_outputs.outputs(new.outputs)))
        if shown != stored:
            yield f"{cell.id}: shows {shown}, stored is {stored}"


@pytest.mark.parametrize("name", [path.name for path in LESSONS])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_lesson_survives(fault, name, edition):
    path = edition / "notebooks" / name
    assert list(complaints(fault, nbformat.read(path, as_version=4).cells, path.parent)) == []


def notebook(source, text):
    """Two cells, of which the first finds helpers/."""
    return [v4.new_code_cell("import sys; sys.path.insert(0, '..')"), v4.new_code_cell(source, outputs=printed(text))]


def test_homework_is_checked_where_there_are_no_signals():
    source = "\n".join([IMPORTS, *RIGHT.values(), CHECKS])
    assert list(complaints("confined", notebook(source, f"{['passed'] * 5}\ntime\n"))) == []


@pytest.mark.parametrize(
    ("fault", "source", "words"),
    [
        ("repeated", "try:\n    n += 1\nexcept NameError:\n    n = 1\nprint(n)", "3"),
        ("strict", "import warnings\nwarnings.warn('old')", "old"),
        ("strict", "import numpy as np\nnp.exp(1000.0)", "overflow"),
        ("confined", "import threading\nthreading.Thread(target=print).start()", "can't start new thread"),
        ("confined", "import signal\nsignal.signal(2, print)", "no attribute 'signal'"),
    ],
)
def test_a_cell_that_does_not_survive_is_named(fault, source, words):
    assert words in "".join(complaints(fault, notebook(source, "1\n" if "print(n)" in source else "")))
