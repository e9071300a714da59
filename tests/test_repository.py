"""The repository itself: which files it holds, how large they are, which way helpers/ imports, what it promises.

A guard takes what it looks at and returns complaints; each is shown to complain.
"""

import ast
import importlib
import inspect
import pathlib
import re
import subprocess
import sys

import nbformat
import pytest

from helpers.exercises import lesson_07
from injection import FUNCTIONS, RIGHT

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    *(".ci", ".gitattributes", ".github", ".gitignore", "CITATION.cff", "LICENSE", "Makefile", "README.md"),
    *("pyproject.toml", "requirements.txt", "binder", "helpers", "notebooks", "tests"),
}
# A file in helpers/ imports only from those before it; the two rooms at the end use all of them, never each other.
ORDER = ["arguments", "softmax", "cross_entropy", "network", "numerical", "datasets", "figures"]
ROOMS = ["exercises", "explorers"]
# What explorers may use of the exercises: how a student's function is called, and what is measured of wrong ideas.
SHARED = tuple(f"helpers.exercises.{name}" for name in ("calls", "exercise", "ideas", "problems"))
INSTALLED = {"numpy", "matplotlib", "ipywidgets", "anywidget", "IPython", "traitlets", "PIL"}  # some with others
MATHEMATICS = ["softmax", "cross_entropy", "network"]


command = ["git", "ls-files", "-z"]
listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
FILES = [name for name in listed if name and (ROOT / name).exists()]
HELPERS = [name for name in FILES if re.fullmatch(r"helpers/(?!data/).*\.py", name)]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8", errors="ignore")


# What is where


def test_the_repository_holds_what_the_design_names():
    assert {name.split("/")[0] for name in FILES} == TOP_LEVEL


def test_no_file_names_a_folder_of_a_machine():
    assert [name for name in FILES if re.search(r"/(?:root/|work/|home/[a-z]+/)|[A-Z]:\\Users", read(name))] == []


def test_ci_runs_every_folder_of_tests():
    folders = {name.split("/")[1] for name in FILES if re.fullmatch(r"tests/\w+/test_\w+\.py", name)}
    assert {f"test-{folder}" for folder in folders} == set(re.findall(r"test-\w+", read(".ci/run")))


@pytest.mark.parametrize("name", [name for name in FILES if re.search(r"^(?!binder/req).*requirements\.txt$", name)])
def test_requirements_are_exact_and_each_says_its_purpose(name):
    packages = [line for line in read(name).splitlines() if line and not line.startswith("#")]
    assert packages
    assert [line for line in packages if not re.fullmatch(r"[a-z0-9-]+==[\d.]+ +# \S.*", line)] == []


# How large it is

MECHANISM = ("__init__", "calls", "exercise", "panel", "problems")


def lines(*patterns):
    """The lines of the files that match one of the patterns."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for one in patterns for path in ROOT.glob(one))


def functions(source):
    """Name, lines from def to end, and lines of the body after docstring and checks, of every function."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            work = [part for part in body if not (isinstance(part, ast.If) and isinstance(part.body[-1], ast.Raise))]
            work = [part for part in work if "arguments." not in ast.unparse(part)]
            yield node.name, node.end_lineno - node.lineno + 1, sum(p.end_lineno - p.lineno + 1 for p in work)


@pytest.mark.parametrize(
    ("most", "patterns"),
    [
        (300, [f"helpers/{name}.py" for name in MATHEMATICS]),
        (900, ["helpers/*.py"]),
        (1300, [f"helpers/exercises/{name}.py" for name in (*MECHANISM, "ideas", "loop", "lesson_07")]),
        *((60, [f"helpers/exercises/lesson_0{k}.py"]) for k in (1, 2, 3, 4, 5, 6, 8)),
        (4530, ["helpers/**/*.py"]),
        (820, ["tests/tools/*grade*.py", "tests/grading/*.py"]),
        (8300, ["tests/**/*.py"]),
    ],
)
def test_it_can_be_read_in_one_sitting(most, patterns):
    assert lines(*patterns) <= most


