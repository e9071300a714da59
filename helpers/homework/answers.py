"""Call a student's function and read what it returns: arrays if possible, else a sentence that says why not."""

import inspect
from dataclasses import dataclass

import numpy as np

from helpers.homework import limits

LARGEST = 1_000_000  # entries; the slopes of our problems have at most 15


class Found(Exception):
    """The check has its result: an outcome and the lines to show."""

    def __init__(self, outcome, *lines):
        super().__init__(outcome)
        self.outcome, self.lines = outcome, lines


def wrong(*lines):
    """Found with the outcome "wrong"; empty lines are dropped."""
    return Found("wrong", *(line for line in lines if line))


@dataclass
class Answer:
    """What one call returned: one array for each slope or parameter, or a complaint."""

    arrays: tuple = ()
    complaint: str = ""
    remark: str = ""


def read(value, shapes, names):
    """An Answer from whatever a function returned. `shapes`: what is expected, one for each of `names`."""
    if value is None or value is Ellipsis or value is NotImplemented:
        return Answer(complaint=f"It returns {value}.")
    if inspect.isgenerator(value) or inspect.iscoroutine(value):
        value.close()
        return Answer(complaint="It is a generator or a coroutine (yield, async): use a plain function with return.")
    if len(shapes) == 1:
        return together([number_array(value, shapes[0], "Your answer")])
    pair = " and ".join(names)
    if isinstance(value, dict):
        return Answer(complaint=f"It returns a dictionary, expected two arrays: return {', '.join(names)}.")
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        return Answer(complaint=not_a_pair(value, shapes, names))
    if np.shape(value[0]) == shapes[1] and np.shape(value[1]) == shapes[0]:
        return Answer(complaint=f"The two are in the wrong order: return first {names[0]}, then {names[1]}.")
    if any(one is Ellipsis for one in value):
        return Answer(complaint="It returns Ellipsis.")
    if any(one is None for one in value):
        return Answer(complaint=f"One of the two returned is None, expected {pair}.")
    return together([number_array(*item) for item in zip(value, shapes, names, strict=True)])


def not_a_pair(value, shapes, names):
    """Why something is not two arrays."""
    count = f"{len(value)} things" if isinstance(value, (tuple, list)) else f"one {type(value).__name__}"
    only = ""
    if not isinstance(value, (tuple, list)) and np.shape(value) in shapes:
        only = f" It has the shape of {names[shapes.index(np.shape(value))]}: the other one is missing."
    return f"It returns {count}, expected two arrays: return {', '.join(names)}.{only}"


def together(read_arrays):
    """One Answer from the arrays, complaints and remarks of its parts."""
    complaints = [complaint for _, complaint, _ in read_arrays if complaint]
    remarks = [remark for *_, remark in read_arrays if remark]
    return Answer(tuple(array for array, *_ in read_arrays), " ".join(complaints), " ".join(remarks))


def number_array(value, shape, name):
    """(array of floats, complaint, remark) from numbers in any form: arrays, lists, numbers."""
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = array.astype(float)
    except Exception:
        if isinstance(value, tuple):
            return None, f"{name} is a tuple of {len(value)} things, expected one array of shape {shape}.", ""
        return None, f"{name} cannot be read as an array of numbers (type {type(value).__name__}, uneven rows?).", ""
    if array.dtype.kind not in "fiub" or isinstance(value, str):
        return None, f"{name} must hold real numbers, but its type is {array.dtype}.", ""
    if array.size > LARGEST:
        return None, f"{name} has shape {array.shape}, expected {shape}.", ""
    array = array.astype(array.dtype if array.dtype.kind == "f" else float)  # a copy: the student's may change later
    lengths = [length for length in array.shape if length != 1]
    if array.shape != shape and lengths == [length for length in shape if length != 1] and 1 not in shape:
        remark = f"{name} has shape {array.shape}; {shape} is better: the extra axis spreads when you add or subtract."
        return array.reshape(shape), "", remark
    return array, "", ""


