"""Around `make grade`: an interrupt, other numbers, what is read from a submission, and nbgrader without it."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

import answers
from grade_one import SALT, exercises
from grade_worker import decode
from injection import LESSON
from test_grade import NAMES, ROOT, filled, make_grade, table


def test_an_interrupt_leaves_a_table_and_a_second_call_goes_on(tmp_path):
    (tmp_path / "a.ipynb").write_text(json.dumps(filled({})))
    (tmp_path / "b.ipynb").write_text(json.dumps(filled(bias_gradient="import time\ntime.sleep(4)")))
    command = [sys.executable, ROOT / "tests" / "tools" / "grade.py", tmp_path, "--jobs", "1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout.readline().startswith("1 of 2")
        time.sleep(2)
        family = psutil.Process(first.pid).children(recursive=True)
        first.send_signal(signal.SIGTERM)
    assert first.returncode == 1 and [row["file"] for row in table(tmp_path / "grades.csv")] == ["a.ipynb"]
    assert len(family) >= 2 and not psutil.wait_procs(family, timeout=5)[1]
    kept = {path: path.stat().st_mtime_ns for path in tmp_path.glob(".graded/*.json")}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert [row["file"] for row in table(tmp_path / "grades.csv")] == ["a.ipynb", "b.ipynb"]
    assert len(kept) == 1 and all(path.stat().st_mtime_ns == when for path, when in kept.items())


def test_a_missing_folder_and_one_without_notebooks_are_named(tmp_path):
    run = make_grade(SUBMISSIONS=tmp_path)
    assert run.returncode and f"There is no notebook (.ipynb) in {tmp_path}" in run.stderr
    run = make_grade()
    assert run.returncode and 'make grade SUBMISSIONS="folder"' in run.stdout + run.stderr


def test_with_other_numbers_every_known_answer_is_judged_alike():
    lesson = exercises((SALT,))
    known = [one for one in [*answers.RIGHT, *answers.WRONG] if one.exercise.name in NAMES]
    judged = [(one, getattr(lesson, one.exercise.name).check(one.function)) for one in known]
    assert len(judged) > 150
    assert [one.id for one, result in judged if (result.outcome == "passed") != (not one.key)] == []


@pytest.mark.parametrize("part", [{"dtype": "|O8"}, {"dtype": "<U99999"}, {"dtype": "<f8", "shape": [9]}])
def test_nothing_but_numbers_is_read(part):
    with pytest.raises(ValueError):
        decode({"shape": [1], "data": "AAAAAAAAAAA="} | part)


def test_the_homework_goes_into_a_course_of_nbgrader(tmp_path):
    """As README.md says: notebook and helpers/ in source/homework, the lines of nbgrader_config.py; right scores 5."""
    path = os.pathsep.join([str(pathlib.Path(sys.executable).parent), os.environ["PATH"]])

    def nbgrader(*arguments):
        command = [sys.executable, "-m", "nbgrader", *arguments]
        subprocess.run(command, cwd=tmp_path, env={**os.environ, "PATH": path}, check=True)

    source, released = tmp_path / "source" / "homework", tmp_path / "release" / "homework"
    shutil.copytree(ROOT / "helpers", source / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(LESSON, source)
    shutil.copy(ROOT / "tests" / "tools" / "nbgrader_config.py", tmp_path)
    nbgrader("generate_assignment", "homework")
    shipped = [cell.source for cell in filled({}).cells]
    assert [cell.source for cell in nbformat.read(released / LESSON.name, as_version=4).cells] == shipped
    shutil.copytree(released, tmp_path / "submitted" / "ada" / "homework")
    nbformat.write(filled(), tmp_path / "submitted" / "ada" / "homework" / LESSON.name)
    nbgrader("autograde", "homework")
    nbgrader("export")
    rows = [(row["student_id"], float(row["score"]), float(row["max_score"])) for row in table(tmp_path / "grades.csv")]
    assert rows == [("ada", 5.0, 7.0)]
