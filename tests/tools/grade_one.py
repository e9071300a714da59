"""Grade one submission with nbgrader, in a course folder of its own: called by grade.py for each file.

`course` was made by `nbgrader generate_assignment`. nbgrader runs the notebook, then a cell for each exercise that asks
the function for its answers to new numbers. They are judged here, by centred differences: what a submission changes in
the checks, it changes in its own process, and that earns no point.
"""

import contextlib
import dataclasses
import json
import pathlib
import re
import secrets
import sys

import nbformat
import numpy as np
from nbformat import v4
from traitlets.config import PyFileConfigLoader

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from helpers.exercises import lesson_07, problems
from helpers.numerical import equal

ASSIGNMENT, NOTEBOOK, STUDENT = "homework", "07_homework", "student"
MEMORY = 4 * 2**30  # bytes of address space for each process
NOT_TO_THE_END = "nbgrader could not run it to the end: no points"
UNCONFIRMED = "passed in the notebook, but wrong on new numbers"
ASK = """
def _ask(calls):
    import json
    import numpy
    from IPython.display import display
    from helpers.exercises.calls import call

    for arguments in json.loads(calls):
        arguments = [numpy.array(each) if isinstance(each, list) else each for each in arguments]
        if len(arguments) == 8:  # sgd: the last one seeds its generator
            arguments[-1] = numpy.random.default_rng(arguments[-1])
        value = call(lambda: {name}(*arguments)).value
        parts = value if isinstance(value, tuple) else (value,)
        display({{"application/json": [numpy.asarray(part, float).tolist() for part in parts]}}, raw=True)

_ask({calls!r})
"""


def limit_memory():
    """Let this process and those it starts run out of memory before the machine does, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


# ---------------------------------------------------------------- the notebook as nbgrader gets it


def grade_id(cell):
    """nbgrader's name of a cell, or ''."""
    return cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")


def read(path):
    """The cells of the notebook in a file; ValueError says in words why there are none."""
    try:
        return nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4).cells
    except Exception as error:
        raise ValueError(f"not a notebook: {type(error).__name__}: {' '.join(str(error).split())[:120]}") from None


def laid_out(submitted, released, asked):
    """The student's cells up to the last answer, each answer followed by its check as released and by our questions.

    Whatever a student or a platform did to checks and metadata is undone: changed, moved, deleted, copied, tagged.
    """
    answers = [cell for cell in released.cells if grade_id(cell) in asked]
    checks = {grade_id(cell): cell for cell in released.cells if grade_id(cell).startswith("check_")}
    make = {"code": v4.new_code_cell, "markdown": v4.new_markdown_cell, "raw": v4.new_raw_cell}
    named = [(grade_id(cell) or cell.get("id", "unnamed"), cell) for cell in submitted]
    cells = [make[cell.cell_type](cell.source, metadata={"name": n}) for n, cell in named if n not in checks]
    last = -1
    for answer in answers:
        name, k = grade_id(answer), find(cells, grade_id(answer))
        if k is None or "nbgrader" in cells[k].metadata:  # missing, or written together with another one
            k = last + 1
            cells.insert(k, v4.new_code_cell("", metadata=answer.metadata))
        cells[k] = v4.new_code_cell(cells[k].source, metadata=answer.metadata)
        question = ASK.format(calls=json.dumps(asked[name], default=np.ndarray.tolist), name=name)
        cells[k + 1 : k + 1] = [checks[f"check_{name}"], v4.new_code_cell(question, metadata={"name": f"ask_{name}"})]
        last = max(last, k) + 2
    return v4.new_notebook(cells=cells[: last + 1], metadata=released.metadata)


def find(cells, name):
    """The index of the last cell that defines a function, or else is named like it; None where no cell does."""
    writing = [k for k, cell in enumerate(cells) if re.search(rf"^def {name}\b", cell.source, re.MULTILINE)]
    return max(writing or [k for k, cell in enumerate(cells) if cell.metadata.get("name") == name], default=None)


# ---------------------------------------------------------------- what its functions answer to new numbers


