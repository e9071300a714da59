"""Run a student's function so that it comes back: with a value, with its own error, or stopped after some seconds.

Time is limited by a signal. Where there is none (Windows, a thread that is not the main one) a trace function
looks at the clock on every line, in a browser a monitor, which is still there when a student's code swallows what it
raises. All wait for an operation of NumPy's to come back.
"""

import contextlib
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
OURS = pathlib.Path(__file__).resolve().parents[1]
LIBRARIES = (OURS, *(pathlib.Path(module.__file__).resolve().parent for module in (os, np)))


class Stopped(BaseException):
    """Raised inside the student's function. Not an Exception, so that `except Exception` does not swallow it."""


DEADLINES = []  # in a browser: of the calls under way


def late(code, *_):
    """What the browser's monitor calls on every line and jump: stop the code of a notebook's cell that is late."""
    student = code.co_filename.startswith("<")
    if student and DEADLINES and time.monotonic() > DEADLINES[-1]:
        raise Stopped
    return None if student else sys.monitoring.DISABLE


if sys.platform == "emscripten":  # once for all: to switch it on for each call costs more than the call
    events, tool = sys.monitoring.events, sys.monitoring.DEBUGGER_ID
    sys.monitoring.use_tool_id(tool, "alarm")
    for event in (events.LINE, events.JUMP):
        sys.monitoring.register_callback(tool, event, late)
    sys.monitoring.set_events(tool, events.LINE | events.JUMP)


@contextlib.contextmanager
def alarm(seconds):
    """Raise Stopped in the code under `with` when its time is over."""
    main = threading.current_thread() is threading.main_thread()
    by_signal = main and hasattr(signal, "setitimer") and sys.platform != "emscripten"
    deadline, old_trace = time.monotonic() + seconds, sys.gettrace()

    def look(frame, event, _):
        frame.f_trace_opcodes = not by_signal  # `while True: pass` never reaches another line
        if event in ("line", "opcode") and time.monotonic() > deadline:
            raise Stopped
        return look

    def ring(_, frame):
        if deadline == np.inf:  # it is over
            return
        while frame is not None and frame.f_code.co_filename != __file__:
            frame.f_trace = look  # whoever catches this Stopped meets the next one on the next line
            frame = frame.f_back
        sys.settrace(lambda *_: None)
        raise Stopped

    if by_signal:
        old_handler = signal.signal(signal.SIGALRM, ring)
        old_timer = signal.setitimer(signal.ITIMER_REAL, seconds, 0.05)  # it rings again and again
    elif sys.platform == "emscripten":
        DEADLINES.append(deadline)
    else:
        sys.settrace(look)
    try:
        yield
    finally:
        deadline = np.inf
        if by_signal:
            signal.setitimer(signal.ITIMER_REAL, *old_timer)
            signal.signal(signal.SIGALRM, old_handler)
        elif sys.platform == "emscripten":
            DEADLINES.pop()
        sys.settrace(old_trace)


@dataclass
class Call:
    """What happened: a value, or the student's own error, or that the call was stopped."""

    value: object = None
    error: BaseException = None
    stopped: bool = False


def call(function, seed=0):
    """Call `function` within the limits, its global random generators seeded. Never raises, and puts settings back."""
    result, state, numpy_state = Call(), random.getstate(), np.random.get_state()  # noqa: NPY002
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    kept = warnings.catch_warnings(action="ignore"), np.errstate(all="ignore"), np.printoptions(), alarm(SECONDS)
    try:
        with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.ExitStack() as stack:
            for one in (contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere), *kept):
                stack.enter_context(one)
            result.value = function()
    except Stopped:
        result.stopped = True
    except BaseException as error:  # sys.exit and a kernel interrupt too: the check reports them
        result.error = error
    np.random.set_state(numpy_state)  # noqa: NPY002
    random.setstate(state)
    return result


def own_line(error):
    """(function name, line number, text of the line) where the student's code failed, or None: no line of a library."""
    found = None
    for frame, line in traceback.walk_tb(error.__traceback__):
        file = frame.f_code.co_filename
        library = re.match("<(?!ipython-input)", file) or any(
            path in pathlib.Path(file).resolve().parents for path in LIBRARIES
        )
        found = found if library else (frame.f_code.co_name, line, linecache.getline(file, line).strip())
    return found


def explain(error):
    """An exception in one line: type, text without memory addresses, and the student's own line where there is one."""
    try:
        text = re.sub(r"0x[0-9a-fA-F]+", "0x...", " ".join(str(error).split()))[:300]
    except BaseException:  # a student's exception may fail to print
        text = ""
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    place = own_line(error)
    if place and isinstance(error, NotImplementedError):
        return f"{place[0]} is not written yet: do that exercise first"
    return f"{said} (in {place[0]}, line {place[1]}: {place[2]})" if place else said
