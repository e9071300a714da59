"""An exercise is data, and one mechanism checks it: what is measured, what wrong ideas lead to, and one search.

No formula is in here. What a function should return is measured by centred differences on small problems. A wrong
answer is explained by the one pair of a wrong idea and a factor that gives the answers to all problems at once.
"""

import copy
import functools
import inspect
import pathlib
import tomllib
from dataclasses import dataclass

import numpy as np

from helpers.exercises import calls
from helpers.exercises.panel import Reason, Result
from helpers.numerical import MEASURED, NOISE, SINGLE, equal

EXPLAINED = 1e-4  # of its largest entry: how exactly a quantity times a factor gives an answer that it explains


@dataclass(frozen=True, eq=False)
class Idea:
    """A wrong idea: what to say, and what an answer equals, up to a factor, if somebody had it.

    `quantity(problem)` gives arrays by the names of slopes; with `looks`, `quantity(problem, returned)` may look at
    what the student returned. An array with one axis more than the slope holds alternatives; None says nothing.
    """

    key: str
    sentence: str
    quantity: callable
    looks: bool = False


@dataclass(frozen=True, eq=False)
class Factor:
    """A number that an answer may be multiplied by: what to say, and `size(problem)`."""

    key: str
    sentence: str
    size: callable


ONE = Factor("one", "", lambda p: 1)
# What is said before and beside the ideas, by key. No code looks at a sentence.
SENTENCES = tomllib.loads((pathlib.Path(__file__).parent / "sentences.toml").read_text(encoding="utf-8"))
CAUSES = {  # what usually lies behind an error, by its type
    ValueError: "If shapes do not fit: an elementwise product pairs entry with entry (broadcasting), a matrix product "
    "pairs the inner lengths. Write the shape of every factor beside it.",
    IndexError: "An index runs past the end, or there is one too many: they count from 0, and m, n and N differ here.",
}


def reason(key, **values):
    """A Reason with its sentence filled in."""
    return Reason(key, SENTENCES[key].format(**values))


@functools.cache
def measured(quantity, problem):
    """What is measured on a problem is measured once."""
    return quantity(problem)


def tolerance(answer):
    """How exactly an answer must agree: single precision cannot do better than its own digits."""
    return SINGLE if answer.dtype == np.float32 else MEASURED


def agree(answer, asked, tolerance):
    """Whether an answer is infinite where what is asked is, with the same sign, and `equal` to it elsewhere."""
    infinite = np.isinf(asked)
    alike = np.array_equal(answer[infinite], asked[infinite])
    return alike and equal(np.where(infinite, 0, answer), np.where(infinite, 0, asked), tolerance)


def scale(answer, quantity):
    """The c in answer = c * quantity; NaN where any would do; None where there is none.

    Infinity and NaN must stand at the same places; the rest is compared.
    """
    if quantity is None:
        return np.nan
    if quantity.shape != answer.shape:
        sizes = [scale(answer, one) for one in quantity] if quantity.ndim > answer.ndim else []
        return 1.0 if any(c is not None and not abs(c - 1) > EXPLAINED for c in sizes) else None
    finite = np.isfinite(answer)
    if not np.array_equal(finite, np.isfinite(quantity)):
        return None
    answer, quantity = answer[finite], quantity[finite]
    zero = [not np.any(abs(values) > NOISE) for values in (answer, quantity)]
    if any(zero):
        return np.nan if all(zero) else None
    c = (answer * quantity).sum() / (quantity * quantity).sum()
    return c if abs(answer - c * quantity).max() <= EXPLAINED * abs(answer).max() else None


