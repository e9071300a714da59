"""What students get, as a fixture; how pytest reports a notebook's cell: by its id, the stored output before the new.

nbval runs the cells and compares them. It counts them from 0 and prints the two outputs without saying what to do.
"""

import difflib
import pathlib
import subprocess

import pytest


@pytest.fixture(scope="session")
def edition(tmp_path_factory):
    folder, course = tmp_path_factory.mktemp("students"), pathlib.Path(__file__).parents[1]
    subprocess.run(["make", "student", f"OUT={folder}"], cwd=course, check=True, capture_output=True)
    return folder


def as_lines(outputs):
    """The texts of a cell's outputs, line by line; of a picture only that there is one."""
    for output in outputs:
        if output.output_type == "stream":
            yield from output.text.splitlines()
        elif output.output_type == "error":
            yield f"{output.ename}: {output.evalue}"
        else:
            for kind, content in sorted(output.data.items()):
                text = content if kind.startswith("text/") or kind == "image/svg+xml" else "..."
                yield from f"{kind}: {text}".splitlines()


def stale(name, stored, new):
    """The report on a cell whose outputs are not the stored ones."""
    lines = difflib.unified_diff([*as_lines(stored)], [*as_lines(new)], "stored", "new", lineterm="", n=1)
    changed = "\n".join(line for line in lines if not line.startswith("@@"))
    return (
        f"The output of cell `{name}` is not the stored one.\n{changed}\n\nIf the new one is right, run `make outputs`."
    )


class Cells:
    """A plugin, and not hooks of this file: pytest asks those for the files of this folder only."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        """Name cells by their ids."""
        for k, item in enumerate(items):
            if hasattr(item, "cell_num"):
                parts = {part: getattr(item, part) for part in ("cell_num", "cell", "options")}
                items[k] = type(item).from_parent(item.parent, name=item.cell.id, **parts)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        """Replace nbval's report where it compared outputs and found a difference."""
        report = yield
        if hasattr(item, "cell_num"):
            report.location = *report.location[:2], item.nodeid
            if report.failed and getattr(item, "comparison_traceback", None):
                report.longrepr = stale(item.name, item.cell.outputs, item.test_outputs)
        return report


def pytest_configure(config):
    """Let the plugin see all files."""
    config.pluginmanager.register(Cells())
