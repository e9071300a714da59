"""Lesson 7: the student's own step trains a layer on handwritten digits."""

import numpy as np

from helpers import figures, live, painting
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.datasets import digits as load
from helpers.explorers.training import Training
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

WORST = 6


def digits(sgd_step):
    """Weight rows as pictures, the confusion matrix and the worst predictions while your function trains the layer.

    Parameters
    ----------
    sgd_step : callable
        sgd_step(W, b, X, Y, learning_rate) -> (W, b), new arrays of shapes (10, 64) and (10,).
    """
    data = load()
    Y_test = one_hot(data.labels_test, 10)
    training = Training(sgd_step, data.X, one_hot(data.labels, 10))

    rate = live.choice("learning rate", [0.01, 0.1, 0.5, 2], 0.1)
    size = live.choice("batch size", [("8", 8), ("32", 32), ("128", 128), ("all 1352", 1352)], 32)

    fig, ax = figures.mosaic(
        [["0 to 4", "confusion"], ["5 to 9", "confusion"], ["worst", "confusion"]], height=4.8, width_ratios=[5, 4]
    )
    sheets = [sheet(ax[name], 5, "PuOr") for name in ("0 to 4", "5 to 9")]
    ax["0 to 4"].set_title("the rows of $W$: purple adds to the score, orange takes away\n", fontsize=10)
    for name, first in (("0 to 4", 0), ("5 to 9", 5)):
        for k in range(5):
            ax[name].text(9 * k + 4.5, -0.7, str(first + k), ha="center", va="bottom", fontsize=10)
    worst_picture = sheet(ax["worst"], WORST, "Greys")
    ax["worst"].set_title("worst predictions on the test digits", fontsize=10)
    captions = [ax["worst"].text(9 * k + 4.5, 9.7, "", ha="center", va="top", fontsize=9) for k in range(WORST)]
    matrix = ax["confusion"]
    matrix.set(xlim=(-0.6, 9.6), ylim=(9.6, -0.6), box_aspect=1, xlabel="predicted digit", ylabel="true digit")
    matrix.set(xticks=range(10), yticks=range(10), title="test digits: area = count; ■ right, ● wrong")
    matrix.grid(color=figures.LIGHT, linewidth=0.6)
    matrix.set_axisbelow(True)
    right = matrix.scatter(range(10), range(10), s=np.zeros(10), marker="s", color=figures.COLOURS[0])
    pairs = np.array([(j, k) for k in range(10) for j in range(10) if j != k])
    wrong = matrix.scatter(*pairs.T, s=np.zeros(90), marker="o", color=figures.COLOURS[1])

    def step():
        training.step(rate.value, size.value)

    def epochs(count):
        end = training.epochs + count
        while training.epochs < end:
            step()

    def update():
        W, b = training.W, training.b
        Z = weighted_inputs(data.X_test, W, b)
        a, predicted = softmax(Z), predict(Z)
        table = np.zeros((10, 10), dtype=int)
        np.add.at(table, (data.labels_test, predicted), 1)
        limit = max(abs(W).max(), 1e-9)
        fill(sheets[0], W[:5] / limit)
        fill(sheets[1], W[5:] / limit)

        own = a[np.arange(len(a)), data.labels_test]
        order = np.argsort(own, kind="stable")[:WORST]
        fill(worst_picture, 2 * data.X_test[order] - 1)
        for caption, i in zip(captions, order, strict=True):
            caption.set_text(f"{data.labels_test[i]}, said {predicted[i]}")
        right.set_sizes(np.diag(table) * 6.0)
        wrong.set_sizes(table[pairs[:, 1], pairs[:, 0]] * 6.0)

        train = accuracy(predict(weighted_inputs(data.X, W, b)), data.labels)
        test = accuracy(predicted, data.labels_test)
        mistakes = table - np.diag(np.diag(table))
        true, taken = np.unravel_index(mistakes.argmax(), mistakes.shape)
        sentence = (
            f"Steps {training.steps}, epochs {training.epochs}. Accuracy {live.number(100 * train, 1)} % on the "
            f"training digits, {live.number(100 * test, 1)} % on the test digits; test loss "
            f"{live.number(softmax_crossentropy(Z, Y_test))}."
        )
        if mistakes.any():
            sentence += f" Most often confused: {true} taken for {taken}, {mistakes.max()} times."
        return sentence + f" Worst: a {data.labels_test[order[0]]} with the probability {live.number(own[order[0]])}."

    buttons = [
        live.button("Step", step),
        live.button("Epoch", lambda: epochs(1)),
        live.button("10 epochs", lambda: epochs(10)),
        live.button("Reset", training.reset),
    ]
    moving = [*sheets, worst_picture, *captions, right, wrong]
    return live.Explorer("digits", fig, [buttons, [rate], [size]], moving, update)


def sheet(ax, count, cmap):
    """Room for a row of pictures of 8 × 8 pixels, values -1 to 1, with a gap around each."""
    ax.axis("off")
    ax.set(xlim=(-0.5, 9 * count + 0.5), ylim=(9.5, -0.5), aspect="equal")
    tiles = painting.Tiles(ax, cmap, -1, 1)
    tiles.values = np.full((10, 9 * count + 1), np.nan)
    return tiles


def fill(tiles, pictures):
    """Put pictures, shape (count, 64), into a `sheet`."""
    for k, picture in enumerate(pictures):
        tiles.values[1:9, 9 * k + 1 : 9 * k + 9] = picture.reshape(8, 8)
