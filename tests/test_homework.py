"""The homework's checks: right answers pass, wrong ones are named, nothing hurts the notebook, no formula is given."""

import contextlib
import functools
import inspect
import json
import pathlib
import re
import subprocess
import sys
import threading
import time
import warnings

import numpy as np
import pytest

import homework_answers
from helpers import homework, numerical
from helpers.homework import limits, problems
from helpers.homework.checks import EXERCISES
from helpers.homework.panel import Result

FORMULA = re.compile(r"\b[aA]\s*[-−–]\s*[yY]\b|\b[yY]\s*[-−–]\s*[aA]\b|outer\(")
CHECKS = {name: getattr(homework, f"check_{name}") for name in EXERCISES}
SOURCES = sorted(pathlib.Path(homework.__file__).parent.glob("*.py"))


@functools.cache
def check(answer):
    return CHECKS[answer.exercise](answer.function)


def without_quoted_code(result):
    """The message without the line of the student's own code that an error shows."""
    return "\n".join(line for line in result.lines if not line.startswith("In line"))


@pytest.mark.parametrize("answer", homework_answers.WRONG, ids=lambda answer: answer.id)
def test_wrong_answers_are_rejected_with_their_own_diagnosis(answer):
    result = check(answer)
    assert result.outcome == "wrong"
    assert re.search(answer.words, result.message), result.message
    assert not FORMULA.search(without_quoted_code(result)), result.message
    assert "{" not in result.message


@pytest.mark.parametrize("answer", homework_answers.RIGHT, ids=lambda answer: answer.id)
def test_right_answers_are_accepted(answer):
    result = check(answer)
    assert result.outcome == "passed", result.message
    assert float(result) == result.points == 1.0


def test_the_bank_is_large_and_covers_every_exercise():
    for bank, at_least in ((homework_answers.WRONG, 100), (homework_answers.RIGHT, 35)):
        assert len(bank) >= at_least
        assert len({answer.id for answer in bank}) == len(bank)
        assert {answer.exercise for answer in bank} == set(EXERCISES)


def test_different_mistakes_get_different_messages():
    headlines = [check(answer).lines[0] for answer in homework_answers.WRONG]
    assert len(set(headlines)) > 0.75 * len(headlines)


# ---------------------------------------------------------------- not attempted


def stubs(name):
    """The ways in which a function is not written yet."""
    scope = {}
    arguments = ", ".join(EXERCISES[name].parameters)
    for k, body in enumerate(("raise NotImplementedError", '"Doc."', "...", "pass", "return None", "return ...")):
        exec(f"def stub{k}({arguments}):\n    'Doc.'\n    {body}", scope)
    exec(f"def stub9({arguments}):\n    result = ...\n    return result", scope)
    return [function for key, function in scope.items() if key.startswith("stub")]


@pytest.mark.parametrize("name", EXERCISES)
def test_stubs_are_not_attempted_and_told_what_to_write(name):
    for stub in stubs(name):
        result = CHECKS[name](stub)
        assert result.outcome == "not attempted", stub
        assert f"Write {name}(" in result.message
        assert float(result) == 0.0
        assert len(result.hints) == 3


def test_an_exercise_that_waits_for_another_says_so():
    def sgd_step(W, b, X, Y, learning_rate):
        return batch_gradients(X, X, Y)

    def batch_gradients(X, A, Y):
        raise NotImplementedError

    result = homework.check_sgd_step(sgd_step)
    assert result.outcome == "not attempted"
    assert "batch_gradients, which is not written yet" in result.message


def test_a_function_that_computes_but_does_not_return_is_wrong():
    def bias_gradient(a, y):
        a + 2 * y

    assert homework.check_bias_gradient(bias_gradient).outcome == "wrong"


@pytest.mark.parametrize("thing", [5, None, np.ones(3), "bias_gradient", ...])
def test_what_is_no_function_is_wrong_with_a_sentence(thing):
    result = homework.check_bias_gradient(thing)
    assert result.outcome == "wrong"
    assert type(thing).__name__ in result.message


# ---------------------------------------------------------------- functions that misbehave


def forever(a, y):
    while True:
        pass


def forever_and_catches_all(a, y):
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(10)


def sleeps(a, y):
    time.sleep(100)


@pytest.mark.parametrize("function", [forever, forever_and_catches_all, sleeps])
def test_functions_that_never_end_are_stopped(function, monkeypatch):
    trace = sys.gettrace()
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    result = homework.check_bias_gradient(function)
    assert result.outcome == "wrong"
    assert "Stopped: it was not done after 0.2 seconds" in result.message
    assert sys.exc_info() == (None, None, None)
    assert sys.gettrace() is trace


