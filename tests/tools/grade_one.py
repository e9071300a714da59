"""Grade one submission with nbgrader, in a course folder of its own: called by grade.py for each file.

    python grade_one.py notebook.ipynb course result.json

`course` was made by `nbgrader generate_assignment`. nbgrader runs the notebook and gives the points. A point counts
if the function also answers new numbers rightly (grade_answers.py): a submission that changes the checks changes them
in its own processes only.
"""

import ast
import contextlib
import copy
import dataclasses
import json
import pathlib
import re
import secrets
import subprocess
import sys

import nbformat
import numpy as np
from traitlets.config import PyFileConfigLoader

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from helpers.exercises import lesson_07, problems
from helpers.numerical import equal

ASSIGNMENT, NOTEBOOK, STUDENT = "homework", "07_homework", "student"
MEMORY = 4 * 2**30  # bytes of address space for each process
SECONDS_FOR_NEW_NUMBERS = 80
CELL = ("cell_type", "id", "metadata", "source")
DEFINITIONS = (ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef, ast.ClassDef)
NOT_TO_THE_END = "nbgrader could not run it to the end"
CHANGED = "passed, but wrong on new numbers: does it change the check?"
CARRIED = "passed, given an earlier mistake"


def limit_memory():
    """Let this process and those it starts run out of memory before the machine does, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


# ---------------------------------------------------------------- the notebook as nbgrader gets it


def grade_id(cell):
    """nbgrader's name of a cell, or ''."""
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def defines(cell, name):
    """Whether a code cell defines a function of this name."""
    return cell.cell_type == "code" and re.search(rf"^def {name}\b", cell.source, re.MULTILINE)


def find(cells, name):
    """The index of the cell that stands for a released one, or None; of copies the last that fits best."""
    named = [k for k, cell in enumerate(cells) if name in (grade_id(cell), cell.get("id"))]
    writing = [k for k, cell in enumerate(cells) if defines(cell, name)]
    free = [k for k in writing if "nbgrader" not in cells[k].metadata]
    return max(set(named) & set(writing) or named or free, default=None)


def laid_out(submitted, released):
    """The student's cells with the released metadata; the checks as released, each after its answer.

    Whatever a student or a platform did to checks and metadata is undone: changed, moved, deleted, copied, tagged.
    Cells after the last check are not run: no point depends on them.
    """
    cells, kept, last = list(submitted), [], len(submitted) - 1
    for cell in [copy.deepcopy(cell) for cell in released.cells if grade_id(cell)]:
        place = find(cells, grade_id(cell))
        if cell.metadata.nbgrader.solution:
            if place is not None:
                cell.source = cells[place].source
            elif any(defines(other, grade_id(cell)) for other in cells):
                cell.source = ""  # together with another answer
        elif place is not None and place < last:  # a check before its answer
            place = None
        if place is None:
            cells.insert(last + 1, cell)
            place = last + 1
        else:
            cells[place] = cell
        last = place
        kept.append(cell)
    for k, cell in enumerate(cells):
        if not any(cell is other for other in kept):
            new = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
            cells[k] = new(cell.source, metadata={"tags": ["skip-execution"]} if k > last else {})
    return nbformat.v4.new_notebook(cells=cells, metadata=released.metadata)


def definitions_only(notebook):
    """The notebook with nothing in the student's cells but imports, assignments, functions and classes."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
            with contextlib.suppress(SyntaxError, ValueError):  # what cannot be read does nothing either
                tree = ast.parse(cell.source)
                tree.body = [part for part in tree.body if isinstance(part, DEFINITIONS)]
                cell.source = ast.unparse(tree)
    return notebook


def read(path):
    """The cells of the notebook in a file, without outputs; ValueError says in words why there are none."""
    try:
        notebook = nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)
        parts = [{"id": "", "metadata": {}, **cell} for cell in notebook.cells]
        return [nbformat.from_dict({part: cell[part] for part in CELL}) for cell in parts]
    except Exception as error:
        raise ValueError(f"not a notebook: {type(error).__name__}: {' '.join(str(error).split())[:120]}") from None


# ---------------------------------------------------------------- what its functions answer to new numbers


def questions(names):
    """For each function the arguments of two calls, and what a right one returns, by centred differences."""
    asked, right = {}, {}
    for name in names:
        many = [problems.make("new", secrets.randbits(32), m=m, n=n, N=5) for m, n in ((3, 4), (4, 2))]
        asked[name], right[name] = zip(*(question(name, problem) for problem in many), strict=True)
    return asked, right


def question(name, problem):
    """(arguments, the arrays of a right answer) of one call."""
    exercise = getattr(lesson_07, name)
    one = problem.examples[0] if "x" in exercise.parameters else problem
    # The whole batch at once: two epochs are two steps, in whatever order.
    given = {"epochs": 2, "batch_size": len(one.X), "rng": secrets.randbits(32)}
    arguments = [given.get(name, getattr(one, name)) for name in exercise.parameters]
    if name in ("sgd_step", "sgd"):
        after = stepped(stepped(one)) if name == "sgd" else stepped(one)
        return arguments, (after.W, after.b)
    slopes = exercise.asked(one)
    return arguments, tuple(slopes[part.name] for part in exercise.returns)


def stepped(problem):
    """The problem after one step down its measured slopes."""
    W, b = (problem.learning_rate * problem.slopes[name] for name in ("dL/dW", "dL/db"))
    return dataclasses.replace(problem, W=problem.W - W, b=problem.b - b)


def agrees(answer, right):
    """Whether arrays are the measured ones. Coarse: the fine print is the check's."""
    arrays = [np.asarray(one, float) for one in answer]
    return [one.size for one in arrays] == [one.size for one in right] and all(
        equal(one.reshape(other.shape), other, 1e-4) for one, other in zip(arrays, right, strict=True)
    )


