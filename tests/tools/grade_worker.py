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
import re
import resource
import sys

import numpy as np

LIMITS = {resource.RLIMIT_AS: 2 * 2**30, resource.RLIMIT_FSIZE: 32 * 2**20, resource.RLIMIT_CORE: 0}
KINDS = (NotImplementedError, ValueError, IndexError)  # of errors, that a check tells apart
MOST = 1_000_000  # entries of an array that is sent; what is asked for has some twenty


def encode(value):
    """Numbers in any form, lists of them, or a generator of random numbers as JSON; of anything else the type."""
    if value is None or value is Ellipsis or value is NotImplemented:
        return None
    if isinstance(value, np.random.Generator):
        return {"generator": value.bit_generator.state}
    if isinstance(value, (list, tuple)) and len(value) <= 1000:
        return [encode(one) for one in value]
    try:
        array = np.asarray(value)
        array = array.astype(float) if array.dtype == object else array
    except (TypeError, ValueError):
        return {"type": type(value).__name__}
    if array.dtype.kind not in "fiub":
        return {"type": str(array.dtype)}
    if type(value) in (bool, int, float):
        return value
    data = base64.b64encode(array.tobytes()).decode() if array.size <= MOST else ""
    return {"dtype": array.dtype.str, "shape": array.shape, "data": data}


def decode(part):
    """A value from JSON. Whoever made it chooses numbers and the name of a type, nothing else."""
    if isinstance(part, list):
        return [decode(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "generator" in part:
        generator = np.random.default_rng()
        generator.bit_generator.state = part["generator"]
        return generator
    if "type" in part:
        return type(str(part["type"])[:80], (), {})()
    if not re.fullmatch(r"[<>|]?[fiub]\d\d?", part["dtype"]):
        raise ValueError(f"no numbers: {part['dtype']!r:.80}")
    dtype, shape = np.dtype(part["dtype"]), tuple(part["shape"])
    array = np.frombuffer(base64.b64decode(part["data"]), dtype)
    return array.reshape(shape).copy() if array.size else np.broadcast_to(np.zeros((), dtype), shape)


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
    with contextlib.suppress(AttributeError, ValueError):  # some callables do not tell
        known["stack"] = inspect.unwrap(function).__code__.co_stacksize
    return known


def call(shell, name, arguments, seed):
    """Call a function. The answer is what it returned and the arguments that it changed, or its error."""
    given, mine = decode(arguments), decode(arguments)
    done = calls.call(lambda: encode(shell.user_ns[name](*mine)), seed)
    if (error := done.error) is not None:
        kind = next((one.__name__ for one in KINDS if isinstance(error, one)), "")
        return {"error": calls.explain(error), "place": (calls.own_line(error) or [""])[0], "kind": kind}
    arrays = {k: one for k, one in enumerate(mine) if isinstance(one, np.ndarray)}
    changed = {k: encode(one) for k, one in arrays.items() if not np.array_equal(one, given[k])}
    return {"stopped": done.stopped, "value": done.value, "changed": changed}


def main():
    """Answer until the pipe ends. What the submission prints goes nowhere, and it can read nothing."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    for limit, value in LIMITS.items():
        with contextlib.suppress(ValueError, OSError):  # not every system has each of them
            resource.setrlimit(limit, (value, value))
    shell = InteractiveShell.instance()
    shell.enable_gui = lambda *_: None  # %matplotlib asks for one
    for question in questions:
        does, *arguments = json.loads(question)
        answer = {"run": run, "about": about, "call": call}[does](shell, *arguments)
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    import IPython
    from IPython.core.compilerop import CachingCompiler
    from IPython.core.interactiveshell import InteractiveShell

    here = pathlib.Path.cwd()  # the empty folder where the notebook runs: helpers/ lies beside it
    sys.path.insert(0, str(here.parent))
    from helpers.exercises import calls

    calls.SECONDS -= 0.5  # a call that is stopped here leaves the process as it is; grade_one.py has to end it
    calls.LIBRARIES += tuple(pathlib.Path(one).resolve().parent for one in (__file__, IPython.__file__))
    CachingCompiler.get_code_name = lambda self, source, *_: str(here / f"cell {abs(hash(source))}")  # as in the lab
    main()