def test_without_signals_loops_are_stopped_too(monkeypatch):
    monkeypatch.setattr(limits, "SECONDS", 0.2)
    found = []
    functions = (forever, homework_answers.ok_b)
    thread = threading.Thread(target=lambda: found.extend(homework.check_bias_gradient(f).outcome for f in functions))
    thread.start()
    thread.join()
    assert found == ["wrong", "passed"]


def test_a_million_lines_are_cut_off(capsys):
    def bias_gradient(a, y):
        for k in range(10**6):
            print("line", k)
        return homework_answers.ok_b(a, y)

    result = homework.check_bias_gradient(bias_gradient)
    assert "prints too much" in result.message
    assert capsys.readouterr() == ("", "")


class Odd:
    """An object on which everything fails."""

    def __array__(self, *_, **__):
        raise RuntimeError("odd")

    def __len__(self):
        raise RuntimeError("odd")

    __repr__ = __eq__ = __len__
    __hash__ = None


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no text")


def raises(error):
    def function(a, y):
        raise error

    return function


@pytest.mark.parametrize(
    "function",
    [
        *map(
            raises, (SystemExit(1), KeyboardInterrupt(), GeneratorExit(), MemoryError(), Unprintable(), StopIteration())
        ),
        lambda a, y: Odd(),
        lambda a, y: (Odd(), Odd()),
        lambda a, y: np.broadcast_to(0.0, (10**6, 10**6)),
        lambda a, y: [[1.0], [1.0, 2.0]],
        lambda a, y: np.array([str, int]),
        lambda a, y: "text",
        lambda a, y: lambda: None,
        lambda a, y: input(),
        lambda a, y: np.full(len(a), np.nan),
    ],
)
def test_odd_functions_are_wrong_and_nothing_is_raised(function):
    result = homework.check_bias_gradient(function)
    assert result.outcome == "wrong"
    assert len(result.lines) > 1
    for name in ("batch_gradients", "sgd_step", "sgd"):
        assert CHECKS[name](lambda *arguments: function(1, 2)).outcome == "wrong"


def test_settings_that_the_student_changes_are_put_back():
    def bias_gradient(a, y):
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        np.random.seed(3)  # noqa: NPY002
        sys.setrecursionlimit(5000)
        sys.stdout = None
        warnings.simplefilter("ignore")
        return homework_answers.ok_b(a, y)

    def settings():
        random = np.random.get_state()[1].tolist()  # noqa: NPY002
        return np.geterr(), np.get_printoptions(), random, sys.getrecursionlimit(), sys.stdout, list(warnings.filters)

    before = settings()
    assert homework.check_bias_gradient(bias_gradient).outcome == "passed"
    assert settings() == before


def test_checks_work_where_numpy_raises_and_warnings_are_errors():
    sample = (*homework_answers.RIGHT, *homework_answers.WRONG[::4])
    before = [check(answer) for answer in sample]
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [CHECKS[answer.exercise](answer.function) for answer in sample] == before


# ---------------------------------------------------------------- messages


def test_a_wrong_message_says_what_was_tried_where_it_differs_and_where_to_look():
    result = homework.check_weight_gradient(homework_answers.w_sign)
    assert "Tried with m = 3, n = 4" in result.message
    assert "seed 1" in result.message
    assert "First entry that differs: dL/dW[0, 0], yours 0.34009, measured -0.34009." in result.message
    assert "equation (9)" in result.message


def test_what_was_tried_can_be_repeated():
    result = homework.check_weight_gradient(homework_answers.w_sign)
    again = homework_answers.w_sign(**result.tried)
    assert f"yours {again[0, 0]:.5g}" in result.message


def test_an_error_is_shown_with_the_students_own_line():
    result = homework.check_weight_gradient(homework_answers.w_elementwise)
    line = inspect.getsource(homework_answers.w_elementwise).splitlines()[-1].strip()
    assert "ValueError: operands could not be broadcast" in result.message
    assert f"in w_elementwise: {line}" in result.message


def test_an_error_in_an_earlier_exercise_sends_the_student_there():
    def sgd_step(W, b, X, Y, learning_rate):
        return W - W.T, b

    def sgd(W, b, X, Y, learning_rate, epochs, batch_size, rng):
        return sgd_step(W, b, X, Y, learning_rate)

    result = homework.check_sgd(sgd)
    assert result.outcome == "wrong"
    assert "The error comes out of sgd_step: first get its own check to pass." in result.message
    assert "comes out of" not in homework.check_sgd_step(sgd_step).message


