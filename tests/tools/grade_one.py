"""Grade one submission: called by grade.py for each file, prints what it found as JSON.

The verdict is made here, where no submission can write. Its cells and functions run in a process of their own
(grade_worker.py), which is asked for arrays over a pipe; the check of an exercise runs here, on what comes back, with
other numbers than in the notebook. What comes back is read as numbers and words; nothing of it is run.
"""

import ast
import contextlib
import ctypes
import importlib
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
import zlib
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

CELL, ALL = 30, 120  # seconds for one cell, and for one submission; a usual one takes three
PROCESSES, MEMORY = 30, 3 * 2**30  # of one submission together; each process has limits of its own, too
ANSWER, LARGEST = 16 * 2**20, 50 * 2**20  # bytes of one answer, and of a notebook
SUBREAPER = 36  # of prctl, on Linux: a process that has left its parent becomes a child of this one
SALT = 1  # what the seeds of the problems are mixed with; a test shows that all known answers are judged alike
IMPORTS = "import numpy as np\nfrom helpers.network import weighted_inputs\nfrom helpers.softmax import softmax"
SOURCE = (ROOT / "tests" / "injection.py").read_text(encoding="utf-8")
KEY = {one.name: ast.get_source_segment(SOURCE, one) for one in ast.parse(SOURCE).body if hasattr(one, "args")}
DRAWN = ("problems", "ideas", "loop", "lesson_07")  # what holds numbers that are drawn
KEPT = ("setup", "imports")  # what the answers need of the cells that are no answers
NEEDLESS = re.compile(  # what an answer has no need of; to measure beside it is no sin
    r"helpers\.exercises\b(?! import lesson_07|\.asking)|\blesson_07\.(?!\w+\.check\b)\w+|\bsys\.(?!path)\w+"
    r"|\b(?:os|gc|inspect|builtins|signal|subprocess|socket|ctypes|importlib|multiprocessing|threading|types)\.\w+"
    r"|\b(?:open|eval|exec|globals|setattr)(?=\()|\b__(?!name__)\w+__|(?<=\n) +.*?\b(numerical\.\w+)"
)


# ---------------------------------------------------------------- the process of a submission


def shut_in(course):
    """The command that runs what follows it with Python and the course in sight, and no network."""
    python = {sys.prefix, sys.base_prefix, str(pathlib.Path(sys.executable).resolve().parents[1])}
    seen = [*python, "/usr", "/bin", "/lib", "/lib64", "/etc/ld.so.cache"]
    bound = [part for place in seen for part in ("--ro-bind-try", place, place)]
    own = ["--ro-bind", str(course), "/course", "--size", str(64 * 2**20), "--tmpfs", "/course/notebooks"]
    system = ["--proc", "/proc", "--dev", "/dev", "--chdir", "/course/notebooks"]
    alone = ["--unshare-all", "--cap-drop", "ALL", "--die-with-parent", "--new-session"]
    return ["bwrap", *alone, *bound, *own, *system]


def can_shut_in():
    """Whether this machine offers that: tried once, with a process that does nothing."""
    with tempfile.TemporaryDirectory() as name, contextlib.suppress(OSError):
        (pathlib.Path(name) / "notebooks").mkdir()
        command = [*shut_in(name), sys.executable, "-c", ""]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    return False


