"""Grade one submission: called by grade.py for each file, prints what it found as JSON.

The verdict is made here, where no submission can write. Its cells and functions run in a process of their own
(grade_worker.py), which is asked for arrays over a pipe; the check of an exercise runs here, on what comes back, with
other numbers than in the notebook. What comes back is read as numbers and words; nothing of it is run.
"""

import base64
import contextlib
import ctypes
import hashlib
import inspect
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from unittest import mock

import nbformat
import numpy as np
import psutil

TOOLS = pathlib.Path(__file__).resolve().parent
ROOT = TOOLS.parents[1]
NOTEBOOK = ROOT / "notebooks" / "07_homework.ipynb"
sys.path.insert(0, str(ROOT))

from helpers.exercises import calls  # noqa: E402

CELL, ALL = 30, 120  # seconds for one cell, and for one submission; a usual one takes three
PROCESSES, MEMORY = 30, 3 * 2**30  # of one submission together; each process has limits of its own, too
ANSWER, LARGEST = 16 * 2**20, 50 * 2**20  # bytes of one answer, and of a notebook
SUBREAPER = 36  # of prctl, on Linux: a process that has left its parent becomes a child of this one
KEPT = ("setup", "imports")  # what the answers need of the cells that are no answers
NO_ANSWER = "its process sends something that is no answer"


# ---------------------------------------------------------------- the process of a submission


def shut_in(course):
    """The command that runs what follows it with Python and the course in sight, and no network."""
    seen = [*dict.fromkeys((sys.prefix, sys.base_prefix)), "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"]
    bound = [part for place in seen for part in ("--ro-bind-try", place, place)]
    own = ["--ro-bind", str(course), "/course", "--size", str(64 * 2**20), "--tmpfs", "/course/notebooks"]
    nothing = ["--unshare-all", "--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"]
    return ["bwrap", *nothing, *bound, *own, "--chdir", "/course/notebooks"]


def can_shut_in():
    """Whether this machine offers that: tried once, with a process that does nothing."""
    with tempfile.TemporaryDirectory() as name, contextlib.suppress(OSError):
        (pathlib.Path(name) / "notebooks").mkdir()
        tried = subprocess.run([*shut_in(name), sys.executable, "-c", ""], capture_output=True, check=False)
        return tried.returncode == 0
    return False


def family():
    """All processes that a submission has started."""
    with contextlib.suppress(psutil.Error):
        return psutil.Process().children(recursive=True)
    return []


def kill(processes):
    """End processes; some may have ended."""
    for one in processes:
        with contextlib.suppress(psutil.Error):
            one.kill()


