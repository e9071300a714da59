"""What the functions of a submission answer to numbers that no check has used, in a process without a judge.

    python grade_answers.py task.json answers.json

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

from helpers import explorers, figures  # noqa: F401  (all that a lesson imports, before its time is taken)
from helpers.exercises import calls, lesson_07

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
        linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file  # for "in ..., line 3"
        try:
            with shell.builtin_trap, calls.alarm(SECONDS_PER_CELL):
                exec(compile(shell.transform_cell(source), file, "exec"), shell.user_ns)
        except calls.Stopped:
            stopped[name] = f"its cell never ends (stopped after {SECONDS_PER_CELL:g} seconds)"
        except BaseException as error:  # the next cells run all the same, as in a notebook
            stopped[name] = f"its cell stops with {calls.explain(error)}"
    return shell.user_ns, stopped


def as_lists(value):
    """What a function returned, each array as lists of numbers."""
    return [np.asarray(part, float).tolist() for part in (value if isinstance(value, tuple) else (value,))]


def answers(function, questions):
    """What the function returns, up to the first question that has no answer."""
    found = []
    for question in questions:
        arguments = [np.array(argument) if isinstance(argument, list) else argument for argument in question]
        if len(arguments) == 8:  # sgd: the last one seeds its generator
            arguments[-1] = np.random.default_rng(arguments[-1])
        outcome = calls.call(lambda arguments=arguments: as_lists(function(*arguments)))
        if outcome.stopped or outcome.error:
            break
        found.append(outcome.value)
    return found


def diagnosis(check, names, functions):
    """The outcome of a check and its first sentence; `functions` names what it looks at."""
    try:
        result = check(*map(names.get, functions))
        if result.outcome == "passed":
            return "passed" if result else "passed, given an earlier mistake"
        first = result.message.splitlines()[0] if result.outcome == "wrong" else ""
        return f"{result.outcome}: {first}" if first else result.outcome
    except Exception as error:  # a check that the submission has replaced
        return f"the check itself stops: {calls.explain(error)}"


def main(task_path, answers_path):
    """Read the task, run the cells, write the answers after each function, so that a later one cannot lose them."""
    task = json.loads(pathlib.Path(task_path).read_text(encoding="utf-8"))
    exercises = [getattr(lesson_07, name) for name in task["questions"]]
    checks = [(each.check, [each.name, *(earlier.name for earlier in each.builds_on)]) for each in exercises]
    names, stopped = run(task["cells"])
    found = {}
    for check, functions in checks:
        name = functions[0]
        found[name] = {"diagnosis": f"not defined: {stopped.get(name, 'its cell does not define it')}", "answers": []}
        if name in names:
            said = diagnosis(check, names, functions)
            found[name] = {"diagnosis": said, "answers": answers(names[name], task["questions"][name])}
        pathlib.Path(answers_path).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
