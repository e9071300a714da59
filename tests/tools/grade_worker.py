"""Run the cells and the functions of one submission, and answer over a pipe: started by grade_one.py, shut in.

Each line that comes in is a question, each line that goes out its answer, both JSON; arrays travel as their bytes.
Nothing is decided here: whatever a submission changes in this process, it only changes what its functions answer.
"""

import base64
import contextlib
import inspect
import json
import os
import pathlib
import resource
import sys

import numpy as np
from IPython.core.compilerop import CachingCompiler
from IPython.core.interactiveshell import InteractiveShell

HERE = pathlib.Path.cwd()  # the empty folder where the notebook runs: helpers/ lies beside it
sys.path.insert(0, str(HERE.parent))

from helpers.exercises import calls  # noqa: E402

calls.SECONDS -= 0.5  # a call that is stopped here leaves the process as it is; grade_one.py has to end it
calls.LIBRARIES += (pathlib.Path(__file__).resolve().parent,)  # no line in here is the student's
CachingCompiler.get_code_name = lambda self, source, *_: str(HERE / f"cell {abs(hash(source))}")  # a file, as the lab's
LIMITS = {resource.RLIMIT_AS: 2 * 2**30, resource.RLIMIT_FSIZE: 32 * 2**20, resource.RLIMIT_CORE: 0}
KINDS = (NotImplementedError, ValueError, IndexError)  # of errors, that a check tells apart
MOST = 1_000_000  # entries of an array that is sent; what is asked for has some twenty


def numbers(value):
    """Numbers in any form as JSON; of anything else the type."""
    if value is None:
        return None
    try:
        array = np.asarray(value)
        array = array.astype(float) if array.dtype == object else array
    except (TypeError, ValueError):
        return {"type": type(value).__name__}
    if array.dtype.kind not in "fiub":
        return {"type": str(array.dtype)}
    data = base64.b64encode(array.tobytes()).decode() if array.size <= MOST else ""
    return {"dtype": array.dtype.str, "shape": array.shape, "data": data}


def encoded(value):
    """What a function returned, as JSON."""
    if value is Ellipsis or value is NotImplemented:
        return None
    if isinstance(value, (list, tuple)) and len(value) <= 1000:
        return {"items": [numbers(one) for one in value]}
    return numbers(value)


def decoded(argument):
    """An argument: an array of its own, a generator of random numbers, or one number."""
    if not isinstance(argument, dict):
        return argument
    if "data" in argument:
        array = np.frombuffer(base64.b64decode(argument["data"]), argument["dtype"])
        return array.reshape(argument["shape"]).copy()
    generator = np.random.default_rng()
    generator.bit_generator.state = argument
    return generator


def run(shell, cell):
    """Run a cell. The answer is its error, or None."""
    done = shell.run_cell(cell)
    error = done.error_before_exec or done.error_in_exec
    return None if error is None else calls.explain(error)


def about(shell, name):
    """What a check wants to know of a function before it calls it; None where it is not defined."""
    if name not in shell.user_ns:
        return None
    function = shell.user_ns[name]
    known = {"type": type(function).__name__, "callable": callable(function)}
    with contextlib.suppress(AttributeError, TypeError, ValueError):  # some callables do not tell
        parameters = inspect.signature(function).parameters.values()
        known["signature"] = [(p.name, int(p.kind), p.default is not p.empty) for p in parameters]
        known["stack"] = inspect.unwrap(function).__code__.co_stacksize
    return known


def call(shell, name, arguments, seed):
    """Call a function. The answer is what it returned and the arguments that it changed, or its error."""
    given, mine = ([decoded(one) for one in arguments] for _ in range(2))
    done = calls.call(lambda: encoded(shell.user_ns[name](*mine)), seed)
    if (error := done.error) is not None:
        kind = next((one.__name__ for one in KINDS if isinstance(error, one)), "")
        return {"error": calls.explain(error), "place": (calls.own_line(error) or [""])[0], "kind": kind}
    arrays = {k: one for k, one in enumerate(mine) if isinstance(one, np.ndarray)}
    changed = {k: numbers(one) for k, one in arrays.items() if not np.array_equal(one, given[k])}
    return {"stopped": done.stopped, "value": done.value, "changed": changed}


def main():
    """Answer until the pipe ends. What the submission prints goes nowhere, and it can read nothing."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    shell = InteractiveShell.instance()
    for limit, value in LIMITS.items():
        with contextlib.suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(limit, (value, value))
    for question in questions:
        does, *arguments = json.loads(question)
        answer = {"run": run, "about": about, "call": call}[does](shell, *arguments)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