def factor_of(factors, problems, sizes):
    """The factor of a table that has these sizes on these problems; any constant is one; or None."""
    known = [(p, c) for p, c in zip(problems, sizes, strict=True) if not np.isnan(c)]
    for factor in factors:
        if all(abs(c - factor.size(p)) <= 1e-3 * abs(factor.size(p)) for p, c in known):
            return factor
    for factor in factors:  # the same constant too, in every problem
        rest = [c / factor.size(p) for p, c in known]
        if np.ptp(rest) <= 1e-3 * abs(rest[0]):
            return Factor("times", f"{factor.sentence} {SENTENCES['times'].format(c=rest[0])}".strip(), None)
    return None


def search(ideas, factors, name, problems, answers, returned):
    """The pair (idea, factor) that explains the answers for one part to all problems, or None."""
    finite = all(np.isfinite(answer).all() for answer in answers)
    for idea in (idea for idea in ideas if finite or not idea.looks):  # nothing is measured at infinity or NaN
        sizes = []
        for problem, answer, arrays in zip(problems, answers, returned, strict=True):
            quantities = idea.quantity(problem, arrays) if idea.looks else measured(idea.quantity, problem)
            sizes.append(scale(answer, quantities[name]) if name in quantities else None)
            if sizes[-1] is None:
                break
        else:
            if factor := factor_of((ONE, *factors), problems, sizes):
                return idea, factor
    return None


def shape_of(letters, problem):
    """The shape that letters such as "m n" mean on a problem."""
    return tuple(problem.sizes[letter] for letter in letters.split())


def read(value, returns, problem):
    """(arrays, a Reason why there are none) from whatever a function returned."""
    if value is None or value is Ellipsis or value is NotImplemented:
        return (), reason("none")
    values = [value] if len(returns) == 1 else value
    if not isinstance(values, (tuple, list)) or len(values) != len(returns):
        yours = f"{len(value)} things" if isinstance(value, (tuple, list)) else f"one {type(value).__name__}"
        return (), reason("count", yours=yours, count=len(returns), names=", ".join(returns))
    expected = [shape_of(letters, problem) for letters in returns.values()]
    arrays, complaints = zip(*map(read_array, values, returns, expected), strict=True)
    return arrays, next(filter(None, complaints), None)


def read_array(value, part, shape):
    """(array of floats, complaint) from numbers in any form; one axis of length 1 may be too many."""
    try:
        array = np.asarray(value)
        array = array.astype(float) if array.dtype == object else array
    except (TypeError, ValueError):
        return None, reason("type", part=part, type=type(value).__name__)
    if array.dtype.kind not in "fiub" or value is None:
        return None, reason("type", part=part, type=array.dtype if value is not None else None)
    if array.size > 1_000_000:  # what is asked for has some twenty entries at most
        return None, reason("shape", part=part, yours=array.shape, expected=shape)
    array = array.copy() if array.dtype.kind == "f" else array.astype(float)
    return array.reshape(shape) if tuple(size for size in array.shape if size != 1) == shape else array, None