class Process:
    """The process of a submission. If it does not answer, it is ended and another one takes its place."""

    def __init__(self, course, isolated):
        self.course, self.isolated, self.cells, self.why = course, isolated, [], ""
        self.process, self.waits, self.deadline = None, True, time.monotonic() + ALL
        shutil.copytree(ROOT / "helpers", course / "helpers")
        (course / "tools").mkdir()
        (course / "notebooks").mkdir()
        shutil.copy(TOOLS / "grade_worker.py", course / "tools")
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        """End what takes more than its share of the machine."""
        while time.sleep(0.2) is None:
            members, memory = family(), 0
            for one in members:
                with contextlib.suppress(psutil.Error):
                    memory += one.memory_info().rss
            if len(members) > PROCESSES or memory > MEMORY:
                self.why = "it starts too many processes" if len(members) > PROCESSES else "it takes too much memory"
                kill(members)

    def start(self):
        """A new process, in which the cells have run that ran in the last one."""
        kill(family())
        here = pathlib.Path("/course") if self.isolated else self.course
        command = [*(shut_in(self.course) if self.isolated else []), sys.executable, here / "tools" / "grade_worker.py"]
        settings = {"HOME": str(here / "notebooks"), "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
        options = {"env": settings, "cwd": self.course / "notebooks", "start_new_session": True}
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, bufsize=0, **options)
        self.waits, self.why = False, ""
        for cell in self.cells:
            self.ask("run", cell)

    def ask(self, *question):
        """The answer to a question. Meant to stand under calls.alarm, which rings in here when its time is over."""
        if time.monotonic() > self.deadline:
            raise TimeoutError(f"the {ALL} seconds of a submission are over")
        if self.waits:  # the last question was not answered
            self.start()
        self.waits, line = True, b""
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            while not line.endswith(b"\n") and len(line) < ANSWER and (part := self.process.stdout.read(2**20)):
                line += part
        if not line.endswith(b"\n"):
            raise ChildProcessError(self.why or ("its answer is too long" if line else "its process has ended"))
        answer = json.loads(line)
        self.waits = False
        return answer

    def run(self, cell):
        """Run a cell. Returns what stops it, or ''."""
        try:
            with calls.alarm(CELL):
                stops = self.ask("run", cell)
        except calls.Stopped:
            return f"it is not done after {CELL} seconds"
        except Exception as error:
            return str(error)
        self.cells.append(cell)
        return str(stops or "")[:300]

    def function(self, name):
        """A function as a check takes it, None if there is none, or an object of its type that cannot be called."""
        try:
            with calls.alarm(CELL):
                known = self.ask("about", name)
            return known and (Function(self, name, known) if known["callable"] else received(known))
        except (calls.Stopped, Exception):
            return None


# ---------------------------------------------------------------- its functions, as a check sees them


class Reported(Exception):
    """An error that a submission's function has raised, in words, and the place that it comes from."""

    said, place = "", None


REPORTED = {one.__name__: type(one.__name__, (Reported, one), {}) for one in (NotImplementedError, ValueError, IndexError)}
calls.explain = lambda error: getattr(error, "said", str(error))
calls.own_line = lambda error: getattr(error, "place", None)


def sent(argument):
    """An argument as JSON."""
    if isinstance(argument, np.ndarray):
        data = base64.b64encode(argument.tobytes()).decode()
        return {"dtype": argument.dtype.str, "shape": argument.shape, "data": data}
    return argument.bit_generator.state if isinstance(argument, np.random.Generator) else argument


def received(part):
    """A value from JSON: an array, a list, None, or an object of a type that is only a name."""
    if part is None:
        return None
    if "items" in part:
        return [received(one) for one in part["items"]]
    if "type" in part:
        return type(str(part["type"])[:80], (), {})()
    if not re.fullmatch(r"[<>|]?[fiub]\d\d?", part["dtype"]):
        raise ValueError(NO_ANSWER)
    dtype, shape = np.dtype(part["dtype"]), tuple(part["shape"])
    array = np.frombuffer(base64.b64decode(part["data"]), dtype)
    return array.reshape(shape) if array.size else np.broadcast_to(np.zeros((), dtype), shape)


class Function:
    """A function of a submission. Each call is a question to its process."""

    def __init__(self, process, name, known):
        self.process, self.name = process, name
        self.__code__ = type("Code", (), {"co_stacksize": known.get("stack", 9)})
        if "signature" in known:
            kinds = {int(kind): kind for kind in type(inspect.Parameter.VAR_KEYWORD)}
            parameters = [(p, kinds[kind], ... if more else inspect.Parameter.empty) for p, kind, more in known["signature"]]
            self.__signature__ = inspect.Signature([inspect.Parameter(p, kind, default=d) for p, kind, d in parameters])

    def __call__(self, *arguments):
        """What it returns; what it changes in its arguments is changed, and what it raises is raised."""
        seed = int(np.random.randint(2**31))  # noqa: NPY002  (the check has seeded it)
        answer = self.process.ask("call", self.name, [sent(one) for one in arguments], seed)
        try:
            for k, after in answer.get("changed", {}).items():
                after, before = received(after), arguments[int(k)]
                before[...] = after if np.shape(after) == before.shape else np.nan
            if "value" in answer and not answer["stopped"]:
                return received(answer["value"])
            error = calls.Stopped() if "stopped" in answer else REPORTED.get(answer["kind"], Reported)()
            error.said, error.place = str(answer.get("error"))[:500], [str(answer.get("place"))[:80]]
        except Exception:
            error = ValueError(NO_ANSWER)
        raise error


