"""Run a student's function so that nothing it does can hurt the notebook or the check.

It may run forever, print a million lines, call sys.exit, or change NumPy's settings: it is stopped, and the settings
are put back. Time is limited by a signal. Where there is none (Windows, a browser, a thread that is not the main one)
every executed instruction looks at the clock instead: that stops loops, but not one endless operation inside NumPy.
"""

import contextlib
import io
import linecache
import os
import pathlib
import random
import re
import signal
import sys
import threading
import time
import traceback
import warnings
from dataclasses import dataclass

import numpy as np

SECONDS = 5.0  # for one call; a right answer to our small problems needs milliseconds
LINES = 2000
CHARACTERS = 200_000

LIBRARIES = (
    pathlib.Path(__file__).resolve().parents[1],
    *(pathlib.Path(module.__file__).resolve().parent for module in (os, np)),
)


class Stopped(BaseException):
    """Raised inside the student's function. Not an Exception, so that `except Exception` does not swallow it."""


class Tape(io.TextIOBase):
    """Counts what is printed and forgets it; stops who prints too much."""

    def __init__(self):
        self.lines = self.characters = 0

    def writable(self):
        """Yes."""
        return True

    def write(self, text):
        """Count."""
        self.lines += text.count("\n")
        self.characters += len(text)
        if self.lines > LINES or self.characters > CHARACTERS:
            raise Stopped("output")
        return len(text)


@contextlib.contextmanager
def alarm(seconds):
    """Raise Stopped in the code under `with` when its time is over."""
    armed, rung, old_trace = True, 0, sys.gettrace()

    def ring(_, frame):
        nonlocal rung
        if armed:
            rung += 1
            if rung > 1:  # the student's code has caught the first Stopped: raise again on its very next line
                while frame is not None and frame.f_code.co_filename != __file__:
                    frame.f_trace = again
                    frame = frame.f_back
                sys.settrace(lambda *_: None)
            raise Stopped("time")

    def again(frame, event, _):
        if armed and event == "line":  # not "exception": there the student's code would catch it once more
            raise Stopped("time")
        return again

    def look(frame, *_):
        frame.f_trace_opcodes = True  # `while True: pass` never reaches another line
        if armed and time.monotonic() > deadline:
            raise Stopped("time")
        return look

    deadline = time.monotonic() + seconds
    main = threading.current_thread() is threading.main_thread()
    by_signal = main and hasattr(signal, "setitimer") and sys.platform != "emscripten"
    if by_signal:
        old_handler = signal.signal(signal.SIGALRM, ring)
        # It rings again and again, in case the student's code catches everything.
        old_timer = signal.setitimer(signal.ITIMER_REAL, seconds, 0.05)
    else:
        sys.settrace(look)
    try:
        yield
    finally:
        armed = False
        if by_signal:
            signal.setitimer(signal.ITIMER_REAL, *old_timer)
            signal.signal(signal.SIGALRM, old_handler)
        if sys.gettrace() is not old_trace:
            sys.settrace(old_trace)


def no_input(prompt=""):
    """In place of input(): the check cannot wait for somebody to type."""
    raise RuntimeError("the function waits for keyboard input, but it gets everything through its arguments")


@contextlib.contextmanager
def settings_kept(seed):
    """Seed the global random generators for the code under `with`, and put back whatever it changes."""
    state, numpy_state, limit = random.getstate(), np.random.get_state(), sys.getrecursionlimit()  # noqa: NPY002
    builtin = sys.modules["builtins"]
    old_input, streams = builtin.input, (sys.stdout, sys.stderr)
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    builtin.input = no_input
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"), np.printoptions():
            warnings.simplefilter("ignore")
            yield
    finally:
        builtin.input = old_input
        sys.stdout, sys.stderr = streams
        sys.setrecursionlimit(limit)
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(state)


@dataclass
class Call:
    """What happened: a value, or the student's own error, or why the call was stopped ("time" or "output")."""

    value: object = None
    error: BaseException = None
    stopped: str = ""
    printed: int = 0


def alone(function, arguments):
    """Yield the value. A generator keeps its own "exception being handled": one that is cut off stays here."""
    yield function(*arguments)


def call(function, *arguments, seed=0):
    """Call `function` within all limits. Never raises."""
    result, tape = Call(), Tape()
    try:
        streams = contextlib.redirect_stdout(tape), contextlib.redirect_stderr(tape)
        with settings_kept(seed), streams[0], streams[1], alarm(SECONDS):
            result.value = next(alone(function, arguments))
    except Stopped as stop:
        result.stopped = str(stop)
    except BaseException as error:  # sys.exit and a kernel interrupt too: the check reports them
        result.error = error
    result.printed = tape.lines
    return result


def student_frame(error):
    """(function name, line number, text of the line) where the student's code failed, or None.

    The last line of the traceback that is neither ours nor a library's.
    """
    found = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        if not file.startswith("<") and not any(
            library in pathlib.Path(file).resolve().parents for library in LIBRARIES
        ):
            found = frame.f_code.co_name, line, linecache.getline(file, line).strip()
    return found


def describe(error):
    """Type and text of an exception in one line, without memory addresses: the same in every run."""
    try:
        text = " ".join(str(error).split())
    except Exception:  # a student's exception may fail to print
        text = ""
    text = re.sub(r"0x[0-9a-fA-F]+", "0x...", text)[:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
