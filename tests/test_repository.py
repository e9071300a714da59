"""The repository itself: which files it holds, which way helpers/ imports, and that the homework stays homework."""

import ast
import pathlib
import re
import subprocess
import sys

import nbformat
import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOP_LEVEL = {
    *(".ci", ".github", ".gitignore", "LICENSE", "Makefile", "README.md", "pyproject.toml", "requirements.txt"),
    *("binder", "helpers", "notebooks", "tests"),
}
# A file in helpers/ imports only from those before it.
ORDER = [
    *("environment", "arguments", "softmax", "cross_entropy", "network", "numerical", "datasets"),
    *("homework", "figures", "painting", "live", "explorers"),
]
INSTALLED = {"numpy", "matplotlib", "ipywidgets", "IPython", "traitlets"}  # the last two come with ipywidgets
DOES_NOT_BELONG = re.compile(r"\.ipynb_checkpoints|__pycache__|\.pyc$|\.egg-info|~$|Untitled|\.DS_Store|\.orig$|\.rej$")
MACHINE_PATH = re.compile(r"/(?:root/|work/main|tmp/ipykernel|home/[a-z]+/)|[A-Z]:\\Users")
# Ways to write the homework's answers, looked for in code without its blanks.
HOMEWORK_CODE = re.compile(
    r"\.T@\(?[xX]\b"  # (A - Y).T @ X
    r"|[xX]\.T@"  # the same, transposed
    r"|outer\([^,]*-"  # outer(a - y, x)
    r"|\([aA]-[yY]\)\[[^\]]*None\]\*"  # (a - y)[:, None] * x
    r"|einsum"
    r"|\b[Wb]-=|\b([Wb])=\1-"  # W -= ..., b = b - ...
    r"|(?:\b|return)[Wb]-(?:self\.)?(?:lr|eta|rate|step|learning_rate)\b"
)
# The same in a formula: (a_j - y_j) x_i, whatever stands between.
HOMEWORK_FORMULA = re.compile(r"\(a_j-y_j\)(?:\\cdot|\\,|\\;)*x_i|x_i(?:\\cdot|\\,|\\;)*\(a_j-y_j\)")


def tracked():
    """The repository's files as git lists them; in a copy without git, all files in the folders of the design."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]
    names = [path.relative_to(ROOT).as_posix() for top in TOP_LEVEL for path in [ROOT / top, *(ROOT / top).rglob("*")]]
    return [name for name in names if (ROOT / name).is_file() and "__pycache__" not in name]


FILES = tracked()


def misplaced(names):
    return [name for name in names if name.split("/")[0] not in TOP_LEVEL or DOES_NOT_BELONG.search(name)]


def module(name):
    """`softmax` for helpers/softmax.py, `explorers` for helpers/explorers/softmax.py."""
    return name.split("/")[1].removesuffix(".py")


def imports(source):
    """Dotted names of everything that a source text imports, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names}
    return found


def wrong_imports(name, source):
    """What a file in helpers/ imports, but should not."""
    complaints = []
    for found in sorted(imports(source)):
        top, *rest = found.split(".")
        if top == "helpers" and rest:
            if rest[0] != module(name) and rest[0] not in ORDER[: ORDER.index(module(name))]:
                complaints.append(f"{name} imports {found}, which comes after it")
        elif top not in sys.stdlib_module_names and top not in INSTALLED:
            complaints.append(f"{name} imports {found}, which a student has not installed")
    return complaints


def gives_away(code="", prose=""):
    """What in a code or a text shows the answer to the homework, or ''."""
    without_comments = "\n".join(line.split("#")[0] for line in code.splitlines())
    found = HOMEWORK_CODE.search(re.sub(r"[ \t]", "", without_comments))
    found = found or HOMEWORK_FORMULA.search(re.sub(r"\s", "", prose.replace(r"\left", "").replace(r"\right", "")))
    return found[0] if found else ""


HELPERS = [name for name in FILES if re.fullmatch(r"helpers/(?!data/|__init__).*\.py", name)]
NOTEBOOKS = [name for name in FILES if name.endswith(".ipynb")]


def test_the_repository_holds_what_the_design_names():
    assert {name.split("/")[0] for name in FILES} == TOP_LEVEL
    assert misplaced(FILES) == []


def forgotten(names, makefile, ci):
    """The folders of tests that CI does not run: each needs a command of its own there."""
    folders = {name.split("/")[1] for name in names if re.fullmatch(r"tests/\w+/test_\w+\.py", name)}
    commands = dict(re.findall(r"^(test-\w+):.*(?:\n\t.*)*pytest tests/(\w+)$", makefile, re.MULTILINE))
    run = set(re.findall(r"^make (\S+)$", ci, re.MULTILINE))
    return sorted(folders - {folder for command, folder in commands.items() if command in run})


def test_ci_runs_every_folder_of_tests():
    makefile, ci = ((ROOT / name).read_text(encoding="utf-8") for name in ("Makefile", ".ci/run"))
    assert "make test" in ci.splitlines()
    assert forgotten(FILES, makefile, ci) == []
    assert forgotten(FILES, makefile, ci.replace("make test-oracles", "")) == ["oracles"]
    assert forgotten([*FILES, "tests/new/test_new.py"], makefile, ci) == ["new"]


