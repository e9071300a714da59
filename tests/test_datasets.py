"""The two data sets: sizes, split, standardisation, and single rows known from the sources."""

import dataclasses

import numpy as np
import pytest

from helpers.datasets import MEASUREMENTS, digits, penguins


def test_penguins_are_342_birds_of_three_species():
    birds = penguins()
    assert birds.class_names == ("Adelie", "Chinstrap", "Gentoo")
    assert birds.feature_names == ("bill length", "bill depth")
    assert (birds.X.shape, birds.X_test.shape) == ((258, 2), (84, 2))
    counts = np.bincount(np.concatenate([birds.labels, birds.labels_test]))
    assert counts.tolist() == [151, 68, 123]  # Palmer Archipelago: 152 Adélie and 124 Gentoo, one each not measured


def test_penguins_are_standardised_by_the_training_examples():
    birds = penguins(MEASUREMENTS)
    np.testing.assert_allclose(birds.std * birds.X[0] + birds.mean, [39.1, 18.7, 181, 3750], rtol=1e-12)
    np.testing.assert_allclose(birds.std * birds.X_test[0] + birds.mean, [39.5, 17.4, 186, 3800], rtol=1e-12)
    np.testing.assert_allclose(birds.X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(birds.X.std(axis=0), 1, rtol=1e-12)


def test_features_come_in_the_order_asked_for():
    birds, swapped, one = penguins(), penguins(["bill depth", "bill length"]), penguins("bill depth")
    np.testing.assert_allclose(swapped.X, birds.X[:, ::-1], atol=1e-12)
    np.testing.assert_allclose(swapped.mean, birds.mean[::-1], rtol=1e-12)
    np.testing.assert_allclose(one.X, birds.X[:, 1:], atol=1e-12)
    assert one.feature_names == ("bill depth",)


@pytest.mark.parametrize("features", [(), ("bill length", "bill length"), ("wing span",), "bill", (0, 1)])
def test_unknown_features_are_named(features):
    with pytest.raises(ValueError, match=r"^penguins: features is .*, expected some of \('bill len.*, each once$"):
        penguins(features)


def test_digits_are_1797_pictures_of_grey_levels_from_0_to_1():
    data = digits()
    assert data.class_names == tuple("0123456789")
    assert (data.X.shape, data.X_test.shape) == ((1352, 64), (445, 64))
    counts = np.bincount(np.concatenate([data.labels, data.labels_test]))
    assert counts.tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # as documented by UCI's test set
    for X in (data.X, data.X_test):
        assert (X.min(), X.max()) == (0, 1)
        np.testing.assert_array_equal(16 * X, np.round(16 * X))


def test_the_first_digit_is_a_zero():
    data = digits()
    assert data.labels[0] == 0
    picture = (data.std * data.X[0] + data.mean).reshape(8, 8)
    assert picture[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert picture[7].tolist() == [0, 0, 6, 13, 10, 0, 0, 0]
    assert data.feature_names[1] == "pixel (0, 1)"
    assert data.feature_names[63:] == ("pixel (7, 7)",)


@pytest.mark.parametrize("load", [penguins, digits])
def test_the_split_is_fixed_and_holds_every_class_in_like_shares(load):
    first, again = load(), load()
    for field in dataclasses.fields(first):
        np.testing.assert_array_equal(getattr(first, field.name), getattr(again, field.name))
    train, test = np.bincount(first.labels), np.bincount(first.labels_test)
    np.testing.assert_allclose(test / (train + test), 0.25, atol=0.02)
    for X, labels in ((first.X, first.labels), (first.X_test, first.labels_test)):
        assert labels.dtype.kind == "i"
        assert labels.shape == (len(X),)
    assert not {row.tobytes() for row in digits().X} & {row.tobytes() for row in digits().X_test}
