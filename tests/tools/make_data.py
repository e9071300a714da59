"""Writes penguins.csv and digits.csv in helpers/data/, from the copies that two PyPI packages ship.

    pip install palmerpenguins==0.1.6 scikit-learn==1.9.1
    python tests/tools/make_data.py

The first column fixes the split: every class gives a quarter of its rows, drawn once with seed 0, to the test set.
"""

import csv
import pathlib

import numpy as np
import palmerpenguins
import sklearn.datasets

HERE = pathlib.Path(__file__).resolve().parents[2] / "helpers" / "data"
MEASUREMENTS = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"]


def split(labels):
    """The word train or test for every row, a quarter of each class for the test."""
    rng = np.random.default_rng(0)
    words = np.full(len(labels), "train")
    for label in np.unique(labels):
        rows = rng.permutation(np.flatnonzero(labels == label))
        words[rows[: len(rows) // 4]] = "test"
    return words


def write(name, header, labels, rows):
    """A CSV file with the split as its first column."""
    with open(HERE / name, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["set", *header])
        writer.writerows([word, *row] for word, row in zip(split(np.array(labels)), rows, strict=True))


table = palmerpenguins.load_penguins().dropna(subset=MEASUREMENTS)
species = table["species"].tolist()
write("penguins.csv", ["species", *MEASUREMENTS], species, table[["species", *MEASUREMENTS]].values.tolist())

digits = sklearn.datasets.load_digits()
pixels = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]
rows = [[label, *image] for label, image in zip(digits.target, digits.data.astype(int).tolist(), strict=True)]
write("digits.csv", ["digit", *pixels], digits.target, rows)
