"""How fast the course is, beside others doing the same in the same run: `make bench`.

    python tests/benchmark.py [section ...]      sections: mathematics (all, if none is named)

Medians, taken in turns (ours, theirs, ours, …), so that a busy moment of the machine meets all alike. One BLAS thread.
Nothing here is a test: a slow run says so in the table and fails nothing.
"""

import os
import statistics
import sys
import timeit
from pathlib import Path

os.environ.update(OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", OMP_NUM_THREADS="1")  # before NumPy is imported
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

from helpers.cross_entropy import one_hot, softmax_crossentropy, softmax_crossentropy_grad
from helpers.softmax import softmax

SIZES = [(32, 3), (258, 3), (1797, 10), (60000, 10), (4096, 1000)]
TURN = 0.002  # seconds: a shorter call is repeated within its turn
TOTAL = 2.0  # seconds for all turns of a comparison, or 15 rounds where that takes longer


def medians(contestants):
    """Seconds per call of each function in a dictionary: medians over rounds in which each has its turn."""
    timers = {name: timeit.Timer(call) for name, call in contestants.items()}
    once = {name: min(timer.repeat(5, 1)) for name, timer in timers.items()}
    repeats = {name: max(1, round(TURN / once[name])) for name in timers}
    rounds = max(15, round(TOTAL / sum(once[name] * repeats[name] for name in timers)))
    seconds = {name: [] for name in timers}
    for _ in range(rounds):
        for name, timer in timers.items():
            seconds[name].append(timer.timeit(repeats[name]) / repeats[name])
    return {name: statistics.median(values) for name, values in seconds.items()}


def naive_softmax(z):
    """Equation (1) with the shift, as it is usually written."""
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def naive_loss_and_gradient(z, y):
    """Equations (4) and (8) through the activations: wrong where they underflow, no argument checked."""
    a = naive_softmax(z)
    return -(y * np.log(a)).sum(axis=-1).mean(), (a - y) / len(z)


def table(title, peer, bars, rows):
    """Print microseconds per call, and how many times as fast as the peer ours is beside what it should be."""
    print(f"\n{title}\n{'shape':>14} {'ours, us':>10} {peer + ', us':>14} {'naive, us':>10} {'ratio':>7}   bar")
    for shape, ours, theirs, naive in rows:
        print(
            f"{shape!s:>14} {ours:10.1f} {theirs:14.1f} {naive:10.1f} {theirs / ours:7.2f}   {bars.get(shape, 'none')}"
        )


def mathematics():
    """Softmax beside SciPy, the loss from scores and its gradient beside PyTorch, all in float64."""
    try:
        import scipy.special
        import torch
    except ImportError as missing:
        sys.exit(
            f"This benchmark compares with SciPy and PyTorch, and {missing.name} is not installed: run `make bench`."
        )
    torch.set_num_threads(1)
    print(
        f"Python {sys.version.split()[0]}, numpy {np.__version__}, scipy {scipy.__version__}, torch {torch.__version__}"
    )
    softmax_rows, loss_rows = [], []
    for N, m in SIZES:
        rng = np.random.default_rng(0)
        z, y = rng.normal(scale=3, size=(N, m)), one_hot(rng.integers(m, size=N), m)
        z_torch, y_torch = torch.tensor(z, requires_grad=True), torch.tensor(y)

        def ours(z=z, y=y):
            return softmax_crossentropy(z, y), softmax_crossentropy_grad(z, y)

        def pytorch(z=z_torch, y=y_torch):
            z.grad = None
            loss = torch.nn.functional.cross_entropy(z, y)
            loss.backward()
            return loss.item(), z.grad

        def naive(z=z, y=y):
            return naive_loss_and_gradient(z, y)

        np.testing.assert_allclose(softmax(z), scipy.special.softmax(z, axis=-1), rtol=1e-12)
        for result, expected in zip(ours(), pytorch(), strict=True):
            np.testing.assert_allclose(result, expected, rtol=1e-10, atol=1e-18)

        a = medians(
            {
                "ours": lambda z=z: softmax(z),
                "scipy": lambda z=z: scipy.special.softmax(z, axis=-1),
                "naive": lambda z=z: naive_softmax(z),
            }
        )
        softmax_rows.append(((N, m), *(1e6 * seconds for seconds in a.values())))
        loss = medians({"ours": ours, "torch": pytorch, "naive": naive})
        loss_rows.append(((N, m), *(1e6 * seconds for seconds in loss.values())))
    bars = {(32, 3): "1.5", (1797, 10): "2", (60000, 10): "2"}
    table("softmax", "scipy", bars, softmax_rows)
    bars = dict.fromkeys(SIZES[:4], "1, aim 2")
    table("loss from scores and its gradient, one after the other", "torch", bars, loss_rows)


SECTIONS = {"mathematics": mathematics}

if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(SECTIONS)
    if unknown:
        sys.exit(f"No section {', '.join(sorted(unknown))}; there are: {', '.join(SECTIONS)}")
    for section in sys.argv[1:] or SECTIONS:
        SECTIONS[section]()
