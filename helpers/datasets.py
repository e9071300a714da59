"""The two data sets of the course, read from helpers/data/ (sources and licences: the README there). No network."""

import csv
import pathlib
from dataclasses import dataclass

import numpy as np

DATA = pathlib.Path(__file__).parent / "data"
MEASUREMENTS = ("bill length", "bill depth", "flipper length", "body mass")


@dataclass(frozen=True)
class Dataset:
    """Features and class numbers, split once and for all into training and test examples.

    Attributes
    ----------
    X, X_test : arrays, shape (N, n)
        Features, one row per example.
    labels, labels_test : arrays of integers, shape (N,)
        Class numbers 0 ... m-1.
    class_names, feature_names : tuples of str
        The m classes and the n features.
    mean, std : arrays, shape (n,)
        A feature in its own unit is std * X + mean.
    """

    X: np.ndarray
    labels: np.ndarray
    X_test: np.ndarray
    labels_test: np.ndarray
    class_names: tuple
    feature_names: tuple
    mean: np.ndarray
    std: np.ndarray


def read(name):
    """Which rows are for training, the classes as strings, and the numbers of a file in helpers/data/."""
    with open(DATA / name, encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    train = np.array([row[0] == "train" for row in rows])
    return train, np.array([row[1] for row in rows]), np.array([row[2:] for row in rows], dtype=float)


def penguins(features=("bill length", "bill depth")):
    """Palmer penguins: 342 birds of three species, with up to four measurements.

    Parameters
    ----------
    features : sequence of str
        Some of "bill length", "bill depth", "flipper length" (mm) and "body mass" (g); others are a ValueError.

    Returns
    -------
    Dataset
        258 training and 84 test examples, m = 3. Each feature is standardised: minus the mean of the training
        examples, divided by their standard deviation.
    """
    features = (features,) if isinstance(features, str) else tuple(features)
    if not features or len(set(features)) != len(features) or not set(features) <= set(MEASUREMENTS):
        raise ValueError(f"penguins: features is {features}, expected some of {MEASUREMENTS}, each once")
    train, species, X = read("penguins.csv")
    X = X[:, [MEASUREMENTS.index(feature) for feature in features]]
    mean, std = X[train].mean(axis=0), X[train].std(axis=0)
    X = (X - mean) / std
    class_names, labels = np.unique(species, return_inverse=True)
    names = tuple(class_names.tolist())
    return Dataset(X[train], labels[train], X[~train], labels[~train], names, features, mean, std)


def digits():
    """Handwritten digits from UCI: 1,797 pictures of 8 × 8 pixels.

    Returns
    -------
    Dataset
        1,352 training and 445 test examples, n = 64, m = 10. The 17 grey levels are scaled to 0 (white) ... 1 (black);
        row i of X, reshaped to (8, 8), is picture i.
    """
    train, digit, X = read("digits.csv")
    labels = digit.astype(int)
    names = tuple(str(number) for number in range(10))
    pixels = tuple(f"pixel ({row}, {column})" for row in range(8) for column in range(8))
    mean, std = np.zeros(64), np.full(64, 16.0)
    return Dataset(X[train] / 16, labels[train], X[~train] / 16, labels[~train], names, pixels, mean, std)
