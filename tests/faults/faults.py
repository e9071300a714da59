"""Run lessons in this one process, under a fault, and print a complaint for everything that goes wrong.

    python tests/faults/faults.py FAULT NOTEBOOK ...

It is a program of its own because a fault (no threads, warnings as errors) is for a whole process.
"""

import contextlib
import io
import itertools
import os
import pathlib
import signal
import sys
import threading
import warnings

import nbformat
import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))  # driving.py


class ShowResult(DisplayHook):
    """A cell's last value is displayed like any other output."""

    def write_output_prompt(self):
        """No prompt."""

    def write_format_data(self, format_dict, md_dict=None):
        """Publish it."""
        self.shell.display_pub.publish(format_dict, md_dict)


class Kernel(InteractiveShell):
    """IPython without a browser; like a notebook's kernel it knows which cell is running."""

    displayhook_class = Type(ShowResult)
    display_pub_class = Type(CapturingDisplayPublisher)
    message: dict = {}  # noqa: RUF012  replaced, never changed
    runs = itertools.count()

    def get_parent(self):
        """The message that asked for the running cell."""
        return self.message

    def shown(self, cell):
        """What a cell shows: printed text, displayed texts and what went to stderr, or the error."""
        self.message = {"metadata": {"cellId": cell.id}, "header": {"msg_id": next(self.runs)}}
        self.display_pub.outputs.clear()
        with contextlib.redirect_stdout(io.StringIO()) as printed, contextlib.redirect_stderr(io.StringIO()) as alarms:
            result = self.run_cell(cell.source)
        error = result.error_before_exec or result.error_in_exec
        if error is not None:  # the traceback was printed
            return f"{type(error).__name__}: {error}"
        displayed = [output["data"].get("text/plain") for output in self.display_pub.outputs]
        return printed.getvalue(), displayed, alarms.getvalue()


def stored(cell):
    """The same of a stored cell."""
    for output in cell.outputs:
        if output.output_type == "error":
            return f"{output.ename}: {output.evalue}"
    printed = "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
    return printed, [output.data.get("text/plain") for output in cell.outputs if "data" in output], ""


def compare(kernel, cells, times=1):
    """Run each cell `times` times in a row; every time it must show what is stored."""
    for cell, time in itertools.product(cells, range(times)):
        shown = kernel.shown(cell)
        if shown != stored(cell):
            yield f"{cell.id}, run {time + 1}: shows {shown!r}, stored is {stored(cell)!r}"


def drive():
    """Move every control of every explorer on the page to its ends; the text must not become an error."""
    from driving import ends, failed, move
    from helpers.explorers import explorer as mechanism  # the first cell of a lesson has found helpers/

    for explorer in [each for _, built in mechanism.runs.values() for each in built]:
        for control in explorer.controls:
            for value in ends(control):
                move(control, value)
                # The stubs of the homework raise NotImplementedError, and the explorer says so.
                if failed(explorer) and "NotImplementedError" not in explorer.text.value:
                    yield f"{explorer.name}, {control.description}: {explorer.text.value}"
    mechanism.runs.clear()


def repeated(kernel, cells):
    """From the last cell to the first; then every cell twice in a row."""
    for cell in reversed(cells):
        kernel.shown(cell)
    yield from compare(kernel, cells, times=2)


def strict(kernel, cells):
    """NumPy raises all errors but underflow, and warnings are errors."""
    np.seterr(divide="raise", over="raise", invalid="raise")
    warnings.simplefilter("error")
    yield from compare(kernel, cells)
    yield from drive()


def confined(kernel, cells):
    """No threads and no signals, as in a browser without a server."""
    threading.Thread.start = no_thread
    for name in {"signal", "setitimer", "alarm"} & set(dir(signal)):
        delattr(signal, name)
    yield from compare(kernel, cells)
    yield from drive()


def no_thread(thread):
    """In place of `Thread.start`; the words are Python's own."""
    raise RuntimeError("can't start new thread")


FAULTS = {"repeated": repeated, "strict": strict, "confined": confined}


def main(fault, *notebooks):
    """Print the complaints, then which notebooks were seen."""
    kernel = Kernel.instance(config=Config({"HistoryManager": {"enabled": False}}))
    for path in map(pathlib.Path, notebooks):
        os.chdir(path.parent)
        kernel.reset()
        cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        for complaint in FAULTS[fault](kernel, cells):
            print(f"{path.name}: {complaint}", flush=True)
    print("done:", *notebooks)


if __name__ == "__main__":
    main(*sys.argv[1:])
