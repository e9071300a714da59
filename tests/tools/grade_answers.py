"""What the functions of a submission answer to numbers that no check has used, in a process without a judge.

    python new_numbers.py task.json answers.json

The task holds the cells of the submission without its checks, and the arguments for each function. The answers are
only written down: the process that asked has measured the slopes and compares, so nothing that the submission does
to the checks reaches its judge. The check's own words go with them; they are a diagnosis, not a verdict.
"""

import json
import linecache
import pathlib
import sys

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from helpers import explorers, figures, homework  # noqa: F401  (all that a lesson imports, before its time is taken)
from helpers.homework import limits
from helpers.homework.limits import call, describe

SECONDS_PER_CELL = 10.0


class Shell(InteractiveShell):
    """IPython without a screen: `%matplotlib inline` has nothing to do."""

    def enable_gui(self, gui=None):
        """Do nothing."""


def run(cells):
    """The names that the cells define, and for each named cell that stopped why it did."""
    shell = Shell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    stopped = {}
    for number, (name, source) in enumerate(cells, start=1):
        file = f"cell-{number}.py"
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file  # for "In line 3, in ..."
        try:
            with shell.builtin_trap, limits.alarm(SECONDS_PER_CELL):
                exec(compile(shell.transform_cell(source), file, "exec"), shell.user_ns)
        except limits.Stopped:
            stopped[name] = f"its cell never ends (stopped after {SECONDS_PER_CELL:g} seconds)"
        except BaseException as error:  # the next cells run all the same, as in a notebook
            stopped[name] = f"its cell stops with {describe(error)}"
    return shell.user_ns, stopped


def as_lists(value):
    """One array or a pair of arrays as lists of numbers."""
    if isinstance(value, tuple):
        return [np.asarray(part, float).tolist() for part in value]
    return np.asarray(value, float).tolist()


def answers(function, questions):
    """What the function returns, up to the first question that has no answer."""
    found = []
    for question in questions:
        arguments = [np.array(argument) if isinstance(argument, list) else argument for argument in question]
        if len(arguments) == 8:  # sgd: the last one seeds its generator
            arguments[-1] = np.random.default_rng(arguments[-1])
        outcome = call(lambda arguments=arguments: as_lists(function(*arguments)))
        if outcome.stopped or outcome.error:
            break
        found.append(outcome.value)
    return found


def diagnosis(check, function):
    """The check's outcome and its most important line."""
    try:
        result = check(function)
        lines = result.message.splitlines()
        if result.outcome == "wrong" or (result.outcome == "not attempted" and len(lines) > 1):
            return f"{result.outcome}: {lines[0]}"
        return str(result.outcome)
    except Exception as error:  # a check that the submission has replaced
        return f"the check itself stops: {describe(error)}"


def main(task_path, answers_path):
    """Read the task, run the cells, write the answers after each function, so that a later one cannot lose them."""
    task = json.loads(pathlib.Path(task_path).read_text(encoding="utf-8"))
    checks = {name: getattr(homework, f"check_{name}") for name in task["questions"]}
    names, stopped = run(task["cells"])
    found = {}
    for name, questions in task["questions"].items():
        said = f"not defined: {stopped.get(name, 'its cell does not define it')}"
        if name in names:
            said = diagnosis(checks[name], names[name])
        found[name] = {"diagnosis": said, "answers": answers(names[name], questions) if said == "passed" else []}
        pathlib.Path(answers_path).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
