"""Lesson 7: the student's own step trains a layer on handwritten digits."""

import numpy as np

from helpers import datasets, figures
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.explorers.explorer import button, choice, number
from helpers.explorers.training import Trainer
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

WORST = 6
PANELS = [["0 to 4", "confusion"], ["5 to 9", "confusion"], ["worst", "confusion"]]
MISTAKES = np.array([(taken, true) for true in range(10) for taken in range(10) if taken != true]).T


class Digits(Trainer):
    """Weight rows as pictures, the confusion matrix and the worst predictions while your function trains the layer.

    `sgd_step(W, b, X, Y, learning_rate)` returns (W, b), new arrays of shapes (10, 64) and (10,).
    """

    def __init__(self, sgd_step):
        """Before the first step."""
        super().__init__(sgd_step, datasets.digits())

    def build(self):
        self.rate = choice("learning rate", [0.01, 0.1, 0.5, 2], 0.1)
        self.size = choice("batch size", [("8", 8), ("32", 32), ("128", 128), ("all 1352", 1352)], 32)
        buttons = [button("Step", self.step), button("400 steps", lambda: self.step(400))]
        rows = [[*buttons, button("Reset", self.reset)], [self.rate], [self.size]]

        fig, ax = figures.mosaic(PANELS, height=4.8, width_ratios=[5, 4])
        self.weights = [sheet(ax[name], 5, "PuOr") for name in ("0 to 4", "5 to 9")]
        ax["0 to 4"].set_title("the rows of $W$: purple adds to the score, orange takes away\n", fontsize=10)
        for k in range(10):
            ax[PANELS[k // 5][0]].text(9 * (k % 5) + 4.5, -0.7, str(k), ha="center", va="bottom", fontsize=10)
        self.worst = sheet(ax["worst"], WORST, "Greys")
        ax["worst"].set_title("worst predictions on the test digits", fontsize=10)
        self.captions = [ax["worst"].text(9 * k + 4.5, 9.7, "", ha="center", va="top") for k in range(WORST)]
        return rows, fig, [self.weights, self.worst, self.captions, self.build_confusion(ax["confusion"])]

    def build_confusion(self, ax):
        """A mark for every pair of a true and a predicted digit."""
        ax.set(xlim=(-0.6, 9.6), ylim=(9.6, -0.6), box_aspect=1, xlabel="predicted digit", ylabel="true digit")
        ax.set(xticks=range(10), yticks=range(10), title="test digits: area = count; ■ right, ● wrong")
        ax.grid(color=figures.LIGHT, linewidth=0.6)
        ax.set_axisbelow(True)
        self.right = ax.scatter(range(10), range(10), s=np.zeros(10), marker="s", color=figures.COLOURS[0])
        self.wrong = ax.scatter(*MISTAKES, s=np.zeros(90), marker="o", color=figures.COLOURS[1])
        return [self.right, self.wrong]

    def update(self):
        data, W, b = self.data, self.W, self.b
        for k, weights in enumerate(self.weights):
            fill(weights, W[5 * k :] / max(abs(W).max(), 1e-9))
        Z = weighted_inputs(data.X_test, W, b)
        predicted, loss = predict(Z), softmax_crossentropy(Z, one_hot(data.labels_test, 10))
        train = accuracy(predict(weighted_inputs(data.X, W, b)), data.labels)
        test = accuracy(predicted, data.labels_test)
        return (
            f"Steps {self.steps}. Accuracy {number(100 * train, 1)} % on the training digits, "
            f"{number(100 * test, 1)} % on the test digits; test loss {number(loss)}."
            f"{self.show_confusion(predicted)}{self.show_worst(softmax(Z), predicted)}"
        )

    def show_confusion(self, predicted):
        """How often each digit is taken for each; the most frequent mistake in words."""
        table = np.zeros((10, 10), dtype=int)
        np.add.at(table, (self.data.labels_test, predicted), 1)
        taken, true = MISTAKES
        mistakes = table[true, taken]
        self.right.set_sizes(6.0 * np.diag(table))
        self.wrong.set_sizes(6.0 * mistakes)
        k = mistakes.argmax()
        return f" Most often confused: {true[k]} taken for {taken[k]}, {mistakes[k]} times." if mistakes[k] else ""

    def show_worst(self, a, predicted):
        """The test digits with the least probable right answers; the first of them in words."""
        labels = self.data.labels_test
        right = a[np.arange(len(a)), labels]
        worst = np.argsort(right, kind="stable")[:WORST]
        fill(self.worst, 2 * self.data.X_test[worst] - 1)
        for caption, i in zip(self.captions, worst, strict=True):
            caption.set_text(f"{labels[i]}, said {predicted[i]}")
        return f" Worst: a {labels[worst[0]]} with the probability {number(right[worst[0]])}."


def sheet(ax, count, cmap):
    """Room for a row of pictures of 8 × 8 pixels, values -1 to 1, with a gap around each."""
    ax.axis("off")
    return ax.imshow(np.full((10, 9 * count + 1), np.nan), cmap=cmap, vmin=-1, vmax=1)


def fill(sheet, pictures):
    """Put pictures, shape (count or more, 64), into a `sheet`."""
    values = sheet.get_array().copy()
    for k in range(values.shape[1] // 9):
        values[1:9, 9 * k + 1 : 9 * k + 9] = pictures[k].reshape(8, 8)
    sheet.set_data(values)
