"""Numbers in a lesson's sentences, and the cells they come from.

A number with a decimal point, a percent sign or three digits must stand, rounded as it is written, among what the code
cells print, what the explorers say, or the numbers in the code. Where no cell says it, a comment in the same Markdown
cell does, unseen by readers: `<!-- 3.854 = 1 / a[1] -->`, or several such lines, with the notebook's names as they are
there, or else after the next code cell. The constant strings of the code, captions for example, count as sentences.
"""

import ast
import contextlib
import decimal
import io
import math
import re
import sys
import warnings

import numpy as np

NEAR = 6  # a number of one or two digits is found too easily: the cell that holds it is at most so many cells away
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
RAISED = str.maketrans("−⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "--0123456789")
WRITTEN = re.compile(
    r"(?<![\w.])(?P<digits>\d+(?:\.\d+)?)"
    r"(?:\s*(?:\\cdot|·)\s*10(?:\^\{?|(?=[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]))(?P<power>[-−⁻\d⁰¹²³⁴⁵⁶⁷⁸⁹]+)\}?)?"
    r"(?P<percent>(?=(?:(?:/|, | and )\d[\d.]*)*\s*\\?%))?(?!\w|\.\d)"  # of "93/91/93 %" each is a percentage
)
PRINTED = re.compile(r"(?<![\w.])(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?!\w)")
# No statement of the lesson: code, comments, HTML tags, targets of links, equation numbers, versions, licences, years.
NOT_SAID = re.compile(
    r"```.*?```|`[^`\n]*`|<!--.*?-->|<[^>]+>|\]\([^)]*\)|\\tag\{\d+\}"
    r"|\d+(?:\.\d+){2,}|\b(?:version|section|CC BY) \d+\.\d+|\b(?:1[6-9]|20)\d\d\b",
    re.DOTALL,
)
COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
TIE = re.compile(r"^\s*(\d[\d.]*(?:e[-+]?\d+)?) = (.+?)\s*$", re.MULTILINE)


class Number:
    """A number as it is written: its value, and how far from it a value may be that is rounded to it."""

    def __init__(self, match):
        digits, power = match["digits"], int((match["power"] or "0").translate(RAISED))
        self.text, self.percent = match[0], match["percent"] is not None
        self.value = decimal.Decimal(f"{digits}e{power}")  # not a double: they end before 1.8e308
        whole = "." not in digits and not power and not self.percent
        self.reach = 0 if whole else decimal.Decimal(f"0.501e{power - len(digits.partition('.')[2])}")
        self.stated = "." in digits or power or self.percent or len(digits) >= 3
        self.short = len(digits.replace(".", "").lstrip("0")) < 3

    def stands_for(self, value):
        """Whether a computed value, rounded, is written like this; signs are left to the reader."""
        if not math.isfinite(value):
            return False
        value = abs(decimal.Decimal(value))
        return any(abs(one - self.value) <= self.reach for one in ((value, 100 * value) if self.percent else (value,)))


def numbers(text):
    """The numbers that a text states, each with its sentence."""
    said = THOUSANDS.sub("", NOT_SAID.sub(" ", text))
    for match in WRITTEN.finditer(said):
        number = Number(match)
        if number.stated:
            start = max(said.rfind(end, 0, match.start()) for end in (". ", ".\n", "\n\n", "? ", "\n- "))
            yield number, " ".join(said[start + 1 : match.end() + 40].split())


def constants(cell):
    """The constants in a code cell, those inside f-strings too."""
    return [node.value for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Constant)]


def said(cell):
    """The outputs of a code cell that are sentences of the lesson: questions and their answers."""
    return [output for output in cell.outputs if output.get("metadata", {}).get("stated")]


def texts(cell):
    """Where a cell states numbers: its Markdown, or the constant strings of its code and the questions it asks."""
    if cell.cell_type == "markdown":
        return [cell.source]
    here = [output.data["text/plain"] for output in said(cell) if output.metadata["stated"] == "here"]
    words = [re.sub(r"(?m)^- .*", "", text) for text in here]  # options may be wrong
    return [constant for constant in constants(cell) if isinstance(constant, str)] + words


