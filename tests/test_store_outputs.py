"""The normalised form of a stored notebook: what two runs would write differently is gone, everything else stays."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import store_outputs


def stream(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def display(data):
    return new_output("display_data", dict(data))


def failure(*traceback):
    return new_output("error", ename="ValueError", evalue="no", traceback=list(traceback))


def test_metadata_keeps_what_the_course_uses():
    nbgrader = {"schema_version": 3, "grade_id": "sum"}
    metadata = {
        "tags": ["raises-exception"],
        "nbgrader": nbgrader,
        "jupyter": {"outputs_hidden": True, "source_hidden": True},
        "execution": {"iopub.execute_input": "2026-11-01"},
        "collapsed": False,
    }
    kept = {"tags": ["raises-exception"], "nbgrader": nbgrader, "jupyter": {"outputs_hidden": True}}
    assert store_outputs.cell_metadata(metadata) == kept

    for nothing in ({}, {"tags": []}, {"jupyter": {"outputs_hidden": False}}):
        assert store_outputs.cell_metadata(nothing) == {}


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
def test_outputs_lose_what_differs_from_run_to_run(outputs, kept):
    assert store_outputs.outputs(outputs) == kept


def test_a_notebook_keeps_the_kernel_and_the_language_only():
    metadata = {
        "kernelspec": {"display_name": "mine", "language": "python", "name": "mine"},
        "language_info": {"name": "python", "version": "3.14.0"},
        "widgets": {},
    }
    notebook = store_outputs.normalised(new_notebook(cells=[new_markdown_cell("# é")], metadata=metadata))
    assert notebook.metadata == store_outputs.NOTEBOOK_METADATA
    text = store_outputs.as_text(notebook)
    assert "é" in text
    assert text.endswith("}\n")
    assert store_outputs.as_text(nbformat.reads(text, as_version=4)) == text


def written(path, *sources):
    cells = [new_code_cell(source, id=f"cell-{number}") for number, source in enumerate(sources)]
    path.write_text(store_outputs.as_text(new_notebook(cells=cells)), encoding="utf-8")
    return path


def run(monkeypatch, capsys, *arguments):
    """Exit code and printed text of the program."""
    monkeypatch.setattr("sys.argv", ["store_outputs.py", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        store_outputs.main()
    return stopped.value.code, capsys.readouterr().out


def test_store_then_check_then_find_what_changed(tmp_path, monkeypatch, capsys):
    path = written(tmp_path / "a.ipynb", "import pathlib", "print(pathlib.Path.cwd().name)", "1 + 1")
    assert run(monkeypatch, capsys, path) == (0, "a.ipynb: stored\n")
    stored = path.read_text(encoding="utf-8")
    assert tmp_path.name in stored, "the working directory is the notebook's folder"
    assert run(monkeypatch, capsys, path, "--check") == (0, "a.ipynb: current\n")

    path.write_text(stored.replace('"2"', '"3"'), encoding="utf-8")
    code, printed = run(monkeypatch, capsys, path, "--check")
    assert code == 1
    assert "a.ipynb: not current\n    cell 3 (cell-2): outputs\n" in printed
    assert '"3"' in path.read_text(encoding="utf-8"), "--check stores nothing"

    path.write_text(stored + "\n", encoding="utf-8")
    assert "the file's formatting" in run(monkeypatch, capsys, path, "--check")[1]


def test_a_notebook_that_fails_is_not_stored(tmp_path, monkeypatch, capsys):
    path = written(tmp_path / "a.ipynb", "1 / 0")
    before = path.read_text(encoding="utf-8")
    code, printed = run(monkeypatch, capsys, path)
    assert code == 1
    assert "a.ipynb: does not run" in printed
    assert "ZeroDivisionError" in printed
    assert path.read_text(encoding="utf-8") == before
