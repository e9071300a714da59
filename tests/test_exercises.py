"""The checks of the exercises: right answers pass, wrong ones are named, nothing hurts or gives away."""

import ast
import contextlib
import dataclasses
import inspect
import pathlib
import re
import sys
import threading
import time
import warnings

import numpy as np
import pytest

import answers
from answers import RIGHT, WRONG
from helpers import numerical
from helpers.exercises import calls, exercise, lesson_07, loop, panel, problems

EXERCISES = list(answers.EXERCISES.values())
HOMEWORK = [one for one in vars(lesson_07).values() if isinstance(one, exercise.Exercise)]
FORMULA = re.compile(r"\b[aA]\s*[-−–]\s*[yY]\b|\b[yY]\s*[-−–]\s*[aA]\b|outer\(")
SOURCES = sorted(pathlib.Path(exercise.__file__).parent.glob("*.py"))
UNNAMED = {"unexplained", "lost"}
by_id = lambda answer: answer.id  # noqa: E731
by_name = lambda one: one.name  # noqa: E731
bias_check, weight_check = lesson_07.bias_gradient.check, lesson_07.weight_gradient.check


def answer(name):
    return next(one for one in RIGHT + WRONG if one.name == name)


@pytest.mark.parametrize("wrong", WRONG, ids=by_id)
def test_wrong_answers_are_rejected_with_their_own_diagnosis(wrong):
    result = wrong.result
    assert result.outcome == "wrong" and result.points == 0
    assert wrong.key in (result.keys[0], *result.keys[0].split(" × ")), result
    said = [reason.text for reason in result.reasons if reason.key not in ("error", "tried")]
    assert not FORMULA.search("\n".join(said)) and "{" not in "\n".join(said), result


@pytest.mark.parametrize("right", RIGHT, ids=by_id)
def test_right_answers_are_accepted(right):
    assert right.result.outcome == "passed" and right.result.points == 1.0, right.result


def test_the_bank_covers_every_exercise_and_nearly_every_mistake_has_a_name():
    assert {one.exercise.name for one in RIGHT} == {one.exercise.name for one in WRONG} == set(map(by_name, EXERCISES))
    assert len({one.id for one in RIGHT + WRONG}) == len(RIGHT + WRONG) >= 170
    named = [one for one in WRONG if one.result.keys[0] not in UNNAMED]
    assert len(named) >= 0.85 * len(WRONG)


@pytest.mark.parametrize("one", EXERCISES, ids=by_name)
def test_any_small_error_is_found(one):
    """The checks can fail: a relative error of 1e-4 in one entry is enough."""
    right = next(entry.function for entry in RIGHT if entry.exercise is one)

    def nearly(*arguments):
        value = right(*arguments)
        changed = [np.array(part, dtype=float) for part in (value if len(one.returns) > 1 else [value])]
        changed[-1].flat[changed[-1].argmax()] *= 1 + 1e-4
        return changed if len(one.returns) > 1 else changed[0]

    assert one.check(nearly).outcome == "wrong"


def test_infinity_is_right_where_it_is_asked_for_with_its_sign_and_nowhere_else():
    asked, inf, nan = np.array([np.inf, 1.0]), np.inf, np.nan
    assert exercise.agree(asked.copy(), asked, 1e-6) and exercise.agree(np.array(inf), np.array(inf), 1e-6)
    for answer in ([-inf, 1], [inf, inf], [nan, 1], [1e308, 1], [inf, 1.1], [inf, nan]):
        assert not exercise.agree(np.array(answer), asked, 1e-6)


def test_no_code_depends_on_the_wording_of_a_sentence(monkeypatch):
    """All sentences replaced by their keys: every outcome and every key stays."""
    sample = [*WRONG, *RIGHT[::5]]
    before = [(one.result.outcome, one.result.keys, one.result.named) for one in sample]
    for key in exercise.SENTENCES:
        monkeypatch.setitem(exercise.SENTENCES, key, key)
    entries = {*loop.RULES, *(entry for one in EXERCISES for entry in (*one.ideas, *one.factors) if entry.sentence)}
    kept = [(entry, entry.sentence) for entry in entries]
    for entry in entries:
        object.__setattr__(entry, "sentence", entry.key)
    again = [one.exercise.check(one.function) for one in sample]
    for entry, sentence in kept:
        object.__setattr__(entry, "sentence", sentence)
    assert [(result.outcome, result.keys, result.named) for result in again] == before
    assert again[0].message != sample[0].result.message