def is_empty(function):
    """Whether the body does nothing: only a docstring, `pass`, `...` or `return None`."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    nothing = [(lambda: None).__code__, (lambda: ...).__code__, compile("def f(): ...", "", "exec").co_consts[0]]
    return code is not None and not code.co_names and any(code.co_code == other.co_code for other in nothing)


class Student:
    """A student's function, called with copies of the arguments; remembers which arguments it changed."""

    def __init__(self, name, parameters, function):
        self.name, self.parameters, self.function = name, parameters, function
        self.changed = {}
        self.inputs = {}
        self.refuse_what_is_no_function()

    def refuse_what_is_no_function(self):
        """Found if it cannot be called with the exercise's arguments."""
        expected = f"{self.name}({', '.join(self.parameters)})"
        if not callable(self.function):
            kind = type(self.function).__name__
            raise wrong(
                f"The check expects your function, but got an object of type {kind}.",
                f"Give it the function's name without parentheses, as in check_{self.name}({self.name}).",
            )
        try:
            signature = inspect.signature(self.function)
        except (TypeError, ValueError):
            return  # some callables do not tell
        names = tuple(signature.parameters)
        try:
            signature.bind(*self.parameters)
        except TypeError:
            raise wrong(
                f"Your function takes ({', '.join(names)}), expected {expected}: "
                f"{len(self.parameters)} arguments in this order."
            ) from None
        if names != self.parameters and sorted(names) == sorted(self.parameters):
            raise wrong(f"The arguments are in another order: yours ({', '.join(names)}), expected {expected}.")

    def call(self, arguments, shapes, names, tried, seed=0):
        """An Answer, or Found if there is none."""
        self.inputs[tried] = dict(zip(self.parameters, arguments, strict=True))
        copies = [argument.copy() if isinstance(argument, np.ndarray) else argument for argument in arguments]
        outcome = limits.call(lambda: read(self.function(*copies), shapes, names), seed=seed)
        for parameter, copy, argument in zip(self.parameters, copies, arguments, strict=True):
            if isinstance(argument, np.ndarray) and not np.array_equal(copy, argument):
                self.changed.setdefault(parameter, tried)
        self.refuse_what_did_not_end(outcome, tried)
        answer = outcome.value
        if answer.complaint in ("It returns None.", "It returns Ellipsis.", "It returns NotImplemented."):
            if is_empty(self.function) or "None" not in answer.complaint:
                raise Found("not attempted")
            printed = "It prints something and returns None" if outcome.printed else "It returns None"
            raise wrong(f"{printed}: end the function with return and the value (print only shows it).", tried)
        return answer

    def mutation(self):
        """What to say if the function changed its arguments."""
        names, s = " and ".join(self.changed), "s" * (len(self.changed) > 1)
        return f"It changes its argument{s} {names} in place (by -=, +=, [...] = or shuffle?): make new arrays."

    def refuse_what_did_not_end(self, outcome, tried):
        """Found if the call was stopped or ended in an error."""
        if outcome.stopped == "time":
            raise wrong(
                f"Stopped: it was not done after {limits.SECONDS:g} seconds. Does a loop never end?",
                "A right answer needs a small part of a second here.",
                tried,
            )
        if outcome.stopped == "output":
            raise wrong("Stopped: it prints too much. Take the print out of the loop, then check again.", tried)
        if outcome.error is not None:
            self.refuse_error(outcome.error, tried)

    def refuse_error(self, error, tried):
        """Found: the student's own error and its line, or that something is not written yet."""
        frame = limits.student_frame(error)
        if isinstance(error, NotImplementedError):
            if frame is None or frame[0] in (self.name, getattr(self.function, "__name__", None)):
                raise Found("not attempted")
            raise Found("not attempted", f"It calls {frame[0]}, which is not written yet. Do that exercise first.")
        place = f"In line {frame[1]}, in {frame[0]}: {frame[2]}" if frame else ""
        cause = error_cause(error, self.name)
        if frame is not None and frame[0] in NEEDED and frame[0] != self.name:
            cause = f"The error comes out of {frame[0]}: first get its own check to pass."
        raise wrong(f"It stops with an error: {limits.describe(error)}", place, cause, tried)


# What the shapes of an exercise have to be, where NumPy says that they do not fit.
NEEDED = {
    "bias_gradient": "the slope needs one entry for each class",
    "weight_gradient": "the slope needs one entry for each class and feature",
    "batch_gradients": "the slopes need the shapes (m, n) and (m,)",
    "sgd_step": "the scores need the shape (N, m), the slopes those of W and b",
}


def error_cause(error, exercise):
    """What usually lies behind an error in an exercise."""
    text = limits.describe(error)
    words = ("broadcast", "matmul", "aligned", "shapes", "dimension")
    if isinstance(error, (ValueError, IndexError)) and any(word in text for word in words):
        if exercise == "sgd":
            return "The shapes do not fit. Is a batch still two-dimensional? X[i] with a single number i is not."
        return (
            "The shapes do not fit: an elementwise product pairs entry with entry, a matrix product pairs the inner "
            f"lengths. Write the shape of every factor beside it; {NEEDED[exercise]}."
        )
    if isinstance(error, IndexError):
        return "An index runs past the end: indices count from 0, and m, n and N differ here."
    if isinstance(error, NameError):
        return "A name is not defined: everything the function needs comes through its arguments."
    if isinstance(error, RecursionError):
        return "The function calls itself without end."
    if isinstance(error, (SystemExit, KeyboardInterrupt)):
        return "It must not end the program: return the value instead."
    return ""
