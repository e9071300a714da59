"""Run the cells and the functions of one submission, and answer over a pipe: started by grade_one.py, shut in.

Each line that comes in is a question, each line that goes out its answer, both JSON; arrays travel as their bytes.
Nothing is decided here: whatever a submission changes in this process, it only changes what its functions answer.
"""

import base64
import contextlib
import json
import os
import pathlib
import re
import resource
import sys

import numpy as np

LIMITS = {resource.RLIMIT_AS: 2 * 2**30, resource.RLIMIT_FSIZE: 32 * 2**20, resource.RLIMIT_CORE: 0}
KINDS = {kind.__name__: kind for kind in (NotImplementedError, ValueError, IndexError)}  # that a check tells apart


def encode(value):
    """Numbers in any form, lists of them, or a generator of random numbers as JSON; an error if there are none."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, np.random.Generator):
        return {"generator": value.bit_generator.state}
    if isinstance(value, (list, tuple)):
        return [encode(one) for one in value]
    array = np.asarray(value)
    array = array.astype(float) if array.dtype == object else array
    return {"dtype": array.dtype.str, "shape": array.shape, "data": base64.b64encode(array.tobytes()).decode()}


def decode(part):
    """A value from JSON. Whoever made it chooses numbers, nothing else."""
    if isinstance(part, list):
        return [decode(one) for one in part]
    if not isinstance(part, dict):
        return part
    if "generator" in part:
        generator = np.random.default_rng()
        generator.bit_generator.state = part["generator"]
        return generator
    if not re.fullmatch(r"[<>|]?[fiub]\d\d?", part["dtype"]):
        raise ValueError(f"no numbers: {part['dtype']!r:.80}")
    return np.frombuffer(base64.b64decode(part["data"]), part["dtype"]).reshape(part["shape"]).copy()


def run(shell, cell):
    """Run a cell. The answer is its error, or None."""
    done = shell.run_cell(cell)
    error = done.error_before_exec or done.error_in_exec
    return None if error is None else calls.explain(error)


def knows(shell, name):
    """Whether a function is defined."""
    return name in shell.user_ns


def call(shell, name, arguments, seed):
    """Call a function. The answer is what it returned and its arguments after that, or its error."""
    mine = decode(arguments)
    done = calls.call(lambda: [encode(shell.user_ns[name](*mine)), encode(mine)], seed)
    value, after = done.value or (None, None)
    answer = {"stopped": done.stopped, "value": value, "arguments": after, "kind": None}
    if (error := done.error) is not None:
        answer["kind"] = next((name for name, kind in KINDS.items() if isinstance(error, kind)), "")
        answer |= {"error": calls.explain(error), "place": (calls.own_line(error) or [""])[0]}
    return answer


def main():
    """Answer until the pipe ends. What the submission prints goes nowhere, and it can read nothing."""
    questions, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w")
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
        answer = {"run": run, "knows": knows, "call": call}[does](shell, *arguments)
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    import IPython
    from IPython.core.interactiveshell import InteractiveShell

    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
    from helpers.exercises import calls

    calls.SECONDS -= 0.5  # a call that is stopped here leaves the process as it is; grade_one.py has to end it
    calls.LIBRARIES += tuple(pathlib.Path(one).resolve().parent for one in (__file__, IPython.__file__))
    main()