# ---------------------------------------------------------------- a mistake counts once


def flipped(name):
    """Source functions of the homework in which `name` has the wrong sign, and the later ones use the earlier ones."""

    def bias_gradient(W, b, x, y):
        return -answer("ok_b").function(W, b, x, y)

    def weight_gradient(W, b, x, y):
        return np.outer(bias_gradient(W, b, x, y), x)

    def batch_gradients(W, b, X, Y):
        dW = np.mean([weight_gradient(W, b, x, y) for x, y in zip(X, Y, strict=True)], axis=0)
        return dW, np.mean([bias_gradient(W, b, x, y) for x, y in zip(X, Y, strict=True)], axis=0)

    def sgd_step(W, b, X, Y, learning_rate):
        dW, db = batch_gradients(W, b, X, Y)
        return W - learning_rate * dW, b - learning_rate * db

    sgd = answers.loop(lambda N, rng: rng.permutation(N), sgd_step)
    return bias_gradient, weight_gradient, batch_gradients, sgd_step, sgd


def test_a_mistake_that_is_carried_on_counts_once():
    bias, weight, batch, step, loop_ = flipped("bias_gradient")
    assert lesson_07.bias_gradient.check(bias).outcome == "wrong"
    for one, function, earlier in (
        (lesson_07.weight_gradient, weight, (bias,)),
        (lesson_07.batch_gradients, batch, (weight, bias)),
        (lesson_07.sgd_step, step, (batch,)),
        (lesson_07.sgd, loop_, (step,)),
    ):
        assert one.check(function).outcome == "wrong"
        result = one.check(function, *earlier)
        assert result.outcome == "passed" and result.keys == ("carried on",) and result.points == 1 and not result, (
            one.name
        )


def test_a_mistake_of_its_own_still_counts():
    bias, weight, batch, step, _ = flipped("bias_gradient")
    assert weight_check(lambda W, b, x, y: 2 * weight(W, b, x, y), bias).outcome == "wrong"
    unshuffled = answers.loop(lambda N, rng: np.arange(N), step)
    assert lesson_07.sgd.check(unshuffled, step).keys[0] == "not from rng"


@pytest.mark.parametrize("bias", [lambda W, b, x, y: 0 * b, lambda W, b, x, y: b, lambda W, b, x, y: None])
def test_what_has_no_name_excuses_nothing(bias):
    assert weight_check(lambda W, b, x, y: np.outer(bias(W, b, x, y), x), bias).outcome != "passed"


# ---------------------------------------------------------------- not attempted


def stubs(one):
    """The ways in which a function is not written yet."""
    scope, arguments = {}, ", ".join(one.parameters)
    for k, body in enumerate(("raise NotImplementedError", '"Doc."', "...", "pass", "return None", "return ...")):
        exec(f"def stub{k}({arguments}):\n    'Doc.'\n    {body}", scope)
    return [function for key, function in scope.items() if key.startswith("stub")]


@pytest.mark.parametrize("one", EXERCISES, ids=by_name)
def test_stubs_are_not_attempted_and_told_what_to_write(one):
    for stub in stubs(one):
        result = one.check(stub)
        assert result.outcome == "not attempted" and result.points == 0.0, stub
        assert f"Write {one.name}(" in result.message and len(result.hints) == 3


def test_an_exercise_that_waits_for_another_says_so():
    def batch_gradients(W, b, X, Y):
        raise NotImplementedError

    result = lesson_07.sgd_step.check(lambda W, b, X, Y, learning_rate: batch_gradients(W, b, X, Y))
    assert result.outcome == "not attempted" and result.keys[0] == "earlier unwritten"
    assert "batch_gradients, which is not written yet" in result.message


def test_a_function_that_computes_but_does_not_return_is_wrong():
    def bias_gradient(W, b, x, y):
        b + 2 * y

    assert bias_check(bias_gradient).keys[0] == "none"


@pytest.mark.parametrize("thing", [5, None, np.ones(3), "bias_gradient", ...])
def test_what_is_no_function_is_wrong_with_a_sentence(thing):
    result = bias_check(thing)
    assert result.outcome == "wrong" and type(thing).__name__ in result.message


def broken_at_the_ninth_call(W, b, x, y, count=[]):  # noqa: B006
    count.append(1)
    return answer("ok_b").function(W, b, x, y) if len(count) < 9 else None