class Trial:
    """A student's function on all problems of an exercise, and the first stage at which it fails."""

    def __init__(self, exercise, function, earlier=()):
        self.exercise, self.function, self.earlier = exercise, function, earlier
        self.problems = exercise.problems
        self.names = list(measured(exercise.asked, self.problems[0]))  # of the slopes, for each title in returns
        self.changed = {}  # the arguments that were changed in place
        self.at = self.problems[0]  # the problem that the reasons speak of
        self.named = False  # whether every mistake has a name
        self.unwritten = self.carried = False
        shapes = {title: tuple(axes.split()) for title, axes in exercise.returns.items()}
        parts = [f"{title} of shape {shape}" if shape else f"{title}, one number" for title, shape in shapes.items()]
        returns = ", ".join(parts).replace("'", "")
        self.words = {"name": exercise.name, "expected": ", ".join(exercise.parameters), "returns": returns}

    def stages(self):
        """The stages of a check, in their order; each gives the reasons why it fails, or nothing."""
        return self.takes, self.ends, self.repeats, self.reads, self.right

    def reasons(self):
        """Why the function is not right: the reasons of the first stage that has any."""
        found = next(filter(None, (stage() for stage in self.stages())), [])
        if self.changed and not self.unwritten:
            self.named = self.named or not found
            found = [*found, reason("changed", names=" and ".join(self.changed))]
        return found

    def takes(self):
        """It is a function of the exercise's arguments."""
        if not callable(self.function):
            return [reason("not callable", type=type(self.function).__name__)]
        try:
            inspect.signature(self.function).bind(*self.exercise.parameters)
        except TypeError:
            return [reason("arguments", yours=inspect.signature(self.function), **self.words)]
        except ValueError:  # some callables do not tell
            return []
        return []

    def call(self, problem, seed=0):
        """The Call of the function on a problem; its value is from `read`."""
        arguments = {name: getattr(problem, name) for name in self.exercise.parameters}
        copies = copy.deepcopy(arguments)
        result = calls.call(lambda: read(self.function(*copies.values()), self.exercise.returns, problem), seed)
        for name, value in arguments.items():
            if isinstance(value, np.ndarray) and not np.array_equal(value, copies[name]):
                self.changed[name] = True
        return result

    def ends(self):
        """Every call comes to an end and returns something."""
        self.answers = []
        for problem in self.problems:
            self.at, call = problem, self.call(problem)
            if call.stopped or call.error is not None:
                return [*self.before_that(), *self.broken(call)]
            arrays, complaint = call.value
            if complaint and complaint.key == "none":
                code = getattr(inspect.unwrap(self.function), "__code__", None)
                # a body that computes nothing (pass, ..., a docstring) never holds two values at once
                self.unwritten = code is not None and code.co_stacksize <= 1
                return [reason("unwritten" if self.unwritten else "none", **self.words)]
            self.answers.append(call.value)
        return []

    def before_that(self):
        """The mistake by its name that explains what was returned before a call broke."""
        at, problems, self.problems = self.at, self.problems, self.problems[: len(self.answers)]
        found = (self.reads() or self.right()) if self.answers else []
        self.at, self.problems = at, problems
        return found[: self.named]

    def broken(self, call):
        """That it does not end, the student's own error, or that something is not written yet."""
        if call.stopped:
            return [reason("time", seconds=calls.SECONDS)]
        error, function = call.error, (calls.own_line(call.error) or [""])[0]
        elsewhere = function in self.exercise.before()
        if isinstance(error, NotImplementedError):
            self.unwritten = True
            waits = [reason("earlier unwritten", function=function)] if elsewhere else []
            return [*waits, reason("unwritten", **self.words)]
        found = [reason("error", error=calls.explain(error))]
        if elsewhere:
            return [*found, reason("earlier error", function=function)]
        return found + [Reason("cause", text) for kind, text in CAUSES.items() if isinstance(error, kind)][:1]

    def repeats(self):
        """The same input gives the same answer, whatever NumPy's global generator says; another input another one."""
        self.at = self.problems[0]
        first, *others = (arrays for arrays, complaint in self.answers)
        alike = [same(first, (self.call(self.at, seed).value or [()])[0]) for seed in (1, 0)]
        constant = any(np.size(array) > 1 and np.ptp(array) > 0 for array in first if array is not None)
        constant = constant and all(same(first, other) for other in others)
        self.named = constant or not all(alike)
        key = "constant" if all(alike) else "random" if alike[1] else "remembers"
        return [reason(key, **self.words)] if self.named else []

    def reads(self):
        """Everything returned is an array of real numbers of the shape asked for."""
        for problem, (arrays, complaint) in zip(self.problems, self.answers, strict=True):
            self.at, found = problem, []
            if complaint:
                return [complaint]
            for part, name, array in zip(self.exercise.returns, self.names, arrays, strict=True):
                if array.shape != shape_of(self.exercise.returns[part], problem):
                    found += self.shape(part, name, array)
            if found:
                return found
        return []

    def shape(self, part, name, array):
        """What a wrong shape tells: the first rule of the exercise that fits."""
        expected = shape_of(self.exercise.returns[part], self.at)
        rules = [
            Reason(f"shape {letters}", sentence)
            for slope, shapes, sentence in self.exercise.shapes
            for letters in shapes.split(", ")
            if slope == name and shape_of(letters, self.at) == array.shape
        ]
        return [reason("shape", part=part, yours=array.shape, expected=expected), *rules[:1]]

    def right(self):
        """Every array agrees with what is measured; else the search says what it is instead."""
        reading = self.exercise.reading or (lambda problem, arrays: dict(zip(self.names, arrays, strict=True)))
        self.read = [reading(p, arrays) for p, (arrays, _) in zip(self.problems, self.answers, strict=True)]
        self.asked = [measured(self.exercise.asked, problem) for problem in self.problems]
        exactly = [tolerance(arrays[0]) for arrays, _ in self.answers]
        wrong = {}  # slope: the problems where it is wrong
        for name in self.names:
            table = enumerate(zip(self.read, self.asked, exactly, strict=True))
            off = [k for k, (yours, asked, tol) in table if not agree(yours[name], asked[name], tol)]
            wrong |= {name: off} if off else {}
        self.carried = bool(wrong) and self.carried_on()
        if not wrong or self.carried:
            return []
        self.at = self.problems[min(off[0] for off in wrong.values())]
        return [*self.sentences(wrong), *(self.difference(name, off[0]) for name, off in wrong.items())]

    def carried_on(self):
        """Whether the answers are right given the earlier functions, of which one has a mistake by name."""
        exercises = self.exercise.builds_on
        results = [exercise.check(function) for exercise, function in zip(exercises, self.earlier, strict=False)]
        if len(results) < len(exercises) or all(results) or not all(result or result.named for result in results):
            return False
        for problem, yours in zip(self.problems, self.read, strict=True):
            given = calls.call(lambda problem=problem: self.exercise.given(problem, *self.earlier)).value
            if given is None or not all(np.any(given[n]) and equal(yours[n], given[n], SINGLE) for n in yours):
                return False  # zeros excuse nothing
        return True

    def sentences(self, wrong):
        """What each pair says, once for all slopes that it explains; what is known without; which slopes are right."""
        titles, groups = dict(zip(self.names, self.exercise.returns, strict=True)), {}
        slope = Idea("slope", "", self.exercise.asked)  # the idea that nothing but a factor is wrong
        ideas, returned = (slope, *self.exercise.ideas), [arrays for arrays, _ in self.answers]
        for name in wrong:
            answers = [yours[name] for yours in self.read]
            pair = search(ideas, self.exercise.factors, name, self.problems, answers, returned)
            groups.setdefault(pair, []).append(name)
        self.named, found = None not in groups, []
        for pair, names in groups.items():
            if pair is None and (where := self.not_finite(names[0])):
                said = [where]
            elif pair is None:
                right = "; ".join(p.about for k, p in enumerate(self.problems) if k not in wrong[names[0]])
                said = [Reason("unexplained", self.exercise.otherwise or SENTENCES["unexplained"])]
                said += [reason("sometimes", right=right, wrong=self.at.about)] if right else []
            elif (pair[0].key, pair[1].key) == ("slope", "one"):
                said = [reason("close")]
            else:
                named = [one for one in pair if one.sentence]
                said = [Reason(" × ".join(one.key for one in named), " ".join(one.sentence for one in named))]
            lead = " and ".join(titles[name] for name in names) + ": " if len(titles) > 1 else ""
            found += [Reason(one.key, lead + one.text) for one in said]
        return [*found, *(reason("right", part=titles[name]) for name in self.names if name not in wrong)]

    def not_finite(self, name):
        """The first infinity or NaN in the answers for one part that is not asked for, if there is any."""
        part = list(self.exercise.returns)[self.names.index(name)]
        for problem, yours, asked in zip(self.problems, self.read, self.asked, strict=True):
            for index in np.argwhere(~np.isfinite(yours[name]) & (yours[name] != asked[name])).tolist():
                self.at = problem
                return reason("finite", part=part, index=index or "", value=yours[name][tuple(index)])
        return None

    def difference(self, name, k):
        """The first entry that differs, with both numbers."""
        yours, right = self.read[k][name], self.asked[k][name]
        off = np.argwhere(~(abs(yours - right) <= MEASURED * abs(right).max())).tolist()
        index = tuple(off[0]) if off else (0,) * yours.ndim
        shown = [f"{value:.5g}" if not abs(value) <= NOISE else "0" for value in (yours[index], right[index])]
        return reason("difference", part=name, index=list(index) or "", yours=shown[0], measured=shown[1])


