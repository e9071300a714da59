"""A stale output says which cell, what was stored, what is new, and what to do."""

import os
import pathlib
import subprocess
import sys

import nbformat
import pytest

from conftest import stale

TESTS = pathlib.Path(__file__).parent
V4 = nbformat.v4


def printed(text):
    return V4.new_output("stream", name="stdout", text=text)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """What pytest says about a notebook with a cell that is current, one that is not, and one that fails."""
    cells = [
        V4.new_code_cell("print(1)", id="current", execution_count=1, outputs=[printed("1\n")]),
        V4.new_code_cell("print(1)\nprint(1 + 1)", id="sum", execution_count=2, outputs=[printed("1\n3\n")]),
        V4.new_code_cell("1 / 0", id="broken", execution_count=3),
    ]
    folder = tmp_path_factory.mktemp("stale")
    nbformat.write(V4.new_notebook(cells=cells), folder / "lesson.ipynb")
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "--nbval", "--nbval-current-env", "--color=no"]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return run.stdout


def test_a_stale_output_names_cell_stored_new_and_command(report):
    told = "The output of cell `sum` is not the stored one.\n--- stored\n+++ new\n 1\n-3\n+2\n"
    assert told in report
    assert "run `make outputs`" in report
    assert "2 failed, 1 passed" in report


def test_the_summary_names_cells_by_their_ids_and_an_error_keeps_its_traceback(report):
    assert "FAILED lesson.ipynb::sum" in report
    assert "FAILED lesson.ipynb::broken" in report
    assert "ZeroDivisionError" in report


def test_pictures_tables_and_errors_are_compared_too():
    picture = V4.new_output("display_data", {"image/png": "iVBORw0KGgo=", "text/plain": "a line"})
    error = V4.new_output("error", ename="ValueError", evalue="no", traceback=[])
    lines = stale("show", [picture, error], [printed("a line\n")]).splitlines()
    assert lines[3:7] == ["-image/png: ...", "-text/plain: a line", "-ValueError: no", "+a line"]