def test_what_a_student_does_to_arrays_and_calls_stays_with_the_student():
    assert bias_check(broken_at_the_ninth_call).keys[0] == "remembers"

    def in_place(W, b, x, y):
        y -= 1
        return y

    for check in (bias_check, lambda f: weight_check(answer("ok_w_outer").function, f)):
        check(in_place)
    answer("b_sign").result.tried["b"][:] = 7
    assert bias_check(answer("ok_b").function).outcome == "passed"


def test_a_loop_that_breaks_only_with_several_batches_says_so(monkeypatch):
    def reshaped(W, b, X, Y, learning_rate, epochs, batch_size, rng):
        for _ in range(epochs):
            for batch in rng.permutation(len(X)).reshape(-1, batch_size):
                W, b = answers.step(W, b, X[batch], Y[batch], learning_rate)
        return W, b

    def endless(W, b, X, Y, learning_rate, epochs, batch_size, rng):
        k = 0
        while k != len(X):
            k += batch_size
        return answers.shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng)

    monkeypatch.setattr(calls, "SECONDS", 0.5)
    assert lesson_07.sgd.check(reshaped).keys[0] == "error"
    assert lesson_07.sgd.check(endless).keys[0] == "time"


# ---------------------------------------------------------------- functions that misbehave


def forever(W, b, x, y):
    while True:
        pass


def forever_and_catches_all(W, b, x, y):
    while True:
        with contextlib.suppress(BaseException):
            time.sleep(10)


def sleeps(W, b, x, y):
    time.sleep(100)


@pytest.mark.parametrize("function", [forever, forever_and_catches_all, sleeps])
def test_functions_that_never_end_are_stopped(function, monkeypatch):
    trace = sys.gettrace()
    monkeypatch.setattr(calls, "SECONDS", 0.2)
    result = bias_check(function)
    assert result.keys[0] == "time" and "not done after 0.2 seconds" in result.message
    assert sys.exc_info() == (None, None, None) and sys.gettrace() is trace


def test_without_signals_loops_are_stopped_too(monkeypatch):
    monkeypatch.setattr(calls, "SECONDS", 0.2)
    found = []
    functions = (forever, answer("ok_b").function)
    thread = threading.Thread(target=lambda: found.extend(bias_check(function).outcome for function in functions))
    thread.start()
    thread.join()
    assert found == ["wrong", "passed"]


def test_what_a_function_prints_stays_away(capsys):
    def bias_gradient(W, b, x, y):
        print("line\n" * 1000)
        print("error", file=sys.stderr)
        return answer("ok_b").function(W, b, x, y)

    assert bias_check(bias_gradient).outcome == "passed"
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
    def function(*arguments):
        raise error

    return function


@pytest.mark.parametrize(
    "function",
    [
        *map(raises, (SystemExit(1), KeyboardInterrupt(), MemoryError(), Unprintable(), StopIteration())),
        lambda *_: Odd(),
        lambda *_: (Odd(), Odd()),
        lambda *_: np.broadcast_to(0.0, (10**6, 10**6)),
        lambda *_: [[1.0], [1.0, 2.0]],
        lambda *_: np.array([str, int]),
        lambda *_: "text",
        lambda *_: lambda: None,
        lambda *_: (number for number in range(3)),
        lambda *_: np.full(3, np.nan),
    ],
)
def test_odd_functions_are_wrong_and_nothing_is_raised(function):
    for one in EXERCISES:
        result = one.check(function)
        assert result.outcome == "wrong" and len(result.reasons) > 1


def test_settings_that_the_student_changes_are_put_back():
    def bias_gradient(W, b, x, y):
        np.seterr(all="raise")
        np.set_printoptions(precision=1)
        np.random.seed(3)  # noqa: NPY002
        sys.stdout = None
        warnings.simplefilter("ignore")
        return answer("ok_b").function(W, b, x, y)

    def settings():
        random = np.random.get_state()[1].tolist()  # noqa: NPY002
        return np.geterr(), np.get_printoptions(), random, sys.stdout, list(warnings.filters)

    before = settings()
    assert bias_check(bias_gradient).outcome == "passed"
    assert settings() == before


def test_checks_work_where_numpy_raises_and_warnings_are_errors():
    sample = (*RIGHT[::3], *WRONG[::4])
    before = [one.result for one in sample]
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [one.exercise.check(one.function) for one in sample] == before


