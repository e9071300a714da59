"""What a check found, as a small panel in Jupyter and as plain text, with hints one at a time."""

import html
from dataclasses import dataclass, field

# Word and symbol say it; the colour of the bar is the third cue. Text keeps the theme's own colour, light or dark.
LOOKS = {"passed": ("✓", "#2a9d5c"), "not attempted": ("○", "#8a8a8a"), "wrong": ("✗", "#d1495b")}


def framed(outcome, content):
    """HTML in a box that a screen reader speaks, with a bar in the colour of an outcome."""
    return f'<div role="status" style="border-left:0.4em solid {LOOKS[outcome][1]};padding:0.2em 0.8em">{content}</div>'


@dataclass(frozen=True)
class Reason:
    """One thing to know: a key that code can rely on, and the sentence for the reader."""

    key: str
    text: str


@dataclass(frozen=True)
class Result:
    """What a check found: "passed", "not attempted" or "wrong", and why, most important first.

    `your_function(**result.tried)` repeats the call that the sentences speak of; `named` says whether every mistake has
    a name in the tables of the exercise.
    """

    exercise: str
    outcome: str
    reasons: tuple
    hints: tuple = ()
    tried: dict = field(default_factory=dict, compare=False)
    named: bool = False

    @property
    def keys(self):
        """The keys of all reasons."""
        return tuple(reason.key for reason in self.reasons)

    @property
    def message(self):
        """All sentences as one text."""
        return "\n".join(reason.text for reason in self.reasons)

    @property
    def points(self):
        """1 for passed, else 0: a cell that ends in a number is a score for nbgrader."""
        return 1.0 if self.outcome == "passed" else 0.0

    def __bool__(self):
        return self.outcome == "passed" and "carried on" not in self.keys

    def __repr__(self):
        more = f"\n({len(self.hints)} hints, one at a time, in the notebook's panel)" if self.hints else ""
        return f"{LOOKS[self.outcome][0]} {self.exercise}: {self.outcome}\n{self.message}{more}"

    def _repr_html_(self):
        paragraphs = "".join(f'<p style="margin:0.3em 0">{html.escape(reason.text)}</p>' for reason in self.reasons)
        folded = ""
        for number in range(len(self.hints), 0, -1):  # each hint holds the next one, still folded
            text = html.escape(self.hints[number - 1])
            folded = f"<details><summary>Hint {number} of {len(self.hints)}</summary><p>{text}</p>{folded}</details>"
        lead = f"<strong>{LOOKS[self.outcome][0]} <code>{html.escape(self.exercise)}</code>: {self.outcome}</strong>"
        return framed(self.outcome, f"<p>{lead}</p>{paragraphs}{folded}")
