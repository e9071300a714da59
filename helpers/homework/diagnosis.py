"""What an answer has to do with the measured slope: the wrong ideas are found by measuring, not by a list of answers.

An answer is compared with quantities that wrong ideas lead to: a factor of the slope, the slope of another loss,
the slope with something left out. The quantities are measured too, by centred differences, on all problems.
An idea is named only if it explains the answer to every problem.
"""

import itertools

import numpy as np

from helpers.homework.ideas import IDEAS, NO_X, OPPOSITE, OPPOSITE_TOO, SIZES, UPHILL, other_labels

TOLERANCE = 1e-6  # of the largest slope of a problem; centred differences are right to 1e-8


def tolerance(array):
    """How exactly an answer must agree: what float32 can hold is enough for float32."""
    return {np.dtype("float32"): 2e-5, np.dtype("float16"): 0}.get(array.dtype, TOLERANCE)


def agrees(answer, measured, tol=None):
    """Whether two arrays of one shape agree, to `tol` of the largest measured entry."""
    tol = tolerance(answer) if tol is None else tol
    return bool((abs(answer - measured) <= tol * abs(measured).max() + 1e-12).all())


def factors(problems, answers, quantity):
    """The factor c of each problem in answer = c * quantity, or None if that does not hold for all of them."""
    found = []
    for problem, answer in zip(problems, answers, strict=True):
        C = quantity(problem)
        if abs(answer).max() < 1e-12 and abs(C).max() < 1e-8:
            found.append(np.nan)  # both are zero: any factor fits
            continue
        if not np.isfinite(C).all() or abs(C).max() < 1e-8 or abs(answer).max() < 1e-12:
            return None
        c = (answer * C).sum() / (C * C).sum()
        if abs(answer - c * C).max() > 1e-4 * abs(answer).max():
            return None
        found.append(c)
    return None if np.isnan(found).all() else np.array(found)


def factor_sentence(problems, part, c):
    """What the factors say: "" if they are all 1, None if they have no name."""
    problems, c = [p for p, value in zip(problems, c, strict=True) if not np.isnan(value)], c[~np.isnan(c)]
    sign = ""
    if (c < 0).all():
        sign, c = UPHILL if part.step else OPPOSITE, -c
    if np.allclose(c, 1, rtol=1e-3):
        return sign
    candidates = []
    for size, sentence in SIZES:
        expected = np.array([size(**problem.sizes, lr=problem.learning_rate) for problem in problems], dtype=float)
        by_rate = not np.isclose(size(2, 3, 5, 7.0), size(2, 3, 5, 1.0))
        if (
            np.ptp(expected) > 0
            and (part.step or not by_rate)
            and np.allclose(c / expected, c[0] / expected[0], rtol=1e-3)
        ):
            rest = c[0] / expected[0]
            candidates.append(
                (abs(rest - 1), "" if abs(rest - 1) < 1e-3 else f" It is multiplied by {rest:.4g} too.", sentence)
            )
    if candidates:
        _, rest, sentence = min(candidates, key=lambda candidate: round(candidate[0], 3))
        return f"{sign} {sentence}{rest}".strip()
    if not np.allclose(c, c[0], rtol=1e-3):
        return None
    if abs(c[0] * np.log(2) - 1) < 1e-3:
        return f"{sign} {{yours}} is multiplied by 1.443 = 1/log 2: the loss has the natural logarithm.".strip()
    return f"{sign} {{yours}} is multiplied by {c[0]:.4g} in every problem: a constant factor too many.".strip()


# ---------------------------------------------------------------- answers of the wrong shape

GRID = "there is one slope for every weight w_ji, a row for each class and a column for each feature"


def shape_sentence(problem, part, answer):
    """What the shape of an answer tells, where it is not the shape of the slope."""
    m, n, N = problem.sizes.values()
    expected = problem.slopes[part.index].shape
    letters = {"W": "(m, n)", "b": "(m,)"}[part.letter]
    head = f"{part.yours[0].upper() + part.yours[1:]} has shape {answer.shape}, expected {expected} = {letters}."
    return f"{head} {shape_cause(problem, part, answer, m, n, N)}".strip()


