"""Every lesson survives what students, machines and browsers do to it; `faults.py` says what that is."""

import os
import pathlib
import shutil
import subprocess
import sys

import nbformat
import pytest
from jupyter_client import KernelManager

import faults
import injection

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(faults.__file__)
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


def poor_environment(course):
    """No settings of Python and Jupyter, an ASCII locale, and a home that cannot be: it would be inside a file."""
    settings = ("LANG", "LC_", "XDG_", "MPL", "JUPYTER", "IPYTHON", "PYTHON")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(settings)}
    home = str(course.parent / "a file" / "home")
    return {**kept, "HOME": home, "USERPROFILE": home, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def start(course, fault, notebooks):
    """The process that runs the notebooks under a fault."""
    variables = poor_environment(course) if fault == "poor" else dict(os.environ)
    command = [sys.executable, str(PROGRAM), str(course), fault, *notebooks]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    return subprocess.Popen(command, env=variables, **pipes)


def complaints(process, notebooks):
    """What the process complained about, when it has seen all notebooks."""
    printed, alarms = process.communicate(timeout=600)
    *found, last = printed.splitlines() or [""]
    assert last == f"done: {' '.join(notebooks)}", f"stopped after {printed}{alarms}"
    return found


def write(course, name, cells):
    """A notebook of (source, what it prints) beside the lessons."""
    v4 = nbformat.v4
    made = [
        v4.new_code_cell(source, id=f"c{i}", outputs=[v4.new_output("stream", name="stdout", text=text)] * bool(text))
        for i, (source, text) in enumerate(cells)
    ]
    nbformat.write(v4.new_notebook(cells=made), course / "notebooks" / name)
    return name


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, in a folder as students name it, beside a file."""
    folder = tmp_path_factory.mktemp("faults") / "Übung 1 (copy)"
    for name in ("helpers", "notebooks"):
        ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    (folder.parent / "a file").touch()
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
    name = write(course, "checks.ipynb", [(SETUP, ""), (answers, ""), (CHECKS, f"{['passed'] * 5}\ntime\n")])
    assert complaints(start(course, "confined", [name]), [name]) == []


# Cells that do not survive: the faults are real.

FRAGILE = [
    ("repeated", [("try:\n    n += 1\nexcept NameError:\n    n = 1\nprint(n)", "1\n")], "run 2: shows ('3"),
    (
        "repeated",
        [("softmax = globals().get('softmax', abs)\nprint(softmax(-1))", "1\n")],
        "'int' object is not callable",
    ),
    ("poor", [("open('answer.txt', 'w')", "")], "PermissionError: read-only folder"),
    ("poor", [("import os\nos.mkdir('mine')", "")], "PermissionError: read-only folder"),
    ("poor", [("print(open('../helpers/data/README.md').read()[:0])", "\n")], "ascii"),
    ("poor", [("import warnings\nwarnings.warn('old')", "")], "UserWarning: old"),
    ("poor", [("import pathlib\n(pathlib.Path.home() / 'x').write_text('')", "")], "NotADirectoryError"),
    ("poor", [("import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9')", "")], "no network"),
    ("confined", [("import threading\nthreading.Thread(target=print).start()", "")], "can't start new thread"),
    ("confined", [("import signal\nsignal.signal(2, print)", "")], "AttributeError"),
    ("confined", [("import subprocess, sys\nsubprocess.run([sys.executable])", "")], "no processes"),
    ("confined", [("import numpy as np\nnp.exp(-1000.0)", "")], "FloatingPointError: underflow"),
]


@pytest.fixture(scope="module")
def fragile(course):
    """All cells that do not survive, in one process per fault."""
    (course / "helpers" / "data" / "README.md").write_text("Übung\n", encoding="utf-8")
    names = {}
    for number, (fault, cells, _) in enumerate(FRAGILE):
        names.setdefault(fault, []).append(write(course, f"fragile_{number}.ipynb", [(SETUP, ""), *cells]))
    started = {fault: start(course, fault, notebooks) for fault, notebooks in names.items()}
    return "\n".join(line for fault, process in started.items() for line in complaints(process, names[fault]))


@pytest.mark.parametrize("number", range(len(FRAGILE)))
def test_a_cell_that_does_not_survive_is_named(fragile, number):
    *_, expected = FRAGILE[number]
    lines = [line for line in fragile.splitlines() if line.startswith(f"fragile_{number}.ipynb: ")]
    assert any(expected in line for line in lines), lines


# A real kernel: Stop


@pytest.fixture
def kernel(course):
    """A kernel as JupyterLab starts it, on the poorest machine."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(course / "notebooks"), env=poor_environment(course))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def execute(kernel, source, stop_when=None):
    """What a cell prints, and its error; the kernel is interrupted when `stop_when` has been printed."""
    manager, client = kernel
    printed = []

    def listen(message):
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])
            if stop_when is not None and stop_when in printed[-1]:
                manager.interrupt_kernel()

    reply = client.execute_interactive(source, output_hook=listen, timeout=120)["content"]
    return "".join(printed), reply.get("ename")


def test_stop_ends_what_is_endless_and_run_all_recovers(kernel):
    lesson = faults.code(ROOT / "notebooks" / "07_homework.ipynb")
    for cell in lesson[:2]:
        execute(kernel, cell.source)
    execute(kernel, "def endless(*arguments):\n    print('started')\n    while True:\n        pass")
    assert execute(kernel, "endless()", stop_when="started") == ("started\n", "KeyboardInterrupt")
    # In an explorer, which says so.
    execute(kernel, "player = explorers.training_player(endless)")
    execute(kernel, "(epoch,) = [control for control in player.controls if control.description == 'Epoch']")
    assert execute(kernel, "epoch.click()", stop_when="started")[1] is None
    assert "KeyboardInterrupt" in execute(kernel, "print(player.text.value)")[0]
    for cell in lesson:
        printed, error = execute(kernel, cell.source)
        assert (printed, error) == (faults.stored(cell)[0], None), cell.id
