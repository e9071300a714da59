"""Run lessons in this one process, under a fault, and print a complaint for everything that goes wrong.

    python tests/faults/faults.py FOLDER FAULT NOTEBOOK ...

FOLDER holds helpers/ and notebooks/; the faults are those of FAULTS. It is a program of its own because a fault (no
threads, warnings as errors, an ASCII locale) is for a whole process.
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

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
TAKEN = {"softmax", "np", "W", "max", "print"}  # names that a student may well give to a variable


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


def page():
    """The explorers on the page, by the cell that built them; the first cell of a lesson finds helpers/."""
    from helpers.explorers import explorer

    return explorer.runs


def drive():
    """Move every control of every explorer on the page to its ends; the text must not become an error."""
    from driving import ends, failed, move

    for explorer in [each for _, built in page().values() for each in built]:
        for control in explorer.controls:
            for value in ends(control):
                move(control, value)
                # The stubs of the homework raise NotImplementedError, and the explorer says so.
                if failed(explorer) and "NotImplementedError" not in explorer.text.value:
                    yield f"{explorer.name}, {control.description}: {explorer.text.value}"


def refuse(error, events, allowed=lambda *arguments: False):
    """Raise `error` whenever Python is about to do one of the audited `events`."""

    def hook(event, arguments):
        if event.startswith(events) and not allowed(event, *arguments):
            raise type(error)(f"{error}: {event} {arguments}")

    sys.addaudithook(hook)


def no_thread(thread):
    """In place of `Thread.start`; the words are Python's own."""
    raise RuntimeError("can't start new thread")


# The faults: what is done to the whole process, and a generator over the complaints about one notebook.


def poor():
    """Nothing can be written into the course, there is no network, and warnings are errors.

    The caller chooses folder, locale and home: they are fixed when Python starts.
    """
    import matplotlib.font_manager  # noqa: F401  without a home it says on stderr that it caches its fonts elsewhere

    course = pathlib.Path.cwd().parent

    def allowed(event, *arguments):
        if event == "open" and not (arguments[2] & WRITING or set(arguments[1] or "") & set("wax+")):
            return True
        paths = [os.fsdecode(part) for part in arguments if isinstance(part, (str, bytes))]
        return not any(pathlib.Path(path).absolute().is_relative_to(course) for path in paths[: 1 + (event != "open")])

    refuse(PermissionError("read-only folder"), ("open", "os.mkdir", "os.rename", "os.remove"), allowed)
    refuse(OSError("no network"), ("socket.connect", "socket.getaddrinfo", "socket.gethostby", "socket.bind"))
    warnings.simplefilter("error")


def confined():
    """No threads, signals, processes and sockets, as in a browser without a server; and NumPy raises its errors."""
    threading.Thread.start = no_thread
    refuse(OSError("no processes"), ("subprocess.Popen", "os.fork", "os.exec", "os.posix_spawn", "os.system"))
    refuse(OSError("no sockets"), ("socket.",))
    for name in {"signal", "setitimer", "alarm"} & set(dir(signal)):
        delattr(signal, name)
    np.seterr(all="raise")


def survived(kernel, cells):
    """The lesson and its explorers."""
    yield from compare(kernel, cells)
    yield from drive()


def repeated(kernel, cells):
    """From the last cell to the first; every cell twice in a row; then variables with the names of everything."""
    for cell in reversed(cells):
        kernel.shown(cell)
    yield from compare(kernel, cells, times=2)
    names = {name for name in kernel.user_ns if not name.startswith("_")} - kernel.user_ns_hidden.keys()
    kernel.user_ns.update(dict.fromkeys(names | TAKEN, 3))
    yield from drive()
    for name in TAKEN - names:  # no cell gives max and print back: that takes Restart
        del kernel.user_ns[name]
    yield from compare(kernel, cells)


FAULTS = {"repeated": (lambda: None, repeated), "poor": (poor, survived), "confined": (confined, survived)}


def main(folder, fault, *notebooks):
    """Print the complaints, then which notebooks were seen."""
    sys.stdout.reconfigure(errors="backslashreplace")
    os.chdir(pathlib.Path(folder) / "notebooks")
    lessons = {name: nbformat.read(name, as_version=4).cells for name in notebooks}
    config = Config()
    config.HistoryManager.enabled = False
    kernel = Kernel.instance(config=config)
    prepare, complaints = FAULTS[fault]
    prepare()
    for name, cells in lessons.items():
        kernel.reset()
        for complaint in complaints(kernel, [cell for cell in cells if cell.cell_type == "code"]):
            print(f"{name}: {complaint}", flush=True)
        page().clear()
    print("done:", *lessons)


if __name__ == "__main__":
    main(*sys.argv[1:])