# ---------------------------------------------------------------- messages


def test_a_wrong_message_says_what_was_tried_where_it_differs_and_where_to_look():
    result = answer("w_sign").result
    assert result.keys == ("-one", "difference", "tried", "where")
    assert "Tried with m = 3, n = 4, N = 1 (seed 1" in result.message and "equation (9)" in result.message
    yours, measured = re.search(r"dL/dW\[0, 0\], yours (\S+), measured (\S+)\.\n", result.message).groups()
    again = answer("w_sign").function(**result.tried)
    assert yours == f"{again[0, 0]:.5g}" and float(measured) == -float(yours)


def test_what_is_already_right_is_said():
    assert "dL/db is right." in answer("wn_sum").result.message
    assert "shape" in answer("w_transposed").result.message and "transposed" in answer("w_transposed").result.message


def test_an_error_is_shown_with_the_students_own_line():
    result = answer("w_elementwise").result
    assert "ValueError: operands could not be broadcast" in result.message
    assert re.search(r"line \d+: .*\(a - y\) \* x", result.message)
    assert str(pathlib.Path(__file__).parent) not in result.message
    assert "0x..." in bias_check(raises(ValueError(object()))).message


def test_a_line_is_the_students_own_also_where_a_cell_is_no_file():
    def failed(file):
        found = calls.call(lambda: exec(compile("def f():\n    1 / 0\nf()", file, "exec"), {}))
        return calls.own_line(found.error)

    assert failed("<ipython-input-1-a0b1>")[:2] == ("f", 2)
    assert failed("<string>")[0] != "f"


def test_an_error_in_an_earlier_exercise_sends_the_student_there():
    def sgd_step(W, b, X, Y, learning_rate):
        return W - W.T, b

    loop_ = answers.loop(lambda N, rng: rng.permutation(N), sgd_step)
    assert lesson_07.sgd.check(loop_).keys[:2] == ("error", "earlier error")
    assert "earlier error" not in lesson_07.sgd_step.check(sgd_step).keys


def test_hints_unfold_one_at_a_time():
    html = answer("b_sign").result._repr_html_()
    assert (
        re.search(r"<summary>Hint 1.*<summary>Hint 2.*<summary>Hint 3.*(</details>){3}", html) and " open" not in html
    )


def test_no_text_and_no_code_gives_the_formula():
    words = [text for one in EXERCISES for text in (*one.hints, one.where, one.otherwise)]
    assert not any(FORMULA.search(text) for text in words)
    code = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    assert not FORMULA.search(code) and "softmax_crossentropy_grad" not in code


def test_the_panel_says_in_words_symbol_and_colour_what_it_found():
    reasons = (panel.Reason("key", "x < y & z"),)
    looks = [panel.Result("f", outcome, reasons, ("h",))._repr_html_() for outcome in panel.LOOKS]
    for html, (outcome, (symbol, _)) in zip(looks, panel.LOOKS.items(), strict=True):
        assert symbol in html and outcome in html and "x &lt; y &amp; z" in html
        assert "background" not in html  # the theme's own, light or dark
    assert len({re.search("solid (#\\w+)", html)[1] for html in looks}) == 3


# ---------------------------------------------------------------- the measuring itself


@pytest.mark.parametrize(
    "problem", [*problems.BATCHES, *lesson_07.bias_gradient.problems, *loop.RUNS], ids=lambda p: p.about
)
def test_measured_slopes_agree_with_the_formula(problem):
    formula = answers.slopes(problem.W, problem.b, problem.X, problem.Y)
    for mine, measured in zip(formula, problem.slopes.values(), strict=True):
        assert abs(mine - measured).max() < 0.3 * numerical.MEASURED * abs(measured).max()


def test_the_ways_to_visit_are_all_there():
    ways = loop.usual(dataclasses.replace(loop.FIVE, batch=2))
    assert len(set(ways)) == 30 and all(sorted(sum(way, ())) == [0, 1, 2, 3, 4] for way in ways)


def test_an_exercise_is_data():
    """Signatures hold the situation, not the ingredients; the lesson's file holds no control flow."""
    assert [one.parameters[:2] for one in HOMEWORK] == [("W", "b")] * 5
    for lesson in answers.LESSONS:
        tree = ast.parse(inspect.getsource(lesson))
        assert not any(isinstance(node, (ast.If, ast.While, ast.Try)) for node in ast.walk(tree))
