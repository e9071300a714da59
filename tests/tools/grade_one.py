"""Grade one submission: called by grade.py for each file, prints what it found as JSON.

The verdict is made here, where no submission can write. Its cells and functions run in a process of their own
(grade_worker.py), which is asked for arrays over a pipe; the check of an exercise runs here, on what comes back, with
other numbers than in the notebook. What comes back is read as numbers and words; nothing of it is run.
"""

import ast
import contextlib
import ctypes
import html
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from types import SimpleNamespace
from unittest import mock

import numpy as np
import psutil

TOOLS = pathlib.Path(__file__).resolve().parent
ROOT = TOOLS.parents[1]
NOTEBOOK = ROOT / "notebooks" / "07_homework.ipynb"
sys.path.insert(0, str(ROOT))

from grade_worker import KINDS, decode, encode  # noqa: E402
from helpers.exercises import calls  # noqa: E402
from helpers.exercises.exercise import reason  # noqa: E402
from helpers.exercises.panel import Result  # noqa: E402

SALT = 1  # what the seeds of the problems are mixed with: the numbers are not those in the notebook
draw = np.random.default_rng
with mock.patch.object(np.random, "default_rng", lambda seed: draw([seed, SALT])):
    from helpers.exercises import lesson_07

CELL, ALL = 30, 120  # seconds for one cell, and for one submission; a usual one takes three
PROCESSES, MEMORY = 30, 3 * 2**30  # of one submission together; each process has limits of its own, too
ANSWER = 16 * 2**20  # characters of one answer
SUBREAPER = 36  # of prctl, on Linux: a process that has left its parent becomes a child of this one
IMPORTS = "import numpy as np\nfrom helpers.network import weighted_inputs\nfrom helpers.softmax import softmax"
SOURCE = (ROOT / "tests" / "injection.py").read_text(encoding="utf-8")
KEY = {one.name: ast.get_source_segment(SOURCE, one) for one in ast.parse(SOURCE).body if hasattr(one, "args")}
NEEDLESS = re.compile(  # what an answer has no need of; to measure beside it is no sin
    r"helpers\.exercises\b(?! import lesson_07|\.asking)|\blesson_07\.(?!\w+\.check\b)\w+|\bsys\.(?!path)\w+"
    r"|\b(?:os|gc|inspect|builtins|signal|subprocess|socket|ctypes|importlib|multiprocessing|threading|types)\.\w+"
    r"|\b(?:open|eval|exec|globals|setattr)(?=\()|\b__(?!name__)\w+__|(?<=\n) +.*?\b(numerical\.\w+)"
)


def shut_in(course):
    """The command that runs what follows it with Python and the course in sight, and no network."""
    python = {sys.prefix, sys.base_prefix, str(pathlib.Path(sys.executable).resolve().parents[1])}
    seen = [*python, "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"]
    bound = [part for place in seen for part in ("--ro-bind-try", place, place)]
    own = ["--ro-bind", str(course), "/course", "--size", str(64 * 2**20), "--tmpfs", "/course/notebooks"]
    system = ["--proc", "/proc", "--dev", "/dev", "--chdir", "/course/notebooks"]
    alone = ["--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--new-session"]
    return ["bwrap", *alone, *bound, *own, *system]


TRIED = [*shut_in(ROOT), sys.executable, "-c", ""]
SHUT_IN = bool(shutil.which("bwrap")) and not subprocess.run(TRIED, capture_output=True, check=False).returncode


