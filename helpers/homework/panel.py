"""What a check shows: a small panel in Jupyter, the same as plain text, and hints one at a time."""

import html
from dataclasses import dataclass, field

# Word and symbol say it; the colour of the bar is the third cue. Text keeps the theme's own colour, light or dark.
LOOKS = {"passed": ("✓", "#2a9d5c"), "not attempted": ("○", "#8a8a8a"), "wrong": ("✗", "#d1495b")}


@dataclass(frozen=True)
class Result:
    """What a check found.

    Attributes
    ----------
    exercise : str
        Name of the function checked.
    outcome : str
        "passed", "not attempted" or "wrong".
    lines : tuple of str
        What to know, most important first.
    hints : tuple of str
        From a nudge to nearly everything; `hint()` gives one after the other.
    tried : dict
        The arguments of the call that the message speaks of, without rng: `your_function(**result.tried)` repeats it.
    """

    exercise: str
    outcome: str
    lines: tuple
    hints: tuple = ()
    tried: dict = field(default_factory=dict, compare=False)
    given: list = field(default_factory=list, compare=False)

    @property
    def message(self):
        """All lines as one text."""
        return "\n".join(self.lines)

    @property
    def points(self):
        """1 for passed, else 0: a cell that ends in a number is a score for nbgrader."""
        return 1.0 if self.outcome == "passed" else 0.0

    def __float__(self):
        return self.points

    def __bool__(self):
        return self.outcome == "passed"

    def hint(self):
        """The next hint; each call gives one more."""
        if len(self.given) == len(self.hints):
            return "There are no more hints."
        self.given.append(self.hints[len(self.given)])
        return f"Hint {len(self.given)} of {len(self.hints)}: {self.given[-1]}"

    def __repr__(self):
        text = f"{LOOKS[self.outcome][0]} {self.exercise}: {self.outcome}\n" + self.message
        if self.hints:
            text += (
                f"\n({len(self.hints)} hints, one at a time: unfold them in the notebook's panel, "
                "or call .hint() on the result of this check)"
            )
        return text

    def _repr_html_(self):
        symbol, colour = LOOKS[self.outcome]
        paragraphs = "".join(f'<p style="margin:0.3em 0">{html.escape(line)}</p>' for line in self.lines)
        folded = ""
        for number in range(len(self.hints), 0, -1):  # each hint holds the next one, still folded
            text = html.escape(self.hints[number - 1])
            folded = f"<details><summary>Hint {number} of {len(self.hints)}</summary><p>{text}</p>{folded}</details>"
        return (
            f'<div role="status" style="border-left:0.4em solid {colour};padding:0.2em 0.8em">'
            f"<p><strong>{symbol} <code>{html.escape(self.exercise)}</code>: {self.outcome}</strong></p>"
            f"{paragraphs}{folded}</div>"
        )