def shape_cause(problem, part, answer, m, n, N):
    """What a wrong shape looks like, from its lengths."""
    shape, measured = answer.shape, problem.slopes[part.index]
    if answer.size == 1:
        each = {"W": "entry of W", "b": "class"}[part.letter]
        return f"It is one number: a sum over too much. Each {each} has its own slope."
    if part.letter == "W":
        if shape == (n, m):
            exact = "It is the measured slope, transposed." if agrees(answer.T, measured) else "It looks transposed."
            return f"{exact} The slope has the shape of W."
        if shape == (m * n,):
            return "It is flat: keep the shape of W."
        if shape in ((m, n + 1), (n + 1, m), (m + 1, n)):
            return "There is a column too many: the bias has a slope of its own, so x gets no extra 1 here."
        if shape == (N, m, n) or shape == (N, n, m):
            return "It holds one matrix per example: take the mean over the batch."
        if len(shape) == 1:
            return f"It is a vector: an elementwise product or a sum too many; {GRID}."
        if shape in ((m, m), (n, n), (N, N), (N, m), (N, n), (m, N), (n, N)):
            return f"The wrong axis is summed or kept; {GRID}. Write the shapes of all factors beside each other."
    elif N > 1 and shape in ((N, m), (m, N)):
        return "It holds one row per example: take the mean over the batch (which axis counts the examples?)."
    elif N > 1 and shape in ((N,), (N, 1), (1, N)):
        return "The wrong axis is summed: it has one entry per example, but each class needs its own entry."
    elif shape == (m, m):
        return "Two vectors were spread into a table (a Jacobian, or (m,) against (m, 1)): each class has one entry."
    elif shape in ((m, n), (n, m)):
        return "That is the shape of W: a bias has no features, each class has one entry."
    elif shape == (n,):
        return "It has one entry per feature: each class needs its own entry."
    return "The slope has one entry for each entry of " + part.letter + "."


# ---------------------------------------------------------------- the diagnosis


def diagnose(problems, answers, part, ideas=()):
    """One or two sentences on what the answers have to do with the measured slopes, "" if they agree, or None.

    The sentences hold "{yours}" where the answer is to be named.

    Parameters
    ----------
    problems : list of Problem
    answers : list of arrays, each with the shape of the slope
        For steps: the step divided by minus the learning rate.
    part : Part
    ideas : tuple of Idea
        Asked before the general ones.
    """
    measured = [problem.slopes[part.index] for problem in problems]
    if all(agrees(answer, slope) for answer, slope in zip(answers, measured, strict=True)):
        return ""
    questions = (
        lambda: nothing(part, answers),
        lambda: "" if part.step else rounded(list(zip(answers, measured, strict=True))),
        lambda: multiple(problems, answers, part),
        lambda: idea(problems, answers, part, (*ideas, *IDEAS)),
        lambda: mixture(problems, answers, part),
        lambda: example_weights(problems, answers, part),
        lambda: rescaled(problems, answers, measured, part),
        lambda: entry_by_entry(answers, measured),
        lambda: swapped_labels(problems, answers, part),
        lambda: same_everywhere(answers, part),
        lambda: unfilled(answers, measured, part),
        lambda: added(problems, answers, measured, part),
    )
    for question in questions:
        sentence = question()
        if sentence:
            return sentence
    return None


def rounded(pairs):
    """Values cut to few digits or to whole numbers."""
    if any(value.dtype == np.float16 for value, _ in pairs):
        return "The numbers have half precision (float16), three digits: use float64."
    for digits in range(10):
        unit = 10.0**-digits
        if any(
            all(
                abs(value - cut(right / unit) * unit).max() <= 1e-12 * max(1, abs(right).max())
                for value, right in pairs
            )
            for cut in (np.round, np.trunc)
        ):
            if digits == 0:
                return "Only whole numbers are left: an integer array (dtype int) cuts off the digits. Keep floats."
            return f"The values are rounded to {digits} digits after the point: return the numbers as they are."
    return ""


def nothing(part, answers):
    """Zero everywhere."""
    letter = part.letter
    if any(abs(answer).max() > 1e-12 for answer in answers):
        return ""
    if any(abs(answer).max() > 0 for answer in answers):
        return (
            "{yours} is zero up to rounding: everything is added into one number, over the classes too. "
            "Which axis counts the examples? Each class keeps its own entry."
        )
    return (
        f"{{yours}} is zero everywhere, but the loss does change when {letter} is nudged: {letter} is a parameter, "
        f"not a constant. (Or is it summed over the classes? Each {'weight' if letter == 'W' else 'class'} "
        "keeps its own entry. An integer array is zero too: it cuts off everything below 1.)"
    )


def multiple(problems, answers, part):
    """The slope times a factor."""
    c = factors(problems, answers, lambda problem: problem.slopes[part.index])
    if c is None:
        return ""
    sentence = factor_sentence(problems, part, c)
    if sentence == "":
        return (
            "{yours} is close to the measured slope, but not equal: too few digits. "
            "Is something tiny added, or a number rounded, or a derivative only approximated?"
        )
    return sentence


