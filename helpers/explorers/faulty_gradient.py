"""Lesson 7: six implementations of a batch's gradients. One is right; the student names the others' mistakes."""

import numpy as np

from helpers import figures
from helpers.cross_entropy import one_hot
from helpers.exercises.exercise import ONE, Idea
from helpers.exercises.ideas import IDEAS, NAMES, SIZES
from helpers.exercises.problems import Problem
from helpers.explorers.explorer import INDEX, Explorer, button, choice, number
from helpers.explorers.hand import Choice
from helpers.numerical import MEASURED, allowed
from helpers.softmax import softmax

TABLE = {one.key: one for one in (*IDEAS, *SIZES)}
RIGHT, SLOPE = "it is right", Idea("slope", "", lambda p: p.slopes)
SUSPICIONS = {  # in words: a wrong idea and a factor
    RIGHT: (SLOPE, ONE),
    "bias times x": (TABLE["b times x"], ONE),
    "mean too early": (TABLE["means multiplied"], ONE),
    "right class alone": (TABLE["k = j alone"], ONE),
    "sum, not mean": (SLOPE, TABLE["N"]),
    "x is missing": (TABLE["no x"], ONE),
}
LINE_UP = dict(zip("ABCDEF", np.random.default_rng(7).permutation(list(SUSPICIONS)).tolist(), strict=True))
FEATURES = {"mixed": np.copy, "all 1": np.ones_like, "all 0": np.zeros_like, "sum to 1": softmax}
AGREES, DIFFERS = (figures.COLOURS[2], "#E3F3EE"), (figures.COLOURS[1], "#FBE3D3")  # strong, pale
GREY = figures.GREY, "#F0F0F0"
CELLS = np.array([(x, y) for y in range(3) for x in (0, 1, 2.25, 4, 5, 6.25)])  # three returned, three measured a row


def evidence(N, features, seed):
    """A problem, and what each suspicion makes of its slopes: arrays of shape (3, 3), with b in the last column.

    With the same seed a problem with more examples holds those with fewer.
    """
    rng = np.random.default_rng(seed)
    W, b, labels = rng.normal(size=(3, 2)), rng.normal(size=3), rng.permutation([0, 1, 2, 0])
    X = FEATURES[features](rng.permutation([-2, -1.5, -1, -0.5, 0.5, 1, 1.5, 2]).reshape(4, 2)).round(1)
    p, returned = Problem("chosen", W, b, X[:N], one_hot(labels, 3)[:N]), {}
    for words, (idea, factor) in SUSPICIONS.items():
        slopes = p.slopes | idea.quantity(p)
        returned[words] = factor.size(p) * np.column_stack([slopes[name] for name in NAMES])
    return p, returned


def difference(values, others):
    """Where two answers differ; the entry in which they differ most, in words, and both numbers there."""
    off = abs(values - others)
    j, i = np.unravel_index(off.argmax(), off.shape)
    entry = f"∂L/∂b{INDEX[j]}" if i == 2 else f"∂L/∂w{INDEX[j]}{INDEX[i]}"
    return off > allowed(others, MEASURED), entry, number(values[j, i]), number(others[j, i])


