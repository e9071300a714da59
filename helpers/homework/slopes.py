"""The checks of one call on many problems: the slopes of one example, of a batch, and one step."""

import re

import numpy as np

from helpers.homework.answers import wrong
from helpers.homework.diagnosis import agrees, diagnose, factors, rounded, shape_sentence
from helpers.homework.ideas import Idea, Part

REMEMBERS = "Does it remember something from the call before: a global variable, a list as a default argument?"
RANDOM = "Something in it is random. The slope has nothing random in it: the same input, the same answer."


def numbers(array):
    """A short array as text."""
    return np.array2string(np.asarray(array), precision=3, suppress_small=False, separator=", ", max_line_width=200)


def tried(parameters, arguments, problem):
    """What a call was given: the numbers of one example, or the shapes of a batch."""
    sizes = ", ".join(f"{name} = {size}" for name, size in problem.sizes.items())
    parts = []
    for name, argument in zip(parameters, arguments, strict=True):
        if not isinstance(argument, np.ndarray):
            parts.append(f"{name} = {argument:g}")
        elif argument.ndim == 1:
            parts.append(f"{name} = {numbers(argument)}")
        else:
            parts.append(f"{name} of shape {argument.shape}")
    return f"Tried with {sizes} ({problem.about}): {', '.join(parts)}."


def first_difference(name, yours, measured, tol=1e-6):
    """The first entry that differs, with both numbers."""
    off = np.argwhere(~(abs(yours - measured) <= tol * abs(measured).max() + 1e-12))
    index = tuple(int(i) for i in off[0]) if len(off) else (0,) * yours.ndim
    place = f"{name}[{', '.join(map(str, index))}]"
    shown = [f"{value:.5g}" if abs(value) > 1e-12 else "0" for value in (yours[index], measured[index])]
    return f"First entry that differs: {place}, yours {shown[0]}, measured {shown[1]}."


class Run:
    """All calls of one exercise that takes a problem's numbers and returns an array for each part."""

    def __init__(self, exercise, student, many):
        self.exercise, self.student, self.problems = exercise, student, many
        self.arguments = [exercise.arguments(problem) for problem in many]
        self.tried = [tried(exercise.parameters, a, p) for a, p in zip(self.arguments, many, strict=True)]

    def answer(self, k, seed=0, arguments=None):
        """The student's Answer to problem k."""
        shapes = tuple(self.problems[k].slopes[part.index].shape for part in self.exercise.parts)
        arguments = self.arguments[k] if arguments is None else arguments
        return self.student.call(arguments, shapes, self.exercise.names, self.tried[k], seed)

    def check(self):
        """The remark to a right answer; Found otherwise."""
        first = self.answer(0)
        self.same_again(first, seed=1)
        answers = [first] + [self.answer(k) for k in range(1, len(self.problems))]
        self.not_the_same_for_all(answers)
        for k, answer in enumerate(answers):
            if answer.complaint:
                raise wrong(answer.complaint, self.tried[k])
        self.shapes(answers)
        self.values(answers)
        self.same_again(first, seed=0)
        if self.student.changed:
            raise wrong(*self.changed())
        return answers[0].remark

    def changed(self):
        """What to say if the function changed its arguments."""
        if not self.student.changed:
            return ()
        return f"{self.student.mutation()} The caller still needs the old.", next(iter(self.student.changed.values()))

    def same_again(self, first, seed):
        """The same call gives the same answer."""
        again = self.answer(0, seed=seed)
        if same(first, again):
            return
        random = seed and same(first, self.answer(0, seed=0))
        cause = RANDOM if random else f"{REMEMBERS} Or is something random?"
        raise wrong(f"Two calls with the same input give different answers. {cause}", self.tried[0])

    def not_the_same_for_all(self, answers):
        """A stored answer: problems that differ get answers that do not."""
        several = [answer.arrays for answer in answers if answer.arrays and answer.arrays[0] is not None]
        if len(several) < len(answers):
            return
        for part in range(len(self.exercise.parts)):
            arrays = [arrays[part] for arrays in several]
            if arrays[0] is None or arrays[0].size < 2 or np.ptp(arrays[0]) == 0:
                continue
            if all(np.array_equal(arrays[0], array) for array in arrays) or np.array_equal(arrays[0], arrays[-1]):
                names = ", ".join(self.exercise.parameters)
                raise wrong(
                    f"It returns the same numbers whatever the input is: a constant. Compute them from {names}.",
                    self.tried[0],
                    self.tried[-1],
                )

    def shapes(self, answers):
        """Found if a shape is not that of the slope."""
        for k, answer in enumerate(answers):
            lines = []
            for part, array in zip(self.exercise.parts, answer.arrays, strict=True):
                if array.shape != self.problems[k].slopes[part.index].shape:
                    lines.append(shape_sentence(self.problems[k], part, array))
            if lines:
                raise wrong(*lines, self.tried[k], *self.changed())

    def finite(self, answers):
        """What to say about the first number that is not finite, and in which problem; "" if there is none."""
        for k, answer in enumerate(answers):
            for name, array in zip(self.exercise.names, answer.arrays, strict=True):
                if not np.isfinite(array).all():
                    index = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
                    return f"{name}{list(index)} is {array[index]}: is something divided by 0, or a log taken of 0?", k
        return "", None

    def values(self, answers):
        """Compare with what is measured, and say what the difference is."""
        infinite, k = self.finite(answers)
        if infinite:
            raise wrong(infinite, *self.elsewhere(answers), self.tried[k], *self.changed())
        lines, off = [], None
        for place, part in enumerate(self.exercise.parts):
            arrays = [answer.arrays[place] for answer in answers]
            bad = [
                k
                for k, (p, array) in enumerate(zip(self.problems, arrays, strict=True))
                if not agrees(array, p.slopes[part.index])
            ]
            if not bad:
                continue
            sentence = diagnose(self.problems, arrays, part) or self.unexplained(bad, arrays, part)
            measured = self.problems[bad[0]].slopes[part.index]
            lines.append((sentence, part, first_difference(self.exercise.names[place], arrays[bad[0]], measured)))
            off = bad[0] if off is None else min(off, bad[0])
        if lines:
            raise wrong(*spoken(lines, self.exercise.parts), self.tried[off], *self.changed())

    def elsewhere(self, answers):
        """What the finite answers tell, where others are not finite."""
        for place, part in enumerate(self.exercise.parts):
            finite = [k for k, answer in enumerate(answers) if np.isfinite(answer.arrays[place]).all()]
            arrays = [answers[k].arrays[place] for k in finite]
            sentence = diagnose([self.problems[k] for k in finite], arrays, part) if len(finite) > 2 else ""
            if sentence:
                yield "Where it is finite: " + worded(sentence, part.yours)

    def unexplained(self, bad, arrays, part):
        """What can be said without a named idea: where it is right, and which arguments do not matter."""
        sentences = ["{yours} does not agree with the measured slope."]
        twin = len(self.problems) - 1
        for k, name in enumerate(self.exercise.parameters):
            if np.shape(self.arguments[0][k]) == np.shape(self.arguments[twin][k]) != ():
                mixed = [*self.arguments[0][:k], self.arguments[twin][k], *self.arguments[0][k + 1 :]]
                answer = self.answer(0, arguments=tuple(mixed))
                if answer.arrays and np.array_equal(answer.arrays[self.exercise.parts.index(part)], arrays[0]):
                    sentences.append(f"It does not depend on {name}: another {name} gives the same answer.")
        right = [p.about for k, p in enumerate(self.problems) if k not in bad]
        if right:
            sentences.append(
                f"It is right for some problems ({'; '.join(right)}), not for: {self.problems[bad[0]].about}."
            )
        return " ".join(sentences)