def same(ones, others):
    """Whether two answers hold the same numbers."""
    alike = lambda a, b: np.shape(a) == np.shape(b) and np.allclose(a, b, 1e-9, 1e-12, equal_nan=True)  # noqa: E731
    return len(ones) == len(others) and all(a is b or alike(a, b) for a, b in zip(ones, others, strict=True))


@dataclass(frozen=True, eq=False)
class Exercise:
    """One function that a student writes, and all that is known about it.

    A problem, one of `problems`, has an attribute for each of the `parameters`, `about` (words) and `sizes` (of axes,
    by letter). `returns` is the shape in letters, "m n", of each array by its title. `asked(problem)` measures slopes
    by name; `reading(problem, arrays)` is what of an answer is compared with them, if not what was returned. A wrong
    answer is looked up in `ideas` times 1 or a factor, a wrong shape in `shapes`: (slope, letters of shapes, sentence).
    `given(problem, *functions)` is what is right if the student's functions of the exercises in `builds_on` were;
    `trial` holds the stages of the check.
    """

    name: str
    parameters: tuple
    returns: dict
    problems: tuple
    asked: callable
    ideas: tuple
    hints: tuple
    where: str
    factors: tuple = ()
    shapes: tuple = ()
    reading: callable = None
    builds_on: tuple = ()
    given: callable = None
    otherwise: str = ""
    trial: type = Trial

    def before(self):
        """The names of all exercises that this one builds on."""
        return {name for one in self.builds_on for name in (one.name, *one.before())}

    def check(self, function, *earlier):
        """What is right and wrong with a student's function, as a Result. Never raises.

        `earlier` are the student's functions of the exercises in `builds_on`. What is right given a named mistake in
        one of them passes: a mistake counts once.
        """
        with np.errstate(all="ignore"):
            trial = self.trial(self, function, earlier)
            try:
                reasons = trial.reasons()
            except Exception as error:  # an object that breaks even the reading of it
                reasons = [reason("error", error=calls.explain(error))]
        if not reasons:
            names = " and ".join(exercise.name for exercise in self.builds_on)
            key = "carried on" if trial.carried else "shown"
            return Result(self.name, "passed", (reason(key, functions=names, count=len(trial.problems)),))
        if trial.unwritten:
            return Result(self.name, "not attempted", tuple(reasons), self.hints)
        arguments = copy.deepcopy({name: getattr(trial.at, name) for name in self.parameters})
        reasons += [tried(trial.at, arguments), reason("where", where=self.where)]
        return Result(self.name, "wrong", tuple(reasons), self.hints, arguments, trial.named)


def tried(problem, arguments):
    """What a call was given: numbers, the numbers of a vector, the shape of a matrix."""
    parts = []
    for name, value in arguments.items():
        if np.ndim(value) > 1:
            parts.append(f"{name} of shape {value.shape}")
        elif name != "rng":
            parts.append(f"{name} = {np.round(value, 3).tolist() if np.ndim(value) else value}")
    sizes = ", ".join(f"{letter} = {size}" for letter, size in problem.sizes.items() if letter.isalpha())
    return reason("tried", sizes=sizes, about=problem.about, arguments=", ".join(parts))
