"""One mechanism to ask: the student commits to an answer, runs the next cell, and reads what became of it.

A question stands in `questions/lesson_NN.toml`, by its name. There are three kinds: one of some `options`, each with a
sentence of its own; a `number`, with sentences for an answer that is `near` it, too `low` or too `high`; an `order` of
some things, with a sentence each for `yes` and `no`. Nothing is stored, and nothing waits for an answer.
"""

import copy
import html
import pathlib
import re
import tomllib

import ipywidgets
from IPython.display import display

from helpers.exercises.panel import LOOKS, framed

STATED = {"stated": "here"}  # the metadata of an output that is a sentence of the lesson
WIDE, AUTO = ipywidgets.Layout(width="100%", max_width="864px"), {"width": "auto"}
STYLE = """<style>
.ask .widget-toggle-button, .ask .widget-button {white-space: normal; height: auto; min-height: 32px;
    line-height: 1.4; padding: 4px 12px; margin: 2px; text-align: left}
.ask .widget-html-content {line-height: 1.5}
</style>"""


class Question:
    """A question, what has been answered, and whether the right answer has been shown.

    A kind says how it is `answer`ed rightly, which `choices` it offers, what `control` takes an answer, how an answer
    is `shown`, and which `sentence` it gets. `parts` is its table in the file of its lesson.
    """

    box, choices, given, revealed = None, (), None, False

    def __init__(self, name, lesson, parts):
        self.name, self.lesson, self.parts, self.text = name, lesson, parts, parts["question"]

    def begin(self, back):
        """A new widget: the question, what it is answered with, and a line that a screen reader speaks.

        An answer whose result has not been shown is kept: who answers has selected this cell, and may run it again.
        """
        if self.box is not None:  # its view is gone when the cell runs again
            self.box.close()
        self.given = None if back or self.revealed else self.given
        self.revealed, self.back = False, back
        self.lead = f"From lesson {self.lesson}." if back else "Predict."
        self.status = ipywidgets.HTML(layout=WIDE)
        words = ipywidgets.HTML(f"{STYLE}<b>{self.lead}</b> {html.escape(self.text)}", layout=WIDE)
        self.box = ipywidgets.VBox([words, self.control(), self.status]).add_class("ask")
        self.say("" if back else "Choose, then run the next cell." if self.given is None else self.waiting())

    def offered(self):
        """The choices in their order; asked back in another one, because what is remembered should not be the place."""
        return sorted(self.choices) if self.back else self.choices

    def commit(self, given):
        """Take an answer; an earlier one is forgotten."""
        self.given = given
        told = self.verdict if self.back or self.revealed else self.waiting
        self.say("No complete answer yet." if given is None else told())

    def waiting(self):
        """That an answer waits for its result."""
        return f"Your answer: {self.shown(self.given)}. Now click into the next cell and run it."

    def say(self, text):
        """Show a sentence below the answers."""
        self.status.value = f'<div role="status" aria-live="polite" style="min-height: 1.5em">{html.escape(text)}</div>'

    def is_right(self, given):
        """Whether an answer is the right one."""
        return given == self.answer

    def verdict(self):
        """What became of the answer, in words; asked back, without the options' sentences."""
        given, shown = self.given, f"{self.shown(self.answer)}."
        why = "" if self.back else f" {self.sentence(self.answer)}"
        if given is None or self.is_right(given):
            lead = "The answer" if given is None else "Right" if given == self.answer else "Close enough"
            return f"{self.parts.get('lead', lead)}: {shown}{why}"
        said = "No." if self.back else f"You said: {self.shown(given)}. {self.sentence(given)}"
        miss = "" if self.back else self.parts.get("miss", "Not this time.")
        return f"{miss} {said} {self.parts.get('lead', 'The answer')}: {shown}{why}".strip()


class Choice(Question):
    """One of some options, each with its own sentence; `right` counts from 1. A bet has its own `lead` and `miss`."""

    answer = property(lambda self: self.parts["right"] - 1)
    choices = property(lambda self: [text for text, _ in self.parts["options"]])
    shown = lambda self, given: self.choices[given].rstrip(".")  # noqa: E731
    sentence = lambda self, given: self.parts["options"][given][1]  # noqa: E731

    def control(self):
        numbered = [(text, self.choices.index(text)) for text in self.offered()]
        buttons = ipywidgets.ToggleButtons(
            options=numbered, value=self.given, layout=WIDE, style={"button_width": "100%"}
        )
        buttons.observe(lambda change: self.commit(change.new), "value")
        return buttons