def test_no_function_in_helpers_is_longer_than_a_page_and_the_mathematics_reads_like_the_note():
    assert [(name, f) for name in HELPERS for f, length, _ in functions(read(name)) if length > 60] == []
    names = [f"helpers/{name}.py" for name in MATHEMATICS]
    assert [(name, f) for name in names for f, _, work in functions(read(name)) if work > 6] == []


def test_the_lines_of_a_function_are_counted():
    checks = "    'Words.'\n    a = arguments.floats(a)\n    if a < 0:\n        raise ValueError\n"
    assert list(functions(f"def f(a):\n{checks}    b = (\n        1\n    )\n    return b")) == [("f", 9, 4)]


# Which way it imports


def imports(source):
    """Dotted names of everything that a source text imports, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names)


def wrong_imports(name, source):
    """What a file in helpers/ imports, but should not."""
    here = name.split("/")[1].removesuffix(".py")
    allowed = {here, *(ORDER if here in ROOMS else ORDER[: ORDER.index(here)])}
    for found in imports(source):
        top, *rest = found.split(".")
        shared = here == "explorers" and found.startswith(SHARED)
        if top == "helpers" and rest:
            if rest[0] not in allowed and not shared:
                yield f"{name} imports {found}, which comes after it"
        elif top not in sys.stdlib_module_names and top not in INSTALLED:
            yield f"{name} imports {found}, which a student has not installed"


@pytest.mark.parametrize("name", [name for name in HELPERS if name != "helpers/__init__.py"])
def test_helpers_import_one_way(name):
    assert list(wrong_imports(name, read(name))) == []


@pytest.mark.parametrize(
    ("name", "source", "wrong"),
    [
        ("softmax.py", "from helpers import figures", True),
        ("softmax.py", "def f():\n    import helpers.network", True),
        ("explorers/softmax.py", "from scipy.special import softmax", True),
        ("figures.py", "from helpers.explorers.softmax import softmax", True),
        ("explorers/player.py", "from helpers.exercises import lesson_07", True),
        ("explorers/player.py", "import json, numpy\nfrom helpers import figures", False),
        ("explorers/player.py", "from helpers.exercises.calls import call\nfrom helpers.explorers import live", False),
    ],
)
def test_wrong_imports_are_found_and_right_ones_are_not(name, source, wrong):
    assert bool(list(wrong_imports(f"helpers/{name}", source))) == wrong


def test_importing_helpers_changes_no_global_style():
    modules = ", ".join(name.removesuffix(".py").replace("/", ".").removesuffix(".__init__") for name in HELPERS)
    program = (
        "import matplotlib as mpl\nbefore = dict.copy(mpl.rcParams)\n"
        f"import {modules}\n"
        "after = dict.copy(mpl.rcParams)\n"
        "assert before == after, {name for name in before if before[name] != after[name]}\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


# The homework's promise, as README.md states it


FORMULA = (  # ways to write the gradients, looked for in code without its blanks
    r"\.T@\(?[xX]\b|[xX]\.T@"  # (A - Y).T @ X, and the same transposed
    r"|outer\([^,]*-"  # outer(a - y, x)
    r"|\([aA]-[yY]\)\[[^\]]*None\]\*|einsum"  # (a - y)[:, None] * x
)
STEP = (
    r"\b(?:\w+\.)*[Wb]-=|\b([Wb])=(?:\w+\.)*\1-"  # W -= ..., b = b - ...
    r"|(?:\b|return)[Wb]-(?:\w+\.)*(?:lr|eta|rate|step|learning_rate)\b"  # W - learning_rate * slope
    r"|-(?:\w+\.)*(?:lr|eta|rate|step|learning_rate)\*(?:\w+\.)*gradient\("  # whatever moves, by what is measured
)
IN_PROSE = r"\(a_j-y_j\)(?:\\cdot|\\,|\\;)*x_i|x_i(?:\\cdot|\\,|\\;)*\(a_j-y_j\)"  # (a_j - y_j) x_i


def shuffled_loop(source):
    """The functions that draw an order and walk through it in slices."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            calls = [part for part in ast.walk(node) if isinstance(part, ast.Call)]
            draws = any(getattr(call.func, "attr", "") in ("permutation", "shuffle", "permuted") for call in calls)
            strides = any(getattr(call.func, "id", "") == "range" and len(call.args) == 3 for call in calls)
            if draws and strides:
                yield node.name