class FaultyGradient(Explorer):
    """What a chosen implementation returns beside the measured slopes, which of the six agree, and what is solved."""

    def build(self):
        self.N, self.features = choice("examples N", [1, 2, 4], 1), choice("features x", list(FEATURES), "mixed")
        self.letter, self.seed = choice("implementation", list(LINE_UP), "A"), 1
        self.suspicion, self.solved, self.verdict = choice("your suspicion", list(SUSPICIONS), RIGHT), {}, ""
        rows = [[self.features, button("Other numbers", self.other)], [self.N, self.letter]]
        rows += [[self.suspicion], [button("Accuse", self.accuse)]]

        panels = [["input", "slopes"], ["six", "six"]]
        fig, axes = figures.subplots(panels=panels, height=4.2, width_ratios=[2, 7], height_ratios=[5, 2])
        ax, (x, y) = axes["slopes"], CELLS.T
        self.cells = ax.bar(x, 0.9, 0.9, bottom=y - 0.45, linewidth=2)
        self.bars = ax.barh(y + 0.28, 0, 0.12, left=x)
        self.texts = [ax.text(*cell, "", ha="center", va="center") for cell in CELLS]
        (self.signs,) = ax.plot([], [], marker="$≠$", linestyle="", markersize=9, color=DIFFERS[0])
        self.title = ax.text(x[1], -0.6, "", fontsize=11, ha="center")
        ax.text(x[4], -0.6, "measured slope", fontsize=11, ha="center")
        symbols = [rf"$\partial L/\partial {name}$" for name in ("w_{j1}", "w_{j2}", "b_j")]
        ax.set(xlim=(-0.5, 6.75), ylim=(2.5, -0.5))
        ax.set_xticks(x[:6], 2 * symbols)
        ax.set_yticks(range(3), ["$j=1$", "$j=2$", "$j=3$"])
        ax.tick_params(labelsize=11, length=0, pad=1)
        ax.spines[:].set_visible(False)

        axes["input"].set_title("the input")
        axes["input"].axis("off")
        self.input = axes["input"].text(0, 0.97, "", va="top", family="monospace", linespacing=2.2)

        ax = axes["six"]  # each letter with its sign, a ring around the chosen one, and the names of what is solved
        ax.set(xlim=(-0.5, 5.5), ylim=(-0.6, 2.2), title="on this input: ✓ agrees with the measured slope, ≠ differs")
        ax.axis("off")
        (self.ring,) = ax.plot([], [], "o", markersize=40, color="none", markeredgecolor=figures.INK)
        style = {"ha": "center", "va": "center", "fontweight": "bold"}
        self.letters = [ax.text(k, 1.3, "", fontsize=13, **style) for k in range(6)]
        self.names = [ax.text(k, 0, "", **style) for k in range(6)]
        cells = [self.cells, self.bars, self.texts, self.signs]
        return rows, fig, [cells, self.title, self.input, self.ring, self.letters, self.names]

    def other(self):
        self.seed += 1

    def accuse(self):
        """Compare what the suspicion would return with what the implementation returns, and say it."""
        letter, words = self.letter.value, self.suspicion.value
        off, entry, yours, would = difference(self.returned[LINE_UP[letter]], self.returned[words])
        if LINE_UP[letter] == words:
            self.solved[letter] = words
            said = " ".join(one.sentence for one in SUSPICIONS[words] if one.sentence)
            self.verdict = f"Yes, {letter}: {words}. {said or 'It agrees with the measured slope on every input.'}"
        elif off.any():
            self.verdict = f"Not “{words}”: then {entry} would be {would} here, but {letter} returns {yours}."
        else:
            self.verdict = f"Not “{words}”, although it looks the same here: find an input that tells the two apart."

    def update(self):
        p, self.returned = evidence(self.N.value, self.features.value, self.seed)
        letter, measured = self.letter.value, self.returned[RIGHT]
        mine = self.returned[LINE_UP[letter]]
        off, entry, yours, right = difference(mine, measured)
        differ = [one for one, words in LINE_UP.items() if difference(self.returned[words], measured)[0].any()]
        table = [" x₁    x₂   right j"]
        for (x1, x2), k in zip(p.X, p.Y.argmax(axis=1), strict=True):
            table.append(f"{number(x1, 1):>4}  {number(x2, 1):>4}     {k + 1}")
        self.input.set_text("\n".join(table))
        self.title.set_text(f"{letter} returns")
        slopes, wrong = np.hstack([mine, measured]), np.hstack([off, off & False])
        lengths = 0.42 * slopes / abs(slopes).max()
        for k, slope in enumerate(slopes.flat):
            strong, pale = DIFFERS if wrong.flat[k] else AGREES if k % 6 < 3 else GREY
            self.cells[k].set(facecolor=pale, edgecolor=strong if wrong.flat[k] else "none")
            self.bars[k].set(facecolor=strong, width=lengths.flat[k])
            self.texts[k].set_text(number(slope))
        self.signs.set_data(*(CELLS[wrong.ravel()] - [0.34, 0.32]).T)
        self.ring.set_data([list(LINE_UP).index(letter)], [1.3])
        for one, text, name in zip(LINE_UP, self.letters, self.names, strict=True):
            sign, (colour, _) = ("≠", DIFFERS) if one in differ else ("✓", AGREES)
            text.set(text=f"{one} {sign}", color=colour)
            name.set_text(self.solved.get(one, ""))

        said, self.verdict = self.verdict, ""
        if not said:
            said = f"Here {letter} agrees with the measured slope, but another input may tell more."
            if off.any():
                parts = zip((off[:, :2], off[:, 2]), NAMES, strict=True)
                where = " and ".join(f"{part.sum()} of {part.size} entries of {name}" for part, name in parts)
                said = f"Here {letter} differs in {where}, most in {entry}: {yours}, measured {right}."
            said += f" On this input {', '.join(differ)} differ."
        if len(self.solved) == len(LINE_UP):
            return f"{said} All six are named, congratulations! You read a mistake off the numbers that it leaves."
        return f"{said} Solved: {len(self.solved)} of {len(LINE_UP)}."

    def grabs(self):
        places = [letter.get_position() for letter in self.letters]
        return [Choice(self.letters[0].axes, places, lambda k: self.letter.set_trait("index", k), 20)]
