"""The pages for teaching: templates, filled from the lessons, their questions and the tables of ideas of the exercises.

A template is Markdown in `tests/teaching/sources/`. What stands in `{{ … }}` is computed when the page is made: numbers
by the helpers, and what the functions below quote. A lesson, heading, question or idea that is missing is an error.
"""

import re

import jinja2
import nbformat
import numpy as np

import book
from answers import EXERCISES
from helpers import cross_entropy, network, softmax
from helpers.exercises.asking import QUESTIONS

SOURCES = book.ROOT / "tests" / "teaching" / "sources"


def lesson(number):
    """A link to a lesson."""
    path = book.lessons()[number]
    return f"[{book.short_title(path)}](../../notebooks/{path.name})"


def objectives(number):
    """What a reader of a lesson will be able to do, as a list."""
    return "".join(f"- {one}\n" for one in book.objectives(book.lessons()[number]))


def needs(number):
    """A match with the minutes that a lesson takes, and what it needs."""
    return book.needs(book.lessons()[number])


def minutes(numbers):
    """The minutes of several lessons."""
    return sum(int(needs(number)[1]) for number in numbers)


def heading(number, text):
    """A heading of a lesson, which must be there."""
    cells = nbformat.read(book.lessons()[number], as_version=4).cells
    if not any(re.search(rf"^#+ {re.escape(text)}$", cell.source, re.M) for cell in cells):
        raise ValueError(f"lesson {number} has no heading {text!r}")
    return f"*{text}*"


def table(head, rows):
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        f"| {' | '.join(' '.join(cell.replace('|', chr(92) + '|').split()) for cell in row)} |" for row in lines
    )


def schedule(*rows):
    """The plan of a class of 90 minutes, from (minutes, lesson, heading, what to do)."""
    ends = np.cumsum([minutes for minutes, *_ in rows])
    if ends[-1] != 90:
        raise ValueError(f"a class has 90 minutes, not {ends[-1]}")
    cells = [
        [f"{end - minutes}–{end}", f"{lesson(number)}, {heading(number, text)}", what]
        for end, (minutes, number, text, what) in zip(ends, rows, strict=True)
    ]
    return table(["minute", "part", "what to do"], cells)


def said(name, given):
    """A wrong answer to a question, options counted from 1, and the sentence that meets it."""
    question = QUESTIONS[name]
    given = given - 1 if question.choices else given
    if question.is_right(given):
        raise ValueError(f"{question.shown(given)} is the right answer to {name}")
    return f"“{question.shown(given)}” {question.sentence(given)}"


def questions(*rows):
    """Questions to ask in class, from (name, wrong answers to expect)."""
    cells = []
    for name, *wrong in rows:
        one = QUESTIONS[name]
        right = f"**{one.shown(one.answer)}.** {one.sentence(one.answer)}"
        cells.append([f"`{name}`: {one.text}", right, "<br>".join(said(name, given) for given in wrong)])
    return table(["ask", "right, and why", "expect, and answer"], cells)


def met(name, key):
    """The sentence that meets a wrong idea: an exercise's, by the idea's key, or a question's, by the wrong answer."""
    if name in QUESTIONS:
        return said(name, int(key))
    return next(idea.sentence for idea in (*EXERCISES[name].factors, *EXERCISES[name].ideas) if idea.key == key)


def ideas(*rows):
    """Misconceptions, from (what the student thinks, how it looks, where it is met as 'exercise: key', …)."""
    cells = []
    for thinks, looks, *references in rows:
        places = [reference.split(": ") for reference in references]
        where = ", ".join(dict.fromkeys(f"`{name}`" for name, _ in places))
        cells.append([thinks, f"{looks}{' in ' if looks else ''}{where}", "<br>".join(met(*place) for place in places)])
    return table(["the student thinks", "you see", "the course answers"], cells)


def digits(value, count=3):
    """One number or several, rounded."""
    return ",\\ ".join(f"{one:.{count}f}" for one in np.ravel(value))


def pages():
    """Every page for teaching, with the content it should have, as bytes."""
    jinja = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    jinja.filters["digits"] = digits
    names = {**globals(), **vars(np), **vars(cross_entropy), **vars(network), **vars(softmax)}
    wanted = {}
    for path in sorted(SOURCES.glob("*.md")):
        source = path.read_text(encoding="utf-8")
        total = sum(map(int, re.findall(r"\((\d+) points?\)", source)))
        wanted[SOURCES.parent / path.name] = jinja.from_string(source).render(names, total=total).encode()
    return wanted