# ---------------------------------------------------------------- the notebook


def grade_id(cell):
    """nbgrader's name of a cell, or the notebook's own, or ''."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "") or cell.get("id", "")


def read(content):
    """The cells of a notebook; ValueError says in words why there are none."""
    try:
        return nbformat.reads(content.decode("utf-8-sig"), as_version=4).cells
    except Exception as error:
        raise ValueError(f"not a notebook: {type(error).__name__}: {' '.join(str(error).split())[:120]}") from None


def exercises(salt):
    """The module with the exercises; the numbers of its problems are drawn with a salt."""
    draw = np.random.default_rng
    with mock.patch.object(np.random, "default_rng", lambda seed: draw([seed, salt])):
        from helpers.exercises import lesson_07
    return lesson_07


def asked(released):
    """The points of each exercise, by its name, in their order."""
    checks = [cell.metadata["nbgrader"] for cell in released if "nbgrader" in cell.metadata]
    return {one["grade_id"].removeprefix("check_"): one["points"] for one in checks if one["grade"]}


def find(cells, name):
    """The index of the last cell that defines a function, or else is named like it; None where no cell does."""
    writing = [k for k, cell in enumerate(cells) if re.search(rf"^(def {name}\b|{name} *=)", cell.source, re.MULTILINE)]
    return max(writing or [k for k, cell in enumerate(cells) if grade_id(cell) == name], default=None)


def graded(cells, released, lesson, process):
    """Run the cells up to the last answer; each exercise is checked after the cell that defines it."""
    names, code = asked(released), [cell for cell in cells if cell.cell_type == "code"]
    idle = {cell.source.strip() for cell in released if grade_id(cell) not in (*KEPT, *names)}
    places, found = {name: find(code, name) for name in names}, {}
    for k, cell in enumerate(code[: max([k for k in places.values() if k is not None], default=-1) + 1]):
        stops = "" if cell.source.strip() in idle else process.run(cell.source)
        for name in (name for name in names if places[name] == k):
            exercise = getattr(lesson, name)
            function, *earlier = (process.function(one.name) for one in (exercise, *exercise.builds_on))
            if function is None:
                found[name] = {"diagnosis": f"its cell stops: {stops}" if stops else "its cell does not define it", "points": 0}
                continue
            result = exercise.check(function, *earlier)
            said = f"{result.outcome}: {result.message.splitlines()[0]}"
            found[name] = {"diagnosis": said, "points": result.points * names[name], "page": result._repr_html_()}
    return {name: found.get(name, {"diagnosis": "no cell defines it", "points": 0}) for name in names}


def grade(path, isolated):
    """All that grade.py wants to know of a file."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"not graded: larger than {LARGEST >> 20} MB")
    content = path.read_bytes()
    cells, released = read(content), nbformat.read(NOTEBOOK, as_version=4).cells
    lesson = exercises(int(hashlib.sha256(content).hexdigest()[:15], 16))
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as name:
        rows = graded(cells, released, lesson, Process(pathlib.Path(name), isolated))
        kill(family())
    return {"problem": "", "exercises": rows}


def main(path, isolated):
    """Print what is found; whatever ends this process ends the submission's."""
    for one in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, lambda *_: (kill(family()), sys.exit(1)))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1)
    try:
        row = grade(pathlib.Path(path), isolated == "isolated")
    except ValueError as error:
        row = {"problem": str(error), "exercises": {}}
    print(json.dumps(row))


if __name__ == "__main__":
    main(*sys.argv[1:])