def same(one, other):
    """Whether two Answers hold the same numbers."""
    if len(one.arrays) != len(other.arrays):
        return False
    pairs = [pair for pair in zip(one.arrays, other.arrays, strict=True) if pair[0] is not None and pair[1] is not None]
    return all(a.shape == b.shape and np.allclose(a, b, rtol=1e-9, atol=1e-12, equal_nan=True) for a, b in pairs)


def worded(sentences, yours):
    """The sentences with `yours` filled in, each beginning with a capital letter."""
    text = sentences.format(yours=yours)
    return re.sub(r"(^|[.?!)] )([ye])(?=our|ach of your)", lambda start: start[1] + start[2].upper(), text)


def spoken(lines, parts):
    """The sentences about one or two parts, each once, with the first entries that differ."""
    sentences = [sentence for sentence, *_ in lines]
    if len(parts) == 2 and len(set(sentences)) == 1 and len(lines) == 2:
        yours = "each of your two steps" if parts[0].step else "each of your two slopes"
        said = [worded(sentences[0], yours)]
    else:
        said = [worded(sentence, part.yours) for sentence, part, _ in lines]
        if len(parts) == 2 and len(lines) == 1:
            other = parts[1 - parts.index(lines[0][1])]
            said.append(worded("{yours} is right.", other.yours))
    return [*said, *(difference for *_, difference in lines)]


# ---------------------------------------------------------------- one step

OLD = "W and b come back unchanged: the old values are returned. Is what is computed also what is returned?"
STEP_PARTS = (Part(0, "your step of W", step=True), Part(1, "your step of b", step=True))
OTHER_FIRST = (
    "The slope by {0} is taken at the new {1}: {1} was already updated. Compute both slopes before you change either."
)


def at_new(p, index):
    """The slopes where W (index 0) or b (index 1) has already moved."""
    new = [p.W, p.b]
    new[index] = p.step()[index]
    return p.slopes_of(p.loss, W=new[0], b=new[1])