def family():
    """All processes that a submission has started; those that have ended are let go."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
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
        self.waits, line = True, bytearray()
        with contextlib.suppress(OSError):
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            while not line.endswith(b"\n") and len(line) < ANSWER and (part := self.process.stdout.read(2**20)):
                line += part
        if not line.endswith(b"\n"):
            raise ChildProcessError(self.why or ("its answer is too long" if line else "its process has ended"))
        try:
            answer = json.loads(line)
        except (ValueError, RecursionError):
            raise ChildProcessError("its answer cannot be read") from None
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
        """A function as a check takes it; None if there is none; if it cannot be called, an object of its type."""
        with contextlib.suppress(calls.Stopped, Exception), calls.alarm(CELL):
            known = self.ask("about", name)
            return known and (Function(self, name, known) if known["callable"] else decode(known))


# ---------------------------------------------------------------- its functions, as a check sees them


RAISED = {kind.__name__: kind for kind in KINDS}
calls.explain = str  # an error says in words what it is, and brings along the function that it comes from
calls.own_line = lambda error: getattr(error, "place", None)


class Function:
    """A function of a submission. Each call is a question to its process."""

    def __init__(self, process, name, known):
        self.process, self.name = process, name
        self.__code__ = SimpleNamespace(co_stacksize=known.get("stack", 9))  # of a stub it is 1

    def __call__(self, *arguments):
        """What it returns; what it changes in its arguments is changed, and what it raises is raised."""
        seed = int(np.random.randint(2**31))  # noqa: NPY002  (the check has seeded it)
        answer = self.process.ask("call", self.name, encode(arguments), seed)
        try:
            for k, after in answer.get("changed", {}).items():
                after, before = decode(after), arguments[int(k)]
                before[...] = after if np.shape(after) == before.shape else np.nan
            if "value" in answer and not answer["stopped"]:
                return decode(answer["value"])
            kind = calls.Stopped if "stopped" in answer else RAISED.get(answer["kind"], Exception)
            error = kind(str(answer.get("error"))[:500])
            error.place = [str(answer.get("place"))[:80]]
        except Exception:
            error = ChildProcessError("its answer cannot be read")
        raise error


# ---------------------------------------------------------------- the notebook


def read(content):
    """The cells of a notebook; ValueError says in words why there are none."""
    try:
        cells = []
        for k, cell in enumerate(json.loads(content.decode("utf-8-sig"))["cells"]):
            nbgrader = cell.get("metadata", {}).get("nbgrader", {})
            attached = [pair for one in cell.get("attachments", {}).values() for pair in one.items()]
            pictures = [f"data:{kind};base64,{data}" for kind, data in attached if kind in ("image/png", "image/jpeg")]
            name = nbgrader.get("grade_id") or cell.get("id") or f"cell {k}"
            parts = {"kind": cell["cell_type"], "source": "".join(cell["source"]).strip(), "pictures": pictures}
            cells.append(SimpleNamespace(name=name, nbgrader=nbgrader, **parts))
        return cells
    except Exception as error:
        raise ValueError(f"not a notebook ({type(error).__name__})") from None


def asked(released):
    """The check of each exercise, by the exercise's name, in their order."""
    return {cell.name.removeprefix("check_"): cell for cell in released if cell.nbgrader.get("grade")}


def find(cells, name):
    """The last cell that defines a function, or else is named like it; None where no cell does."""
    writing = [cell for cell in cells if re.search(rf"^(def {name}\b|{name} *=)", cell.source, re.MULTILINE)]
    return ([None, *(cell for cell in cells if cell.name == name), *writing])[-1]


def exercises(salt):
    """The module with the exercises; the seeds of the numbers in its problems are mixed with salt."""
    for name in DRAWN:
        sys.modules.pop(f"helpers.exercises.{name}", None)
    draw = np.random.default_rng
    with mock.patch.object(np.random, "default_rng", lambda seed: draw([seed, *salt])):
        return importlib.import_module("helpers.exercises.lesson_07")


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


def verdict(name, worth, lessons, process, stops):
    """Points, diagnosis and what the check says of an exercise whose cell has just run."""
    own, others = (getattr(lesson, name) for lesson in lessons)
    function, *earlier = (process.function(one.name) for one in (others, *others.builds_on))
    if function is None:
        return {"points": 0, "diagnosis": f"its cell stops: {stops}" if stops else "its cell does not define it"}
    result, names = others.check(function, *earlier), " and ".join(one.name for one in others.builds_on)
    wrong = result.outcome == "wrong" or "earlier unwritten" in result.keys
    if wrong and names and carried_on(others, function, earlier, process):
        result, wrong = Result(name, "passed", (reason("carried on", functions=names),)), False
    said = f"{result.outcome}: {result.message.splitlines()[0]}"
    if wrong and own.check(process.function(name), *earlier).points:
        said = f"right with the numbers of the notebook, but with others {said}"
    return {"points": result.points * worth, "diagnosis": said, "page": result._repr_html_()}