def family():
    """All processes that a submission has started; those that have ended are let go."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    return psutil.Process().children(recursive=True)


def end_family():
    """End all of them."""
    for one in family():
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()


class Process:
    """The process of a submission. If it does not answer, it is ended and another one takes its place."""

    def __init__(self, course):
        self.course, self.cells, self.why = course, [], ""
        self.process, self.waits, self.deadline = None, True, time.monotonic() + ALL
        shutil.copytree(ROOT / "helpers", course / "helpers")
        (course / "tools").mkdir()
        (course / "notebooks").mkdir()
        shutil.copy(TOOLS / "grade_worker.py", course / "tools")
        threading.Thread(target=self.watch, daemon=True).start()

    def watch(self):
        """End what takes more than its share of the machine."""
        while time.sleep(0.2) is None:
            with contextlib.suppress(psutil.NoSuchProcess):  # one has just ended
                members = family()
                if len(members) > PROCESSES or sum(one.memory_info().rss for one in members) > MEMORY:
                    self.why = "it takes too many processes or too much memory"
                    end_family()

    def start(self):
        """A new process, in which the cells have run that ran in the last one."""
        end_family()
        here = pathlib.Path("/course") if SHUT_IN else self.course
        command = [*(shut_in(self.course) if SHUT_IN else []), sys.executable, here / "tools" / "grade_worker.py"]
        settings = {"HOME": str(here / "notebooks"), "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
        options = {"env": settings, "cwd": self.course / "notebooks", "start_new_session": True}
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, text=True, bufsize=1, **pipes, **options)
        self.waits, self.why = False, ""
        for cell in self.cells:
            self.ask("run", cell)

    def ask(self, *question):
        """The answer to a question. Meant to stand under calls.alarm, which rings in here when its time is over."""
        if time.monotonic() > self.deadline:
            raise TimeoutError(f"the {ALL} seconds of a submission are over")
        if self.waits:  # the last question was not answered
            self.start()
        self.waits, line = True, ""
        with contextlib.suppress(OSError, ValueError):  # its process has ended; it writes what is no text
            self.process.stdin.write(json.dumps(question) + "\n")
            line = self.process.stdout.readline(ANSWER)
        if not line.endswith("\n"):
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
        """A function as a check takes it, or None."""
        with contextlib.suppress(calls.Stopped, Exception), calls.alarm(CELL):
            return Function(self, name) if self.ask("knows", name) else None


calls.explain = str  # an error says in words what it is, and brings along the function that it comes from
calls.own_line = lambda error: getattr(error, "place", None)


class Function:
    """A function of a submission. Each call is a question to its process."""

    def __init__(self, process, name):
        self.process, self.name = process, name

    def __call__(self, *arguments):
        """What it returns; what it changes in its arguments is changed, and what it raises is raised."""
        seed = int(np.random.randint(2**31))  # noqa: NPY002  (the check has seeded it)
        answer = self.process.ask("call", self.name, encode(arguments), seed)
        if answer["stopped"]:
            raise calls.Stopped
        if answer["kind"] is not None:
            error = KINDS.get(answer["kind"], Exception)(str(answer["error"])[:500])
            error.place = [str(answer["place"])[:80]]
            raise error
        for before, after in zip(arguments, decode(answer["arguments"]), strict=True):
            if isinstance(before, np.ndarray) and not np.array_equal(before, after):
                before[...] = after
        return decode(answer["value"])


def read(path):
    """The cells of a notebook: name, kind, what nbgrader knows of it, source, and attached pictures as addresses."""
    cells = []
    for cell in json.loads(path.read_bytes())["cells"]:
        nbgrader = cell.get("metadata", {}).get("nbgrader", {})
        attached = [pair for one in cell.get("attachments", {}).values() for pair in one.items()]
        pictures = [f"data:{kind};base64,{data}" for kind, data in attached if kind in ("image/png", "image/jpeg")]
        name, source = nbgrader.get("grade_id") or cell.get("id"), "".join(cell["source"]).strip()
        parts = {"kind": cell["cell_type"], "nbgrader": nbgrader, "source": source, "pictures": pictures}
        cells.append(SimpleNamespace(name=name, **parts))
    return cells


RELEASED = read(NOTEBOOK)
KNOWN = {cell.source for cell in RELEASED}
CHECKS = {cell.name.removeprefix("check_"): cell for cell in RELEASED if cell.nbgrader.get("grade")}
IDLE = {cell.source for cell in RELEASED if cell.name not in ("setup", "imports", *CHECKS)}  # no answer needs them


def find(cells, name):
    """The last cell that defines a function, or else is named like it; None where no cell does."""
    writing = [cell for cell in cells if re.search(rf"^(def {name}\b|{name} *=)", cell.source, re.MULTILINE)]
    return ([None, *(cell for cell in cells if cell.name == name), *writing])[-1]


def given(exercise, earlier):
    """The exercise when what is asked is what is right given the student's own earlier functions."""

    def asked(problem):
        own = calls.call(lambda: exercise.given(problem, *earlier)).value
        return {name: own[name] for name in exercise.asked(problem) if np.any(own[name])}  # zeros excuse nothing

    return replace(exercise, asked=asked, given=None, builds_on=())