class Number(Question):
    """A number, right within the share `within` of it; a percent sign, a comma and a fraction may be typed."""

    answer = property(lambda self: self.parts["number"])
    shown = lambda self, given: f"{given:g} {self.parts.get('unit', '')}".strip().replace("-", "−")  # noqa: E731

    def control(self):
        field = ipywidgets.Text(description="your answer", placeholder="a number, then Enter", continuous_update=False)
        field.style.description_width = "initial"
        field.observe(lambda change: self.commit(self.read(change.new)), "value")
        return ipywidgets.HBox([field, ipywidgets.Label(self.parts.get("unit", ""))])

    @staticmethod
    def read(text):
        """The number that was typed, or None."""
        match = re.match(r"([-+]?[\d.]+)(?:/([\d.]+))?", text.replace(",", ".").replace("−", "-").replace(" ", ""))
        try:
            return float(match[1]) / float(match[2] or 1)
        except (TypeError, ValueError, ZeroDivisionError):
            return None

    def sentence(self, given):
        return self.parts["near" if self.is_right(given) else "low" if given < self.answer else "high"]

    def is_right(self, given):
        return abs(given - self.answer) <= self.parts["within"] * abs(self.answer)


class Order(Question):
    """Some things, to be pressed in the right order; they are offered by the alphabet."""

    answer = property(lambda self: tuple(self.parts["order"]))
    choices = property(lambda self: sorted(self.answer))
    shown = lambda self, given: ", ".join(given)  # noqa: E731
    sentence = lambda self, given: self.parts["yes" if self.is_right(given) else "no"]  # noqa: E731

    def control(self):
        self.picked, self.buttons = [], [ipywidgets.Button(description=one, layout=AUTO) for one in self.choices]
        for one, button in zip(self.choices, self.buttons, strict=True):
            button.on_click(lambda _, one=one: self.pick(one))
        return ipywidgets.HBox(self.buttons, layout={"flex_flow": "row wrap"})

    def pick(self, one):
        """Put a thing at the end of the order; a thing that stands in it is taken out again."""
        self.picked = [each for each in self.picked if each != one] + [one] * (one not in self.picked)
        for each, button in zip(self.choices, self.buttons, strict=True):
            button.description = f"{self.picked.index(each) + 1}. {each}" if each in self.picked else each
        self.commit(tuple(self.picked) if len(self.picked) == len(self.answer) else None)


KINDS = {"options": Choice, "number": Number, "order": Order}
QUESTIONS = {
    name: next(KINDS[key] for key in KINDS if key in parts)(name, int(path.stem[-2:]), parts)
    for path in sorted((pathlib.Path(__file__).parent / "questions").glob("lesson_*.toml"))
    for name, parts in tomllib.loads(path.read_text(encoding="utf-8")).items()
}
BACK = {name: copy.copy(question) for name, question in QUESTIONS.items()}  # a lesson may ask its own ones back


def ask(name, back=False):
    """Ask for a prediction; its answer comes with `answer(name)`. Where no Python runs, question and options show."""
    question = (BACK if back else QUESTIONS)[name]
    question.begin(back)
    options = "".join(f"\n- {one}" for one in question.offered())
    view = {"version_major": 2, "version_minor": 0, "model_id": question.box.model_id}
    data = {
        "text/plain": f"{question.lead} {question.text}{options}",
        "text/markdown": f"**{question.lead}** {question.text}\n{options}",
        "application/vnd.jupyter.widget-view+json": view,
    }
    display(data, raw=True, metadata={"stated": "before"} if back else STATED)


def recall(*names):
    """Ask questions of earlier lessons back: whether an answer is right is said at once."""
    for name in names:
        ask(name, back=True)


def answer(name):
    """Show the right answer to a question, and the sentence of the answer that was given."""
    question = QUESTIONS[name]
    question.revealed, text = True, question.verdict()
    open_bet = question.given is None or "lead" in question.parts
    outcome = "not attempted" if open_bet else "passed" if question.is_right(question.given) else "wrong"
    page = framed(outcome, f"<strong>{LOOKS[outcome][0]}</strong> {html.escape(text)}")
    display({"text/plain": text, "text/html": page}, raw=True, metadata=STATED)