def gives_away(code="", prose=""):
    """What in a code or a text shows an answer to the homework."""
    bare = re.sub(r"[ \t]", "", "\n".join(line.split("#")[0] for line in code.splitlines()))
    found = [match[0] for match in re.finditer(f"{FORMULA}|{STEP}", bare)] + list(shuffled_loop(code))
    bare = re.sub(r"\s|\\left|\\right", "", prose)
    return found + re.findall(IN_PROSE, bare)


STUDENTS_GET = [name for name in FILES if not name.startswith("tests/")]  # the answers stand there


@pytest.mark.parametrize("name", [n for n in STUDENTS_GET if n in HELPERS or n.endswith((".ipynb", ".md", ".toml"))])
def test_the_homework_is_left_to_the_student(name):
    text = read(name)
    if name.endswith(".ipynb"):
        for cell in nbformat.reads(text, as_version=4).cells:
            assert gives_away(cell.source if cell.cell_type == "code" else "", cell.source) == [], cell.id
    else:
        assert gives_away(text if name in HELPERS else "", text) == []


@pytest.mark.parametrize(
    "code",
    ["(A - Y).T @ X / len(X)", "grad = X.T @ (A - Y)", "dW = np.outer(softmax(z) - y, x)", "(a - y)[:, None] * x",
     'np.einsum("nj,ni->ji", A - Y, X)', "W -= 0.1 * dW", "self.b = self.b - 0.1 * db", "b = b - 0.1 * db",
     "W - self.learning_rate * slope_W", "p = p - learning_rate * numerical.gradient(loss, p)",
     "def f():\n    order = rng.permutation(N)\n    for k in range(0, N, size):\n        g(X[order[k : k + size]])"],
)  # fmt: skip
def test_code_that_gives_the_homework_away_is_found(code):
    assert gives_away(code)


def test_a_formula_that_gives_the_homework_away_is_found():
    assert gives_away(prose=r"$(a_j - y_j)\, x_i$") and gives_away(prose=r"$x_i \cdot \left(a_j - y_j\right)$")


def test_what_does_not_is_left_alone():
    code = (
        "z = X @ W.T + b; W[j] - W[k]; a - y; e -= 1; np.outer(a, a); b[j] - b[k]; rng.permutation(9)  # W -= rate * dW"
    )
    assert gives_away(code, r"$a_j - y_j$ and $\sum_i w_{ji} x_i + b_j$ and $(a_j - y_j)$") == []


def public_functions():
    """Every public function that helpers/ holds."""
    for name in HELPERS:
        module = importlib.import_module(name.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
        yield from (f for f in vars(module).values() if inspect.isfunction(f) and f.__module__ == module.__name__)


def passes(function):
    """The exercises of lesson 7 that a function passes as it is."""
    exercises = [getattr(lesson_07, name) for name in RIGHT]
    count = len(inspect.signature(function).parameters)
    return [each.name for each in exercises if len(each.parameters) == count and each.check(function)]


def test_nothing_in_helpers_passes_an_exercise():
    assert {function: passes(function) for function in public_functions() if passes(function)} == {}
    assert {function.__name__: passes(function) for function in FUNCTIONS} == {name: [name] for name in RIGHT}
