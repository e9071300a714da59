"""What students get: the course without its tests and without an answer, and the lines of README.md that publish it."""

import os
import re
import subprocess

import pytest

import book
from injection import RIGHT
from test_repository import FILES

MINE = re.compile(r"(?:tests|\.ci|\.github/workflows)/|pyproject\.toml|\.gitattributes")
GIT = {f"GIT_{who}_{what}": "teacher" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def run(folder, *command):
    return subprocess.run(command, cwd=folder, env=os.environ | GIT, capture_output=True, text=True, check=False)


def test_it_is_the_course_without_its_tests_and_without_a_line_of_an_answer(edition):
    held = {path.relative_to(edition).as_posix(): path for path in edition.rglob("*") if path.is_file()}
    assert held.keys() == {name for name in FILES if not MINE.match(name)}
    text = "\n".join(path.read_text("utf-8", "ignore") for path in held.values())
    answers = {line.strip() for source in RIGHT.values() for line in source.splitlines()[1:]}
    assert [line for line in answers - {"return W, b"} if line in text] == []


@pytest.mark.parametrize("command", ["test", "grade", "outputs", "student", "bench"])
def test_a_command_that_needs_the_tests_says_so_and_installs_nothing(edition, command):
    said = run(edition, "make", "--no-print-directory", command).stdout
    assert said.startswith("This command needs tests/, which is in the repository")
    assert not (edition / ".venv").exists()


def test_the_lines_of_the_readme_publish_it_and_then_a_change(tmp_path):
    remote, students = tmp_path / "remote", tmp_path / "students"
    lines = re.search(r"^make student (.*\n){4}", book.README.read_text(encoding="utf-8"), re.MULTILINE)[0]
    lines = re.sub(r"https://\S+", str(remote), lines).replace("../students", str(students)).splitlines()
    write, enter, _, publish = lines

    def published(*commands):
        done = run(book.ROOT, "bash", "-c", " && ".join(commands))
        assert done.returncode == 0, done.stderr
        return run(remote, "git", "ls-tree", "-r", "--name-only", "main").stdout.splitlines()

    run(tmp_path, "git", "init", "--bare", remote)
    lessons = published(*lines)
    assert published(enter, "touch notebooks/old.ipynb", publish) == sorted([*lessons, "notebooks/old.ipynb"])
    assert published(write, enter, publish) == lessons
