"""Lesson 7: the student's own step trains a layer on handwritten digits."""

import numpy as np

from helpers import datasets, figures
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.explorers.explorer import button, choice, number
from helpers.explorers.training_player import Trainer
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

WORST = 6


class Digits(Trainer):
    """Weight rows as pictures, the confusion matrix and the worst predictions while your function trains the layer.

    `sgd_step(W, b, X, Y, learning_rate)` returns (W, b), new arrays of shapes (10, 64) and (10,).
    """

    load = staticmethod(datasets.digits)

    def build(self):
        self.rate = choice("learning rate", [0.01, 0.1, 0.5, 2], 0.1)
        self.size = choice("batch size", [("8", 8), ("32", 32), ("128", 128), ("all 1352", 1352)], 32)
        buttons = [button("Step", self.step), button("400 steps", lambda: self.step(400))]
        rows = [[*buttons, button("Reset", self.reset)], [self.rate], [self.size]]
        self.reset()

        panels = [["weights", "confusion"], ["worst", "confusion"]]
        fig, ax = figures.subplots(panels=panels, height=4.6, width_ratios=[5, 4], height_ratios=[5, 3])
        ax["weights"].set_title("rows of $W$: purple adds, orange takes away")
        ax["worst"].set_title("worst predictions on the test digits")
        for name in ("weights", "worst"):
            ax[name].axis("off")
        self.weights = ax["weights"].imshow(sheet(self.W, 5), cmap="PuOr", vmin=-1, vmax=1)
        self.worst = ax["worst"].imshow(sheet(self.data.X_test[:WORST], WORST), cmap="Greys", vmin=-1, vmax=1)
        self.captions = [ax["worst"].text(10 * k + 4.5, 9.7, "", ha="center", va="top") for k in range(WORST)]

        ax = ax["confusion"]  # a mark for every pair of a true and a predicted digit
        ax.set(xlim=(-0.6, 9.6), ylim=(9.6, -0.6), box_aspect=1, xlabel="predicted digit", ylabel="true digit")
        ax.set(xticks=range(10), yticks=range(10), title="test digits; right is on the diagonal")
        ax.grid(color=figures.LIGHT, linewidth=0.6)
        ax.set_axisbelow(True)
        true, predicted = np.indices((10, 10)).reshape(2, -1)
        self.counts = ax.scatter(predicted, true, c=np.take(figures.COLOURS, true != predicted))
        return rows, fig, [self.weights, self.worst, self.captions, self.counts]

    def update(self):
        data, W, b = self.data, self.W, self.b
        self.weights.set_data(sheet(W / max(abs(W).max(), 1e-9), 5))
        Z, labels = weighted_inputs(data.X_test, W, b), data.labels_test
        predicted, loss = predict(Z), softmax_crossentropy(Z, one_hot(labels, 10))
        train, test = accuracy(predict(weighted_inputs(data.X, W, b)), data.labels), accuracy(predicted, labels)
        right = softmax(Z)[np.arange(len(Z)), labels]  # the probabilities of the right answers
        worst = np.argsort(right, kind="stable")[:WORST]
        self.worst.set_data(sheet(2 * data.X_test[worst] - 1, WORST))
        for caption, i in zip(self.captions, worst, strict=True):
            caption.set_text(f"{labels[i]}, said {predicted[i]}")
        table = np.zeros((10, 10), dtype=int)
        np.add.at(table, (labels, predicted), 1)
        self.counts.set_sizes(6.0 * table.ravel())
        np.fill_diagonal(table, 0)
        true, taken = np.unravel_index(table.argmax(), table.shape)
        count = table[true, taken]
        confused = f" Most often confused: {true} taken for {taken}, {count} times." if count else ""
        return (
            f"Steps {self.steps}. Accuracy {number(100 * train, 1)} % on the training digits, "
            f"{number(100 * test, 1)} % on the test digits; test loss {number(loss)}.{confused} "
            f"Worst: a {labels[worst[0]]} with the probability {number(right[worst[0]])}."
        )


def sheet(pictures, columns):
    """Pictures, shape (count, 64), row by row on one sheet, 8 × 8 pixels each with a gap of two between them."""
    framed = np.pad(pictures.reshape(-1, columns, 8, 8), [(0, 0), (0, 0), (1, 1), (1, 1)], constant_values=np.nan)
    return framed.transpose(0, 2, 1, 3).reshape(-1, 10 * columns)