def test_addresses_and_file_names_stay_out_of_messages():
    def bias_gradient(a, y):
        raise ValueError(object())

    message = homework.check_bias_gradient(bias_gradient).message
    assert "0x..." in message
    assert not re.search(r"0x\d", message)
    assert str(pathlib.Path(__file__).parent) not in message


def test_hints_come_one_at_a_time():
    result = homework.check_bias_gradient(homework_answers.b_sign)
    shown = [result.hint() for _ in range(4)]
    assert [text[:11] for text in shown[:3]] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3"]
    assert shown[3] == "There are no more hints."
    html = result._repr_html_()
    # Hint 2 is inside the folded hint 1, hint 3 inside hint 2.
    assert re.search(
        r"<details><summary>Hint 1.*<details><summary>Hint 2.*<details><summary>Hint 3.*(</details>){3}", html
    )
    assert " open" not in html


def test_no_text_gives_the_formula():
    for exercise in EXERCISES.values():
        text = " ".join((*exercise.hints, exercise.where, exercise.shown, exercise.returns))
        assert not FORMULA.search(text), text


def test_the_code_holds_no_formula():
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert not FORMULA.search(code)
    assert "softmax_crossentropy_grad" not in code


def test_the_panel_says_in_words_symbol_and_colour_what_it_found():
    looks = [
        Result("f", outcome, ("x < y & z",), ("h",))._repr_html_() for outcome in ("passed", "not attempted", "wrong")
    ]
    for html, symbol, outcome in zip(looks, "✓○✗", ("passed", "not attempted", "wrong"), strict=True):
        assert symbol in html
        assert outcome in html
        assert "x &lt; y &amp; z" in html
        assert "background" not in html  # the theme's own, light or dark
    assert len({re.search("solid (#\\w+)", html)[1] for html in looks}) == 3


def test_text_and_panel_say_the_same():
    result = homework.check_sgd_step(homework_answers.s_sum)
    for line in result.lines:
        assert line in repr(result)
        assert line in result._repr_html_().replace("&#x27;", "'")


def test_panels_are_the_same_in_every_process():
    program = (
        "import json, homework_answers as h; from helpers import homework\n"
        "print(json.dumps([repr(r) + r._repr_html_() for r in (getattr(homework, 'check_' + a.exercise)(a.function)"
        " for a in h.WRONG[::6] + h.RIGHT[::6])]))"
    )
    paths = [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parent.parent)]
    run = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {paths}\n{program}"],
        capture_output=True,
        text=True,
        check=True,
    )
    here = [check(answer) for answer in homework_answers.WRONG[::6] + homework_answers.RIGHT[::6]]
    assert json.loads(run.stdout) == [repr(result) + result._repr_html_() for result in here]


# ---------------------------------------------------------------- the measuring itself


@pytest.mark.parametrize("problem", [*problems.batches(), *problems.singles(), problems.make("", 8, 3, 4, 5)])
def test_measured_slopes_agree_with_the_formula(problem):
    formula = homework_answers.slopes(problem.W, problem.b, problem.X, problem.Y)
    for mine, measured in zip(formula, problem.slopes, strict=True):
        assert abs(mine - measured).max() < 1e-7 * abs(measured).max()


def test_simulated_runs_agree_with_steps_and_differ_from_each_other():
    problem, ways = problems.make("", 12, 3, 3, 5, learning_rate=1.0), problems.visits(5, 2)
    ends = problems.simulate(problem, ways)
    assert len(ways) == 30
    for way, end in zip(ways, ends, strict=True):
        W, b = problem.W, problem.b
        for batch in way:
            W, b = homework_answers.step(W, b, problem.X[list(batch)], problem.Y[list(batch)], 1.0)
        assert numerical.compare(problems.packed(W, b), end, 1e-8)
    distance = abs(ends[:, np.newaxis] - ends).max(axis=(2, 3)) + np.eye(len(ends))
    assert distance.min() > 1e-4


@pytest.mark.parametrize("name", ["weight_gradient", "bias_gradient", "batch_gradients", "sgd_step", "sgd"])
def test_any_small_error_is_found(name):
    """The checks can fail: a relative error of 1e-5 in one entry is enough."""
    right = next(answer.function for answer in homework_answers.RIGHT if answer.exercise == name)

    def nearly(*arguments):
        value = right(*arguments)
        changed = [np.array(part, dtype=float) for part in (value if isinstance(value, (tuple, list)) else [value])]
        changed[-1].flat[-1] *= 1 + 1e-5
        return changed if isinstance(value, (tuple, list)) else changed[0]

    assert CHECKS[name](nearly).outcome == "wrong"
