"""How fast the explorers answer, beside a new figure for every move: python tests/benchmark_explorers.py [--browser]

Both sides draw the same picture of the same size in the same run. "naive" is what `interact` does: build the figure
again and let matplotlib encode it. With --browser, the time from a key press to new pixels in JupyterLab, beside
`interact` and beside a widget that draws nothing, and the pictures per second while an arrow key is held down.
"""

import os
import pathlib
import statistics
import sys
import time
from functools import cache
from unittest import mock

os.environ.update(OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", OMP_NUM_THREADS="1")  # before NumPy is imported
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import io

from driving import BUILDERS, control, move
from helpers import datasets, figures, live

MOVES = 21
CONSTRUCTORS = ("slider", "whole_slider", "choice", "menu", "button")


def seconds(action):
    """How long a call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def moves(explorer):
    """Every slider dragged from end to end, each move a call; where there is no slider, presses of Step."""
    sliders = [control for control in explorer.controls if hasattr(control, "readout_format")]
    if not sliders:
        return [control(explorer, "Step").click] * MOVES
    calls = []
    for slider in sliders:
        for i in range(MOVES):
            value = slider.min + i / (MOVES - 1) * (slider.max - slider.min)
            calls.append(lambda slider=slider, value=value: move(slider, value))
    return calls


class NewFigure:
    """In the place of `live.Explorer`: everything that was built is drawn once and encoded by matplotlib."""

    def __init__(self, name, fig, rows, moving, update):
        fig.set_dpi(figures.PIXELS_PER_INCH)
        update()
        fig.savefig(io.BytesIO(), format="png", dpi=figures.PIXELS_PER_INCH)


def naive(build):
    """Seconds for a new figure of the explorer's picture; its widgets and reading its data do not count."""
    spent = []

    def timed(constructor):
        def construct(*args, **options):
            start = time.perf_counter()
            made = constructor(*args, **options)
            spent.append(time.perf_counter() - start)
            return made

        return construct

    constructors = {name: timed(getattr(live, name)) for name in CONSTRUCTORS}
    with mock.patch.multiple(live, Explorer=NewFigure, **constructors):
        return seconds(build) - sum(spent)


def callbacks():
    """The table of the callbacks: medians in turns, so that a busy moment meets both sides."""
    print(f"{'explorer':32}{'callback, ms':>14}{'new figure, ms':>16}{'times faster':>14}")
    with mock.patch.object(datasets, "read", cache(datasets.read)):
        for name, build in BUILDERS.items():
            explorer = build()
            calls = moves(explorer)
            ours, theirs = [], []
            for i, call in enumerate(calls):
                ours.append(seconds(call))
                if i % (len(calls) // 7) == 0:
                    theirs.append(naive(build))
            explorer.close()
            own, new = 1000 * statistics.median(ours), 1000 * statistics.median(theirs)
            print(f"{name:32}{own:14.1f}{new:16.0f}{new / own:14.1f}", flush=True)


if __name__ == "__main__":
    callbacks()