def ask(notebook, folder):
    """For each function the words of its check, and whether it answers new numbers rightly."""
    answered = [cell for cell in notebook.cells if cell.cell_type == "code" and "tags" not in cell.metadata]
    cells = [(grade_id(cell), cell.source) for cell in answered if not cell.metadata.get("nbgrader", {}).get("grade")]
    names = [name for name, _ in cells if name]
    asked, right = questions(names)
    task, found, work = folder / "task.json", folder / "answers.json", folder / "work"
    work.mkdir(exist_ok=True)
    found.unlink(missing_ok=True)
    task.write_text(json.dumps({"cells": cells, "questions": asked}, default=np.ndarray.tolist), encoding="utf-8")
    program = [sys.executable, pathlib.Path(__file__).with_name("grade_answers.py"), task, found]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(program, cwd=work, timeout=SECONDS_FOR_NEW_NUMBERS, check=False, **quiet)
    try:
        answers = json.loads(found.read_text(encoding="utf-8"))
        return {name: judged(answers.get(name, {}), right[name]) for name in names}
    except Exception:  # nothing came back, or something that grade_answers.py does not write
        return {name: judged({}, right[name]) for name in names}


def judged(found, right):
    """(diagnosis, whether all answers are right) of one function."""
    answers = found.get("answers", [])
    good = len(answers) == len(right) and all(map(agrees, answers, right))
    said = found.get("diagnosis", "the process ended before it could be asked")
    return CHANGED if said == "passed" and not good else said, good


# ---------------------------------------------------------------- nbgrader


def run_nbgrader(course, verdicts):
    """nbgrader's points for each exercise, {} if it fails; its feedback shows the points that count."""
    from nbgrader.api import Gradebook  # here: it takes seconds, and some files never come so far
    from nbgrader.apps.api import NbGraderAPI

    config = PyFileConfigLoader("nbgrader_config.py", path=str(course)).load_config()
    config.CourseDirectory.root = str(course)
    api = NbGraderAPI(config=config)
    if not api.autograde(ASSIGNMENT, STUDENT)["success"]:
        return {}
    points = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for name, (said, good) in verdicts.items():
            grade = book.find_grade(f"check_{name}", NOTEBOOK, ASSIGNMENT, STUDENT)
            points[name] = grade.auto_score
            if grade.auto_score and not good:
                grade.manual_score = 0.0
                book.find_comment(name, NOTEBOOK, ASSIGNMENT, STUDENT).manual_comment = f"No point: {said}"
        book.db.commit()
    api.generate_feedback(ASSIGNMENT, STUDENT)
    return points


def row(verdicts, points, problem=""):
    """What grade.py writes into the row of a file."""
    exercises = {}
    for name, (said, good) in verdicts.items():
        scored = points.get(name) or 0.0
        exercises[name] = {"points": scored if good else 0.0, "diagnosis": said, "remark": remark(scored, said, good)}
    return {"problem": problem, "exercises": exercises}


def remark(scored, said, good):
    """What a person should look at, or ''."""
    if scored and said == CARRIED:
        return "right only with the mistake of an earlier exercise: no point by itself"
    if said == CHANGED or (scored and not good):
        return "passed in the notebook, but not confirmed by new numbers"
    if not scored and good and said == "passed":
        return "right by itself, but not in the notebook when it runs from top to bottom"
    return ""


def grade(path, course, result):
    """Write the row of one file; first without nbgrader's points, in case it never comes back."""
    try:
        released = nbformat.read(course / "release" / ASSIGNMENT / f"{NOTEBOOK}.ipynb", as_version=4)
        notebook = laid_out(read(path), released)
    except ValueError as error:
        write(result, row({}, {}, str(error)))
        return
    place = course / "submitted" / STUDENT / ASSIGNMENT
    place.mkdir(parents=True)
    problem = ""
    for attempt in (notebook, definitions_only(notebook)):
        nbformat.write(attempt, place / f"{NOTEBOOK}.ipynb")
        verdicts = ask(attempt, course.parent)
        write(result, row(verdicts, {}, f"{NOT_TO_THE_END}: no points"))
        points = run_nbgrader(course, verdicts)
        if points:
            write(result, row(verdicts, points, problem))
            return
        problem = f"{NOT_TO_THE_END}: graded by its imports, assignments and functions only"


def write(result, content):
    """Store the row."""
    result.write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    limit_memory()
    grade(*map(pathlib.Path, sys.argv[1:]))