def idea(problems, answers, part, ideas):
    """The first idea that explains the answers with a factor that has a name."""
    for one in ideas:
        if part.letter not in one.parts:
            continue
        c = factors(problems, answers, lambda problem, one=one: one.quantity(problem)[part.index])
        if c is not None:
            factor = factor_sentence(problems, part, c if one.signed else abs(c))
            if factor is not None:
                return f"{one.sentence} {factor.replace(OPPOSITE, OPPOSITE_TOO)}".strip()
    return ""


def entry_by_entry(answers, measured):
    """A function of each entry of the slope."""
    for function, words in (
        (np.square, "squared"),
        (abs, "without its sign"),
        (np.sign, "reduced to its sign"),
        (np.tanh, "squeezed by tanh"),
        (lambda slope: np.maximum(slope, 0), "set to zero below zero"),
    ):
        if all(agrees(answer, function(slope), 1e-5) for answer, slope in zip(answers, measured, strict=True)):
            return f"Each entry of the slope is {words} in {{yours}}: return it as it is."
    return ""


def mixture(problems, answers, part):
    """Made of a and y in another proportion, without saying in which: that would be the answer."""

    def fit(arrays):
        parts = [[p.carried_back(V)[part.index].ravel() for V in (p.A, p.Y, np.ones_like(p.A))] for p in problems]
        table, wanted = np.concatenate(parts, axis=1).T, np.concatenate([array.ravel() for array in arrays])
        c = np.linalg.lstsq(table, wanted, rcond=None)[0]
        return c if abs(table @ c - wanted).max() < 1e-5 * abs(wanted).max() else None

    yours, right = fit(answers), fit([p.slopes[part.index] for p in problems])
    if yours is None:
        return ""
    if abs(yours[2]) > 1e-6 and np.allclose(yours[:2], right[:2], rtol=1e-3):
        return f"A constant, {yours[2]:.3g}, is added to every class in {{yours}}: it does not belong."
    of_a, of_y = yours[:2] / right[:2]
    what = "y has the wrong sign" if np.isclose(of_a, -of_y, rtol=1e-3) else "not in the right proportion"
    return f"{{yours}} is made of a and y, but {what}: how do both come into the slope by a score (lesson 5)?"


def example_weights(problems, answers, part):
    """How often each example counts, where the answer is a weighted sum of the examples' own slopes."""
    shown = None
    for p, answer in zip(problems, answers, strict=True):
        table = np.stack([example.slopes[part.index].ravel() for example in p.examples], axis=1)
        if np.linalg.matrix_rank(table, tol=1e-7 * abs(table).max()) < len(p.X) or len(table) <= len(p.X):
            continue
        c = np.linalg.lstsq(table, answer.ravel(), rcond=None)[0]
        if abs(table @ c - answer.ravel()).max() > 1e-5 * abs(answer).max():
            return ""
        if len(c) > 1 and (shown is None or len(c) > len(shown)):
            shown, seed = c, p.about.partition(":")[0]
    if shown is None or np.ptp(shown) < 1e-5:
        return ""
    return weights_sentence(shown, seed)


def weights_sentence(c, seed):
    """Words for the weights with which the examples of a batch count; they are not all equal. `seed`: which batch."""
    N, counts = len(c), abs(c) > 1e-5
    listed = ", ".join(f"{weight:.3g}" for weight in np.where(counts, c, 0.0))
    tail = (
        f"(Problem of {seed}, N = {N}: the examples count {listed} in yours; the mean counts each 1/{N} = {1 / N:.3g}.)"
    )
    if counts.sum() == 1:
        which = {0: "first", N - 1: "last"}.get(int(counts.argmax()))
        which = f"the {which} example" if which else f"example {counts.argmax()}"
        return f"Only one of all examples counts in {{yours}}: {which}. Sum over all N, then divide. {tail}"
    if counts.all():
        return f"The examples count unequally in {{yours}}: the mean counts every example the same. {tail}"
    missing = {(0,): "the first example is", (N - 1,): "the last example is"}.get(tuple(np.flatnonzero(~counts)))
    return f"Not every example counts in {{yours}}: {missing or 'some examples are'} left out. {tail}"


