"""How fast the mathematics is, beside SciPy and PyTorch doing the same in the same run: `make bench`.

Medians, taken in turns (ours, theirs, ours, ...), so that a busy moment of the machine meets both alike. One thread.
"""

import os
import statistics
import sys
import timeit
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", OMP_NUM_THREADS="1")  # before NumPy is imported
sys.path.insert(0, str(Path(__file__).parents[2]))

import numpy as np
import scipy.special
import torch

from helpers import datasets
from helpers.cross_entropy import one_hot, softmax_crossentropy, softmax_crossentropy_grad
from helpers.network import accuracy, predict, weighted_inputs
from helpers.softmax import softmax

SIZES = [(32, 3), (258, 3), (1797, 10), (60000, 10), (4096, 1000)]
BARS = {(32, 3): 1.0, (258, 3): 0.9, (1797, 10): 0.9, (60000, 10): 0.9}  # how many times as fast as the other
DIGITS, RATE = datasets.digits(), 0.5
TURN, TOTAL = 0.002, 2.0  # seconds: a shorter call is repeated within its turn; for all turns, or else 15 rounds


def medians(*contestants):
    """Seconds per call of each function: medians over rounds in which each has its turn."""
    timers = [timeit.Timer(call) for call in contestants]
    once = [min(timer.repeat(5, 1)) for timer in timers]
    repeats = [max(1, round(TURN / seconds)) for seconds in once]
    rounds = max(15, round(TOTAL / np.dot(once, repeats)))
    turns = [[timer.timeit(n) / n for timer, n in zip(timers, repeats, strict=True)] for _ in range(rounds)]
    return [statistics.median(seconds) for seconds in zip(*turns, strict=True)]


def report(what, other, calls, bar):
    """One line: microseconds per call, and how many times as fast ours is, beside what it should be."""
    ours, theirs = medians(*calls)
    verdict = "" if bar is None else f"bar {bar:.1f}" + (" MISSED" if theirs / ours < bar else "")
    print(f"{what:32} ours {1e6 * ours:10.1f}  {other:8} {1e6 * theirs:10.1f}  {theirs / ours:6.2f}  {verdict}")


def mathematics(N, m):
    """Softmax beside SciPy; the loss from scores, then its gradient, beside PyTorch eager. All in float64."""
    rng = np.random.default_rng(0)
    z, y = rng.normal(scale=3, size=(N, m)), one_hot(rng.integers(m, size=N), m)
    z_torch, y_torch = torch.tensor(z, requires_grad=True), torch.tensor(y)

    def pytorch():
        z_torch.grad = None
        loss = torch.nn.functional.cross_entropy(z_torch, y_torch)
        loss.backward()
        return loss.item(), z_torch.grad

    softmaxes = lambda: softmax(z), lambda: scipy.special.softmax(z, axis=-1)
    losses = lambda: (softmax_crossentropy(z, y), softmax_crossentropy_grad(z, y)), pytorch
    for ours, theirs in (softmaxes, losses):
        for result, expected in zip(ours(), theirs(), strict=True):
            np.testing.assert_allclose(result, expected, rtol=1e-10, atol=1e-15)
    report(f"softmax {N, m}", "SciPy", softmaxes, BARS.get((N, m)))
    report(f"loss and gradient {N, m}", "PyTorch", losses, BARS.get((N, m)))


def epoch(rng):
    """The rows of shuffled mini-batches of 32."""
    return np.split(rng.permutation(len(DIGITS.X)), range(32, len(DIGITS.X), 32))


def train_numpy():
    """A student's plain step on the digits, until 97 % are right."""
    X, Y, W, b, rng = DIGITS.X, one_hot(DIGITS.labels, 10), np.zeros((10, 64)), np.zeros(10), np.random.default_rng(0)
    while accuracy(predict(weighted_inputs(X, W, b)), DIGITS.labels) < 0.97:
        for rows in epoch(rng):
            error = (softmax(weighted_inputs(X[rows], W, b)) - Y[rows]) / len(rows)
            W, b = W - RATE * error.T @ X[rows], b - RATE * error.sum(axis=0)


def train_pytorch():
    """The same in PyTorch eager: a Linear layer, cross_entropy and SGD, in its own float32."""
    X, labels, layer = torch.tensor(DIGITS.X, dtype=torch.float32), torch.tensor(DIGITS.labels), torch.nn.Linear(64, 10)
    optimizer, rng = torch.optim.SGD(layer.parameters(), lr=RATE), np.random.default_rng(0)
    while (layer(X).argmax(dim=1) == labels).float().mean() < 0.97:
        for rows in epoch(rng):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(layer(X[rows]), labels[rows]).backward()
            optimizer.step()


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"NumPy {np.__version__}, SciPy {scipy.__version__}, PyTorch {torch.__version__}; microseconds, ratio, bar")
    for N, m in SIZES:
        mathematics(N, m)
    report("training the digits to 97 %", "PyTorch", (train_numpy, train_pytorch), 10)