def test_misplaced_finds_what_does_not_belong():
    wrong = [
        "notes.txt",
        "helpers/__pycache__/a.pyc",
        "notebooks/.ipynb_checkpoints/a.ipynb",
        "tests/Untitled.ipynb",
        "a~",
    ]
    assert misplaced([*wrong, "helpers/softmax.py"]) == wrong


def test_no_file_names_a_folder_of_a_machine():
    found = [name for name in FILES if MACHINE_PATH.search((ROOT / name).read_text(encoding="utf-8", errors="ignore"))]
    assert found == []


@pytest.mark.parametrize("path", ["/home" + "/someone/x", "/root" + "/x", "C:" + r"\Users\someone"])
def test_machine_paths_are_recognised(path):
    assert MACHINE_PATH.search(f"open('{path}')")


def test_every_file_in_helpers_has_its_place():
    assert HELPERS
    assert {module(name) for name in HELPERS} <= set(ORDER)


@pytest.mark.parametrize("name", HELPERS)
def test_helpers_import_one_way(name):
    assert wrong_imports(name, (ROOT / name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("helpers/softmax.py", "from helpers.cross_entropy import one_hot"),
        ("helpers/softmax.py", "from helpers import figures"),
        ("helpers/softmax.py", "import helpers.live"),
        ("helpers/softmax.py", "def f():\n    from helpers import network"),
        ("helpers/explorers/softmax.py", "from scipy.special import softmax"),
        ("helpers/softmax.py", "from . import network"),
        ("helpers/live.py", "from helpers.explorers.softmax import softmax"),
    ],
)
def test_wrong_imports_are_found(name, source):
    assert wrong_imports(name, source)


def test_right_imports_are_not():
    source = "import json\nimport numpy as np\nfrom helpers import figures, live\nfrom helpers.explorers import softmax"
    assert wrong_imports("helpers/explorers/jacobian.py", source) == []


def test_the_mathematics_is_read_in_one_sitting():
    files = [ROOT / "helpers" / f"{name}.py" for name in ("softmax", "cross_entropy", "network")]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in files) < 400


def test_importing_helpers_changes_no_global_style():
    modules = ", ".join(f"helpers.{name}" for name in sorted({module(name) for name in HELPERS}))
    program = (
        "import matplotlib as mpl\n"
        "before = dict.copy(mpl.rcParams)\n"
        f"import {modules}\n"
        "after = dict.copy(mpl.rcParams)\n"
        "assert before == after, {name for name in before if before[name] != after[name]}\n"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", [name for name in FILES if re.search(r"^(?!binder/).*requirements\.txt$", name)])
def test_requirements_are_exact_and_each_says_its_purpose(name):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    packages = [line for line in lines if line and not line.startswith("#")]
    assert packages
    assert [line for line in packages if not re.fullmatch(r"[a-z0-9-]+==[\d.]+ +# \S.*", line)] == []


@pytest.mark.parametrize("name", HELPERS)
def test_helpers_leave_the_homework_to_the_student(name):
    source = (ROOT / name).read_text(encoding="utf-8")
    assert gives_away(code=source, prose=source) == ""


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_leave_the_homework_to_the_student(name):
    cells = nbformat.read(ROOT / name, as_version=4).cells
    for cell in cells:
        assert gives_away(code=cell.source if cell.cell_type == "code" else "", prose=cell.source) == "", cell.id


def test_the_readme_leaves_the_homework_to_the_student():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert gives_away(code=text, prose=text) == ""


@pytest.mark.parametrize(
    "code",
    [
        "return (A - Y).T @ X / len(X)",
        "grad = X.T @ (A - Y)",
        "dW = np.outer(a - y, x)",
        "dW = np.outer(softmax(z) - y, x)",
        "(a - y)[:, None] * x",
        'np.einsum("nj,ni->ji", A - Y, X)',
        "W -= 0.1 * dW",
        "b = b - 0.1 * db",
        "return W - learning_rate * slope_W, b - learning_rate * slope_b",
        "return W - self.learning_rate * slope_W",
    ],
)
def test_code_that_gives_the_homework_away_is_found(code):
    assert gives_away(code=code)


@pytest.mark.parametrize("prose", [r"$(a_j - y_j)\, x_i$", r"$x_i \cdot \left(a_j - y_j\right)$"])
def test_a_formula_that_gives_the_homework_away_is_found(prose):
    assert gives_away(prose=prose)


@pytest.mark.parametrize(
    "code", ["z = X @ W.T + b", "W[j] - W[k]", "a - y", "e -= 1", "np.outer(a, a)", "b[j] - b[k]", "# W -= rate * dW"]
)
def test_code_that_does_not_is_left_alone(code):
    assert gives_away(code=code) == ""


def test_formulas_of_the_note_are_left_alone():
    assert gives_away(prose=r"$a_j - y_j$ and $\sum_i w_{ji} x_i + b_j$ and $(a_j - y_j)$") == ""