# ---------------------------------------------------------------- what a person should look at


def to_look_at(cells, code, answers, checks, known):
    """Edited and missing checks, another notebook, and what an answer has no need of."""
    if not any(answers.values()):
        titles = [line for cell in cells for line in cell.source.splitlines() if line.startswith("#")]
        yield f"another notebook? {titles[0][:60] if titles else ''}" if code else "empty: there is no code"
        return
    own, sources = [cell for cell in code if cell.source not in known], {cell.source for cell in code}
    if changed := [name for name, check in checks.items() if check.source not in sources]:
        yield f"checks edited or missing: {', '.join(changed)}"
    text = "\n".join(re.sub("#.*", "", cell.source) for cell in own)
    if uses := {" ".join((match[1] or match[0]).split()) for match in NEEDLESS.finditer(text)}:
        yield f"uses {', '.join(sorted(uses))}"


def marks(sources):
    """Numbers for what programs are made of, five parts each. The names that a program chooses do not count."""
    parts, waiting = [], []
    for source in sources:
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            waiting.append(ast.parse(source))
    while waiting:
        node = waiting.pop()
        if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):  # a docstring
            detail = node.value if isinstance(node, ast.Constant) else getattr(node, "attr", "")
            parts.append(f"{type(node).__name__} {detail!r:.20}")
            waiting += reversed(list(ast.iter_child_nodes(node)))
    return sorted({zlib.crc32(" ".join(parts[k : k + 5]).encode()) for k in range(len(parts) - 4)})


def row(problem="", look=(), **more):
    """All that grade.py wants to know of a file."""
    return {"problem": problem, "look": look, "exercises": {}, "own": "", "marks": [], "derivation": []} | more


def grade(path, isolated, folder):
    """The row of a file: its cells run up to the last answer, and each exercise is checked where it is defined."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"not graded: larger than {LARGEST >> 20} MB")
    released = read(NOTEBOOK.read_bytes())
    cells, checks, known = read(path.read_bytes()), asked(released), {cell.source for cell in released}
    idle = {cell.source for cell in released if cell.name not in (*KEPT, *checks)}
    code = [cell for cell in cells if cell.kind == "code"]
    answers = {name: find(code, name) for name in checks}
    found = {name: {"points": 0, "diagnosis": "no cell defines it", "code": ""} for name in checks}
    lessons = [exercises(salt) for salt in ((), (SALT,))]
    last = max((k for k, cell in enumerate(code) if any(cell is one for one in answers.values())), default=-1)
    process = Process(folder, isolated)
    for cell in code[: last + 1]:
        stops = "" if cell.source in idle else process.run(cell.source)
        for name in (name for name in checks if answers[name] is cell):
            worth = checks[name].nbgrader["points"]
            found[name] = {"code": cell.source[:20_000]} | verdict(name, worth, lessons, process, stops)
    own = [cell.source for cell in answers.values() if cell and cell.source not in known]
    look = [*to_look_at(cells, code, answers, checks, known), *([] if isolated else ["not isolated"])]
    texts = [cell for cell in cells if cell.kind == "markdown" and any(answers.values())]
    words = [(cell.source, cell.pictures) for cell in texts if cell.pictures or cell.source not in known]
    return row(look=look, exercises=found, own="\n".join(own), marks=marks(own), derivation=words)


def main(path, isolated):
    """Print the row of a file; whatever ends this process ends the submission's."""
    folder = tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True)

    def end(*_):
        kill(family())
        folder.cleanup()
        os._exit(1)  # what is at work here may catch any exception

    signal.signal(signal.SIGTERM, end)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SUBREAPER, 1)
    with folder:
        try:
            found = grade(pathlib.Path(path), isolated == "isolated", pathlib.Path(folder.name))
        except ValueError as error:
            found = row(str(error))
        kill(family())
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
