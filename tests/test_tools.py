"""The programs that store outputs, write what pages share and report a stale output; and the pages agree."""

import doctest
import importlib
import os
import pathlib
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

import book
import store_outputs
from conftest import stale

README = book.README.read_text(encoding="utf-8")
START = nbformat.read(book.lessons()[0], as_version=4)
MAP = next(cell.source for cell in START.cells if "belongs to which equation" in cell.source)


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def display(data):
    return new_output("display_data", dict(data))


def failure(*traceback):
    return new_output("error", ename="ValueError", evalue="no", traceback=list(traceback))


# A stale output


def test_a_stale_output_names_cell_stored_new_and_command(tmp_path):
    cells = [
        new_code_cell("print(1)", id="current", execution_count=1, outputs=[stream("1\n")]),
        new_code_cell("print(1)\nprint(1 + 1)", id="sum", execution_count=2, outputs=[stream("1\n3\n")]),
        new_code_cell("1 / 0", id="broken", execution_count=3),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "lesson.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "--nbval", "--nbval-current-env", "--color=no"]
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(__file__).parent)}
    run = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert "The output of cell `sum` is not the stored one.\n--- stored\n+++ new\n 1\n-3\n+2\n" in run.stdout
    for words in ("run `make outputs`", "FAILED lesson.ipynb::sum", "FAILED lesson.ipynb::broken", "ZeroDivisionError"):
        assert words in run.stdout
    assert "2 failed, 1 passed" in run.stdout


def test_pictures_tables_and_errors_are_compared_too():
    stored = [display({"image/png": "iVBORw0KGgo=", "text/plain": "a line"}), failure()]
    lines = stale("show", stored, [stream("a line\n")]).splitlines()
    assert lines[3:7] == ["-image/png: ...", "-text/plain: a line", "-ValueError: no", "+a line"]


# Stored outputs


PICTURE = {"image/png": "iVBORw0KGgo=", "text/plain": "a picture"}
VIEW = {store_outputs.WIDGET_VIEW: {"model_id": "0123", "version_major": 2, "version_minor": 0}}


@pytest.mark.parametrize(
    ("outputs", "kept"),
    [
        ([stream("a\n"), stream("b\n"), stream("c", "stderr")], [stream("a\nb\n"), stream("c", "stderr")]),
        ([stream("a"), display(PICTURE), stream("b")], [stream("a"), display(PICTURE), stream("b")]),
        ([failure("File /somewhere/x.py:3", "ValueError: no")], [failure("ValueError: no")]),
        ([display({**VIEW, **PICTURE})], [display(PICTURE)]),  # a widget beside something static
        ([display(VIEW)], [display(VIEW)]),  # a widget alone stays to be seen
    ],
)
def test_stored_is_what_does_not_differ_from_run_to_run_and_metadata_that_the_course_uses(outputs, kept):
    used = {"tags": ["raises-exception"], "nbgrader": {"grade_id": "sum"}, "jupyter": {"outputs_hidden": True}}
    cell = new_code_cell("", outputs=outputs, metadata={**used, "execution": {"a": "1"}, "collapsed": False})
    notebook = store_outputs.normalised(new_notebook(cells=[cell], metadata={"widgets": {}}))
    assert notebook.metadata == store_outputs.NOTEBOOK_METADATA
    assert (notebook.cells[0].outputs, notebook.cells[0].metadata) == (kept, used)


