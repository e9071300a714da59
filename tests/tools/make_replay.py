"""Writes helpers/data/replay.csv: W and b at some steps of a training run on the penguins.

    python tests/tools/make_replay.py

The training player runs with a right answer to the homework, its learning rate and its random batches of 32.
"""

import csv
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from answers import RIGHT
from helpers import explorers
from helpers.datasets import DATA

MOMENTS = [0, 1, 2, 3, 5, 8, 12, 16, 20, 30, 40, 50, 70, 100, 140, 200, 280, 400, 500, 650, 800, 1000, 1300, 1600, 2000]
HEADER = ["step", "w_11", "w_12", "w_21", "w_22", "w_31", "w_32", "b_1", "b_2", "b_3"]


def run():
    """The step and the nine parameters at every moment."""
    (sgd_step,) = [answer.function for answer in RIGHT if answer.id == "sgd_step-ok_s"]
    player = explorers.training_player(sgd_step)
    for moment in MOMENTS:
        player.step(moment - player.steps)
        yield [moment, *player.path[-1].tolist()]
    player.close()


if __name__ == "__main__":
    with open(DATA / "replay.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADER, *run()])