STEP_IDEAS = (
    Idea(OTHER_FIRST.format("b", "W"), lambda p: at_new(p, 0), "b"),
    Idea(OTHER_FIRST.format("W", "b"), lambda p: at_new(p, 1), "W"),
    Idea(
        "Each example makes a step of its own, one after the other: the step asked for is one, down the mean slope.",
        lambda p: one_by_one(p),
    ),
    Idea(
        "W and b are multiplied by their slopes: a step adds to W and b, it does not scale them.",
        lambda p: (p.W * p.slopes[0], p.b * p.slopes[1]),
    ),
    *(
        Idea(
            f"The activations are wrong: softmax divides by {word}. The sum in equation (1) runs over the classes "
            "of one example, the last axis.",
            lambda p, axis=axis: p.carried_back(p.score_slopes + wrong_sum(p, axis) - p.A),
        )
        for word, axis in (("the sum over the examples (axis 0)", 0), ("the sum over everything", None))
    ),
    Idea("Two steps are made where one is asked for.", lambda p: two_steps(p)),
    *(
        Idea(
            f"b moves along the slope of W ({word} of each row): b has a slope of its own, dL/db.",
            lambda p, reduce=reduce: (p.slopes[0], reduce(p.slopes[0])),
            "b",
        )
        for word, reduce in (
            ("the sum", lambda dW: dW.sum(axis=1)),
            ("the mean", lambda dW: dW.mean(axis=1)),
            ("the first entry", lambda dW: dW[:, 0]),
        )
    ),
    Idea(
        "W moves along the slope of b, the same in every column.",
        lambda p: (np.repeat(p.slopes[1][:, np.newaxis], p.W.shape[1], axis=1), p.slopes[1]),
        "W",
    ),
)


def two_steps(p):
    """The way of two steps, as if it were one."""
    W, b = p.step(*p.step())
    return (p.W - W) / p.learning_rate, (p.b - b) / p.learning_rate


def one_by_one(p):
    """The way of one step with each example in turn."""
    W, b = p.W, p.b
    for example in p.examples:
        W, b = example.step(W, b)
    return (p.W - W) / p.learning_rate, (p.b - b) / p.learning_rate


def wrong_sum(p, axis):
    """exp(z) divided by its sum over another axis than the classes'."""
    e = np.exp(p.Z - p.Z.max())
    return e / e.sum(axis=axis)


def step_finding(many, results):
    """What to say about steps to the (W, b) in `results`, () if all are right, and the first problem that is off."""
    steps, rights, bad = ([], []), ([], []), ([], [])
    for p, result in zip(many, results, strict=True):
        for index, (new, old, right) in enumerate(zip(result, (p.W, p.b), p.step(), strict=True)):
            float32 = 3e-7 * abs(right).max() if new.dtype == np.float32 else 0.0
            fits = (abs(new - right) <= 1e-6 * abs(right - old).max() + float32 + 1e-14).all()
            slope = (old - new) / p.learning_rate
            steps[index].append(p.slopes[index] if fits else slope)
            rights[index].append(right)
            bad[index].append(not fits)
    if not any(bad[0]) and not any(bad[1]):
        return (), None
    off = min(index.index(True) for index in bad if True in index)
    return step_lines(many, results, steps, rights, bad), off


def step_lines(many, results, steps, rights, bad):
    """The lines about wrong steps."""
    differences = [
        first_difference(f"new {'Wb'[i]}", results[k][i], rights[i][k])
        for i in (0, 1)
        for k in [bad[i].index(True) if True in bad[i] else None]
        if k is not None
    ]
    still = [all(abs(step).max() == 0 for step in part) for part in steps]
    if all(still):
        return (OLD, *differences)
    lines = []
    for i, part in enumerate(STEP_PARTS):
        if any(bad[i]):
            k = bad[i].index(True)
            sentence = one_step(many, [result[i] for result in results], steps[i], rights[i], still[i], part)
            lines.append((sentence, part, first_difference(f"new {part.letter}", results[k][i], rights[i][k])))
    return tuple(spoken(lines, STEP_PARTS))


def one_step(many, values, steps, rights, still, part):
    """The sentence about the step of W or of b."""
    olds = [(p.W, p.b)[part.index] for p in many]
    if still:
        return f"{part.letter} does not change: it stays the old one. Update it too."
    cut = rounded(list(zip(values, rights, strict=True))) or rounded(
        [(value - old, right - old) for value, old, right in zip(values, olds, rights, strict=True)]
    )
    if cut:
        return cut
    if factors(many, values, lambda p: p.slopes[part.index]) is not None:
        letter = part.letter
        return f"You return the slope by {letter}, or the change of {letter}, not the new {letter}."
    if all(agrees(-value, right, 1e-5) for value, right in zip(values, rights, strict=True)):
        return f"All of the new {part.letter} has the opposite sign: what is subtracted from what?"
    sentence = diagnose(many, steps, part, STEP_IDEAS)
    return sentence or (
        "{yours} does not agree with the measured slope, the mean over the batch at the given W and b. "
        "Did the checks of the exercises before pass?"
    )
