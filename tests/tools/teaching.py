"""The pages for teaching: templates, filled from the lessons, their questions and the tables of ideas of the exercises.

A template is Markdown in `tests/teaching/sources/`. What stands in `{{ … }}` is computed when the page is made: numbers
by the helpers, and what the functions below quote. A lesson, heading, question or idea that is missing is an error.
"""

import re

import jinja2
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


def heading(number, text):
    """A heading of a lesson."""
    cells = book.stored(book.lessons()[number]).cells
    if not any(re.search(rf"^#+ {re.escape(text)}$", cell.source, re.M) for cell in cells):
        raise ValueError(f"lesson {number} has no heading {text!r}")
    return f"*{text}*"


def schedule(*steps):
    """The table of a class of 90 minutes, from (minutes, lesson, heading, what to do)."""
    rows, clock = ["| minute | part | what to do |", "|---|---|---|"], 0
    for minutes, number, text, what in steps:
        rows.append(f"| {clock}–{clock + minutes} | {lesson(number)}, {heading(number, text)} | {what} |")
        clock += minutes
    if clock != 90:
        raise ValueError(f"a class has 90 minutes, not {clock}")
    return "\n".join(rows)


def said(name, given):
    """A wrong answer to a question, options counted from 1, and the sentence that meets it."""
    question = QUESTIONS[name]
    given = given - 1 if question.choices else given
    if question.is_right(given):
        raise ValueError(f"{question.shown(given)} is the right answer to {name}")
    return f"“{question.shown(given)}”: {question.sentence(given)}"


def asked(name, *wrong):
    """Three cells of a table: a question, its right answer with the reason, and the wrong answers to expect."""
    one, expected = QUESTIONS[name], "<br>".join(said(name, given) for given in wrong)
    right = f"**{one.shown(one.answer)}.** {one.sentence(one.answer)}"
    return f"`{name}`, lesson {one.lesson}: {one.text} | {right} | {expected}"


def met(*places):
    """How the course meets a wrong idea: 'exercise: key of the idea', or 'question: wrong answer'."""
    lines, before = [], ""
    for name, key in (place.split(": ") for place in places):
        one = EXERCISES.get(name)
        ideas = {idea.key: idea.sentence for idea in (*one.factors, *one.ideas)} if one else {}
        lines.append(f"`{name}` " * (name != before) + (ideas[key] if one else said(name, int(key))))
        before = name
    return "<br>".join(dict.fromkeys(lines))


def digits(value, count=3):
    """One number or several, rounded."""
    return ",\\ ".join(f"{one:.{count}f}" for one in np.ravel(value))


def pages():
    """Every page for teaching, with the content it should have, as bytes."""
    jinja = jinja2.Environment(undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True)
    jinja.filters.update(digits=digits, minutes=lambda notebook: int(book.minutes(notebook)))
    lessons = list(map(book.stored, book.lessons()))
    names = {"lessons": lessons, **globals(), **vars(np), **vars(cross_entropy), **vars(network), **vars(softmax)}
    wanted = {}
    for path in sorted(SOURCES.glob("*.md")):
        source = path.read_text(encoding="utf-8")
        total = sum(map(int, re.findall(r"\((\d+) points?\)", source)))
        wanted[SOURCES.parent / path.name] = jinja.from_string(source).render(names, total=total).encode()
    return wanted