def computed(cell):
    """The numbers that a code cell holds, prints and shows, without what its constant strings say."""
    if cell.cell_type != "code":
        return []
    found = [value for value in constants(cell) if type(value) in (int, float)]
    for output in (output for output in cell.outputs if output not in said(cell)):
        shown = [text for kind, text in output.get("data", {}).items() if kind.startswith("text/")]
        for text in (output.get("text", ""), output.get("evalue", ""), *shown):
            for caption in texts(cell):
                text = text.replace(caption, " ") if len(caption) > 3 else text
            found += map(float, PRINTED.findall(THOUSANDS.sub("", text)))
    return found


def ties(cell):
    """Number and expression of every line in the comments of a Markdown cell."""
    comments = COMMENT.findall(cell.source) if cell.cell_type == "markdown" else []
    return [pair for comment in comments for pair in TIE.findall(comment)]


@contextlib.contextmanager
def aside(folder):
    """Cells run in this process, in this folder; what they change of it is put back."""
    path = sys.path.copy()
    quiet = contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings(action="ignore"), np.printoptions()
    with contextlib.chdir(folder), quiet[0], quiet[1], quiet[2]:
        yield
    sys.path[:] = path


def evaluate(code, names):
    """The value of an expression, or in words why it has none."""
    try:
        return float(eval(code, names))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def tied(notebook, folder):
    """(place of the cell, number, expression, value) of every tie; no code cell runs that no tie waits for."""
    cells, names, found, waiting = notebook.cells, {}, [], []
    last = max((k for k, cell in enumerate(cells) if ties(cell)), default=-1)
    with aside(folder):
        for k, cell in enumerate(cells):
            if cell.cell_type == "code" and (k < last or waiting):
                with contextlib.suppress(Exception):  # some raise on purpose
                    exec(cell.source, names)
                found += [(place, number, code, evaluate(code, names)) for place, number, code in waiting]
                waiting = []
            for number, code in ties(cell):
                value = evaluate(code, names)
                if isinstance(value, float):
                    found.append((k, decimal.Decimal(number), code, value))
                else:
                    waiting.append((k, decimal.Decimal(number), code))
    return found + [(*tie, evaluate(tie[-1], names)) for tie in waiting]


def complaints(notebook, folder):
    """One sentence for every number that no cell computes, and for every comment that is wrong or idle."""
    comments = tied(notebook, folder)
    pool = [(k, value) for k, cell in enumerate(notebook.cells) for value in computed(cell)]
    pool += [(k, value) for k, *_, value in comments if isinstance(value, float)]
    found = []
    for k, cell in enumerate(notebook.cells):
        stated = [pair for text in texts(cell) for pair in numbers(text)]
        here = [comment for place, *comment in comments if place == k]
        beside = [number for one in notebook.cells[max(k - 2, 0) : k + 3] if one.cell_type == "code" and said(one)
                  for text in texts(one) for number, _ in numbers(text)]  # fmt: skip
        for number, sentence in stated:
            near = [value for place, value in pool if not number.short or abs(place - k) <= NEAR]
            if not any(map(number.stands_for, near)) and number.value not in [value for value, *_ in here]:
                where = "in this Markdown cell, or in one beside the question"
                remedy = f"say {where}, where it comes from: <!-- {number.value} = an expression -->"
                if cell.cell_type == "code":
                    remedy = "let an f-string compute it" if not said(cell) else remedy
                found.append(f"{cell.id}: {sentence!r}: no cell computes {number.text}. Correct it, or {remedy}")
        for value, code, result in here:
            meant = [n for n in [*(number for number, _ in stated), *beside] if n.value == value]
            if not meant:
                found.append(f"{cell.id}: no sentence says the number of the comment {value} = {code}")
            elif isinstance(result, str) or not meant[0].stands_for(result):
                found.append(f"{cell.id}: the sentence says {meant[0].text}, but {code} is {result}")
    return found