def carried_on(exercise, function, earlier, process):
    """Whether a mistake is that of an earlier function: the same one is made, or with right ones it is not there."""
    with contextlib.suppress(Exception):
        if given(exercise, earlier).check(function):
            return True
    cells = list(process.cells)
    process.run("\n\n".join([IMPORTS, *(KEY[name] for name in exercise.before())]))
    passed = exercise.check(process.function(exercise.name)).points
    process.cells, process.waits = cells, True  # a new process, with the student's own functions
    return passed


def entry(diagnosis, points=0, page=""):
    """What table and page say of an exercise."""
    return {"points": points, "diagnosis": diagnosis, "page": page or f"<p>{html.escape(diagnosis)}</p>", "code": ""}


def verdict(exercise, process, stops):
    """The entry of an exercise whose cell has just run."""
    function, *earlier = (process.function(one.name) for one in (exercise, *exercise.builds_on))
    if function is None:
        return entry(f"its cell stops: {stops}" if stops else "its cell does not define it")
    result, names = exercise.check(function, *earlier), " and ".join(one.name for one in exercise.builds_on)
    wrong = result.outcome == "wrong" or "earlier unwritten" in result.keys
    if wrong and names and carried_on(exercise, function, earlier, process):
        result = Result(exercise.name, "passed", (reason("carried on", functions=names),))
    worth = CHECKS[exercise.name].nbgrader["points"]
    return entry(f"{result.outcome}: {result.message.splitlines()[0]}", result.points * worth, result._repr_html_())


def to_look_at(cells, code, answers):
    """Edited and missing checks, another notebook, and what an answer has no need of."""
    if not answers:
        titles = re.findall("^#.*", "\n".join(cell.source for cell in cells), re.MULTILINE)
        yield f"another notebook? {titles[0][:60] if titles else ''}" if code else "empty: there is no code"
        return
    sources = {cell.source for cell in code}
    if changed := [name for name, check in CHECKS.items() if check.source not in sources]:
        yield f"checks edited or missing: {', '.join(changed)}"
    text = "\n".join(re.sub("#.*", "", source) for source in sources - KNOWN)
    if uses := {" ".join((match[1] or match[0]).split()) for match in NEEDLESS.finditer(text)}:
        yield f"uses {', '.join(sorted(uses))}"


def marks(source):
    """What a program is made of, five parts each. The names that it chooses do not count."""
    parts = []
    with contextlib.suppress(Exception):  # it is no Python
        parts = [f"{type(node).__name__} {getattr(node, 'attr', '')}" for node in ast.walk(ast.parse(source))]
    return {" ".join(parts[k : k + 5]) for k in range(len(parts) - 4)}


def row(problem="", **more):
    """All that grade.py wants to know of a file."""
    exercises = {name: entry("not graded") for name in CHECKS}
    return {"problem": problem, "look": [], "exercises": exercises, "own": [], "marks": [], "derivation": []} | more


def grade(path, folder):
    """The row of a file: its cells run up to the last answer, and each exercise is checked where it is defined."""
    cells = read(path)
    code, texts = ([cell for cell in cells if cell.kind == kind] for kind in ("code", "markdown"))
    answers = {name: cell for name in CHECKS if (cell := find(code, name))}
    found, process, stopped = {name: entry("no cell defines it") for name in CHECKS}, Process(folder), []
    for cell in code:
        waiting = [name for name in answers if not found[name]["code"]]
        stops = process.run(cell.source) if waiting and cell.source not in IDLE else ""
        here = [name for name in waiting if answers[name] is cell]
        stopped += [f"a cell stops: {stops}"] if stops and not here else []
        for name in here:
            found[name] = verdict(getattr(lesson_07, name), process, stops) | {"code": cell.source[:20_000]}
    own = [cell.source for cell in answers.values() if cell.source not in KNOWN]
    look = [*to_look_at(cells, code, answers), *([] if SHUT_IN else ["not isolated"])]
    words = [(cell.source, cell.pictures) for cell in texts if answers and (cell.pictures or cell.source not in KNOWN)]
    alike = sorted(set().union(*map(marks, own)))
    return row("; ".join(stopped), look=look, exercises=found, own=own, marks=alike, derivation=words)


def main(path):
    """Print the row of a file; whatever ends this process ends the submission's."""
    folder = tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True)

    def end(*_):
        end_family()
        folder.cleanup()
        os._exit(1)  # what is at work here may catch any exception

    signal.signal(signal.SIGTERM, end)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1)
    with folder:
        try:
            found = grade(pathlib.Path(path), pathlib.Path(folder.name))
        except Exception as error:
            found = row(f"not graded: {error!r}")
        end_family()
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