def swapped_labels(problems, answers, part):
    """The slope for labels, or features, that were shuffled against the rest of their examples."""
    apart = set("XY")
    for p, answer in zip(problems, answers, strict=True):
        rows = range(len(p.X))
        # slopes[k, l]: of example k with the label, or with the features, of example l
        swapped = {
            "Y": [[other_labels(e, p.Y[[row]])[part.index] for row in rows] for e in p.examples],
            "X": [[e.carried_back(e.score_slopes, p.X[[row]])[part.index] for row in rows] for e in p.examples],
        }
        for name in tuple(apart):
            slopes = np.array(swapped[name])
            means = (slopes[rows, order].mean(axis=0) for order in itertools.permutations(rows))
            if not any(agrees(answer, mean, 1e-5) for mean in means):
                apart.discard(name)
        if not apart:
            return ""
    what = "labels" if "Y" in apart else "features"
    return (
        f"The {what} do not belong to their examples: {{yours}} fits if the rows of {max(apart)} have another "
        "order than the rest. Shuffle X and Y with the same permutation."
    )


def same_everywhere(answers, part):
    """All columns, or all classes, alike."""
    if part.letter == "W" and all(np.ptp(answer, axis=1).max() < 1e-9 for answer in answers):
        return NO_X
    if all(np.ptp(answer, axis=0).max() < 1e-9 for answer in answers):
        return "Every class has the same entries in {yours}: the sum runs over too much. Each class keeps its own."
    if part.letter == "W" and all(np.ptp(answer - answer[:, :1], axis=0).max() < 1e-9 for answer in answers):
        return (
            "Each entry of {yours} is a part for its class plus one for its feature. Write the chain rule for one "
            "weight: how does it combine its two factors?"
        )
    return ""


def unfilled(answers, measured, part):
    """Rows or columns that are zero where all the others are right."""
    for axis, name in ((0, "row"), (1, "column"))[: answers[0].ndim]:
        places = []
        for answer, right in zip(answers, measured, strict=True):
            answer, right = np.moveaxis(answer, axis, 0), np.moveaxis(right, axis, 0)
            wrong = [
                k
                for k in range(len(right))
                if not agrees(answer[k], right[k], 1e-5 * abs(right).max() / (abs(right[k]).max() or 1))
            ]
            if any(abs(answer[k]).max() > 0 for k in wrong) or len(wrong) == len(right) > 1:
                break
            places.append({-1 if k == len(right) - 1 else k for k in wrong})
        else:
            common = set.intersection(*filter(None, places)) if any(places) else set()
            which = {0: "first", -1: "last"}.get(min(common, default=None))
            name = name if answers[0].ndim == 2 else "entry"
            if which:
                return f"The {which} {name} of {{yours}} stays zero, the others are right: look at the loop's ends."
    pairs = list(zip(answers, measured, strict=True))
    if all(((answer == 0) | (abs(answer - right) < 1e-5 * abs(right).max())).all() for answer, right in pairs):
        return "Some entries of {yours} stay zero, the others are right: does the loop reach every entry?"
    return ""


def added(problems, answers, measured, part):
    """The slope of another term beside the loss."""
    rest = [answer - slope for answer, slope in zip(answers, measured, strict=True)]
    for what, quantity in (
        (part.letter, lambda p: (p.W, p.b)[part.index]),
        (f"the sign of {part.letter}", lambda p: np.sign((p.W, p.b)[part.index])),
        ("1", lambda p: np.ones_like((p.W, p.b)[part.index])),
    ):
        c = factors(problems, rest, quantity)
        if c is not None:
            return (
                f"{c[0]:.3g} times {what} is added to the slope in {{yours}}: weight decay? The loss has no such term."
            )
    return ""


def rescaled(problems, answers, measured, part):
    """The right direction, but another length; or large values cut off."""
    top = max(abs(answer).max() for answer in answers)
    cut = [np.clip(slope, -top, top) for slope in measured]
    if all(agrees(answer, slope, 1e-5) for answer, slope in zip(answers, cut, strict=True)):
        return f"Slopes beyond {top:.3g} are cut off (clipped) in {{yours}}: return them as they are."
    c = factors(problems, answers, lambda p: p.slopes[part.index])
    if c is None or not ((c > 0).all() or (c < 0).all()):
        return ""
    direction = "right" if c[0] > 0 else "opposite"
    lengths = [np.linalg.norm(answer) for answer in answers]
    if np.allclose(lengths, lengths[0], rtol=1e-3):
        return f"{{yours}} is scaled to length {lengths[0]:.3g} (normalised): the size of the slope matters too."
    listed = ", ".join(f"{value:.3g}" for value in abs(c[:3]))
    return (
        f"{{yours}} has the {direction} direction, and not the right length: "
        f"in the first problems its length is {listed} times the right one."
    )