def run(monkeypatch, capsys, *arguments):
    """Exit code and printed text of the program."""
    monkeypatch.setattr("sys.argv", ["store_outputs.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        store_outputs.main()
    return stopped.value.code, capsys.readouterr().out


def test_store_then_check_then_find_what_changed(tmp_path, monkeypatch, capsys):
    path, sources = tmp_path / "a.ipynb", ["import pathlib", "print(pathlib.Path.cwd().name)", "1 + 1"]
    nbformat.write(
        new_notebook(cells=[new_code_cell(source, id=f"cell-{k}") for k, source in enumerate(sources)]), path
    )
    assert run(monkeypatch, capsys, path) == (0, "a.ipynb: stored\n")
    stored = path.read_text(encoding="utf-8")
    assert tmp_path.name in stored, "the working directory is the notebook's folder"
    assert run(monkeypatch, capsys, path, "--check") == (0, "a.ipynb: current\n")

    path.write_text(stored.replace('"2"', '"3"'), encoding="utf-8")
    code, printed = run(monkeypatch, capsys, path, "--check")
    assert code == 1 and "a.ipynb: not current\n    cell-2: outputs\n" in printed
    assert '"3"' in path.read_text(encoding="utf-8"), "--check stores nothing"

    path.write_text(stored.replace("1 + 1", "1 / 0"), encoding="utf-8")
    code, printed = run(monkeypatch, capsys, path)
    assert code == 1 and "a.ipynb: does not run" in printed and "ZeroDivisionError" in printed
    assert '"2"' in path.read_text(encoding="utf-8"), "a notebook that fails is not stored"


# The pages of the book


def test_navigation_and_readme_table_are_current():
    pages = {path.name: content == path.read_bytes() for path, content in book.pages().items() if path.suffix != ".png"}
    assert all(pages.values()), f"run `make shared`: {pages}"


def test_navigation_leads_to_both_neighbours_and_what_is_shared_is_put_in_its_place():
    paths = book.lessons()[:3]
    assert book.navigation(paths[0], paths).count("](") == 2
    middle = book.navigation(paths[1], paths)
    assert re.findall(r"\]\((.*?)\)", middle) == [paths[0].name, "00_start_here.ipynb#Contents", paths[2].name]
    assert book.with_navigation("# T\n\nold\n\ntext\n\nmore", "new") == "# T\n\nnew\n\ntext\n\nmore"
    assert book.between("<!-- x -->\nold\n<!-- end of x -->", "x", "new") == "<!-- x -->\nnew\n<!-- end of x -->"


def test_the_readme_says_what_is_true():
    failed, tried = doctest.testfile(str(book.README), module_relative=False)
    assert tried >= 5 and failed == 0
    targets = set(re.findall(r"^([a-z-]+):", (book.ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    assert {"lab", "test", "grade"} <= set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.M)) <= targets
    for path in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (book.ROOT / path).is_file() and not path.startswith("tests"), f"{path} is not what students get"


def test_site_and_binder_have_links_and_binder_one_for_each_lesson_once_the_repository_is_known_and_none_before():
    assert book.linked_in(README) is None or "OWNER" not in README
    bare = book.front_page(README, None)
    assert "mybinder.org/v2" not in bare and book.UNLINKED in bare and "OWNER%2FREPO" in bare
    mine = book.front_page(bare, "me/fork")
    links = re.findall(r"\(https://mybinder\.org/v2/gh/me/fork/HEAD\?urlpath=lab/tree/notebooks/([^)]+)\)", mine)
    assert links == [path.name for path in [book.lessons()[0], *book.lessons()]] and "OWNER" not in mine
    assert "](https://me.github.io/fork/)" in mine and "github.io" not in bare
    assert "me/fork" not in book.front_page(mine, "you/fork") and book.front_page(mine, None) == bare


def test_contents_list_every_lesson_in_order():
    contents = next(cell.source for cell in START.cells if cell.source.startswith("## Contents"))
    assert re.findall(r"\| \[\d .*?\]\((\S+)\)", contents) == [path.name for path in book.lessons()[1:]]


def test_the_map_leads_from_all_nine_equations_to_a_lesson_with_each_and_a_function_that_names_it():
    held = []
    for row in [line for line in MAP.splitlines() if line.startswith("| (")]:
        equations, *_, lesson, functions, _ = (part.strip() for part in row.split("|")[1:])
        first, *_, last = re.findall(r"\((\d)\)", equations) * 2
        text = (book.ROOT / "notebooks" / re.search(r"\]\((.*?)\)", lesson)[1]).read_text(encoding="utf-8")
        for number in range(int(first), int(last) + 1):
            assert rf"\\tag{{{number}}}" in text, f"equation ({number}) is not in {lesson}"
            held.append(number)
        for name in re.findall(r"`(.*?)`", functions):
            module, function = name.split(".")
            assert f"equation ({last})" in getattr(importlib.import_module(f"helpers.{module}"), function).__doc__, name
    assert sorted(held) == list(range(1, 10))