def question(name, m, n):
    """The arguments of one call with new numbers, and the arrays of a right answer, by centred differences."""
    problem = problems.make("new", secrets.randbits(32), m=m, n=n, N=5)
    exercise = getattr(lesson_07, name)
    one = problem.examples[0] if "x" in exercise.parameters else problem
    # The whole batch at once: two epochs are two steps, in whatever order.
    given = {"epochs": 2, "batch_size": len(one.X), "rng": secrets.randbits(32)}
    arguments = [given.get(parameter, getattr(one, parameter)) for parameter in exercise.parameters]
    if name in ("sgd_step", "sgd"):
        after = stepped(stepped(one)) if name == "sgd" else stepped(one)
        return arguments, (after.W, after.b)
    slopes = exercise.asked(one)
    return arguments, tuple(slopes[part] for part in exercise.returns)


def stepped(problem):
    """The problem after one step down its measured slopes."""
    W, b = (problem.learning_rate * problem.slopes[name] for name in ("dL/dW", "dL/db"))
    return dataclasses.replace(problem, W=problem.W - W, b=problem.b - b)


def confirmed(cell, right):
    """Whether the cell that asked shows a right answer to every question. Coarse: the fine print is the check's."""
    try:
        found = [output.data["application/json"] for output in cell.outputs if "data" in output]
        pairs = [
            (np.array(part, float), expected)
            for parts, answer in zip(found, right, strict=True)
            for part, expected in zip(parts, answer, strict=True)
        ]
        return all(equal(part.reshape(expected.shape), expected, 1e-4) for part, expected in pairs)
    except (KeyError, TypeError, ValueError):  # no answer, or none of the right shape
        return False


def stopped(cell):
    """The name of the error that stopped a cell, or ''."""
    return "".join(output.ename for output in cell.outputs if output.output_type == "error")


def diagnosis(answer, check):
    """What the check said in its first two lines, or why it could not look at the answer."""
    if stopped(answer):
        return f"its cell stops with {stopped(answer)}".replace("stops with KeyboardInterrupt", "never ends")
    if stopped(check):
        return f"its check stops with {stopped(check)}"
    said = [output.data.get("text/plain", "") for output in check.outputs if "data" in output]
    return ": ".join(said[0].partition(": ")[2].split("\n")[:2]) if said else "its check says nothing"


# ---------------------------------------------------------------- nbgrader


def grade(path, course):
    """The row of one file: points, diagnosis and what to look at for each exercise, or a problem with all of it."""
    from nbgrader.api import Gradebook  # here: it takes seconds, and some files never come so far
    from nbgrader.apps.api import NbGraderAPI

    released = nbformat.read(course / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)
    names = [grade_id(cell) for cell in released.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    asked, right = {}, {}
    for name in names:
        asked[name], right[name] = zip(*(question(name, m, n) for m, n in ((3, 4), (4, 2))), strict=True)
    place = course / "submitted" / STUDENT / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    place.parent.mkdir(parents=True)
    nbformat.write(laid_out(read(path), released, asked), place)

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    api = NbGraderAPI(config=config)
    if not api.autograde(ASSIGNMENT, STUDENT)["success"]:
        raise ValueError(NOT_TO_THE_END)
    place = course / "autograded" / STUDENT / ASSIGNMENT / f"{NOTEBOOK}.ipynb"
    graded = nbformat.read(place, as_version=4)
    cells = {grade_id(cell) or cell.metadata.get("name"): cell for cell in graded.cells}
    graded.cells = [cell for cell in graded.cells if not str(cell.metadata.get("name")).startswith("ask_")]
    nbformat.write(graded, place)

    rows, place_in_book = {}, (NOTEBOOK, ASSIGNMENT, STUDENT)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for name in names:
            answer, check, score = cells[name], cells[f"check_{name}"], book.find_grade(f"check_{name}", *place_in_book)
            good, passed = confirmed(cells[f"ask_{name}"], right[name]), bool(score.auto_score)
            earned = good and (passed or bool(stopped(check)))  # it stops where an earlier answer is not defined
            look = UNCONFIRMED if passed and not good else ""
            rows[name] = {"points": float(earned), "diagnosis": diagnosis(answer, check), "look": look}
            if earned != passed:
                score.manual_score = float(earned)
                book.find_comment(name, *place_in_book).manual_comment = look or "Right on new numbers."
        book.db.commit()
    api.generate_feedback(ASSIGNMENT, STUDENT)
    return {"problem": "", "exercises": rows}


def main(path, course, result):
    """Write the row of one file."""
    limit_memory()
    try:
        row = grade(pathlib.Path(path), pathlib.Path(course))
    except ValueError as error:
        row = {"problem": str(error), "exercises": {}}
    pathlib.Path(result).write_text(json.dumps(row), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
