"""The environment check is silent when all is well and names everything that is not."""

import importlib.metadata
import pathlib

import pytest

from helpers import environment

NOTEBOOKS = pathlib.Path(__file__).parent.parent / "notebooks"
FINE = {"numpy": "2.4.6", "matplotlib": "3.11.2", "ipywidgets": "8.1.9", "ipykernel": "7.4.0"}


def problems(python=(3, 11), versions=FINE, folder=NOTEBOOKS):
    def version(package):
        if package not in versions:
            raise importlib.metadata.PackageNotFoundError(package)
        return versions[package]

    return environment.problems(python, version, folder)


def test_nothing_is_wrong_here(capsys, monkeypatch):
    monkeypatch.chdir(NOTEBOOKS)
    assert environment.problems() == []
    environment.check()
    assert capsys.readouterr().out.startswith("All is well")


def test_old_python_is_named():
    assert problems(python=(3, 10, 4)) == ["Python is 3.10, but the course needs 3.11 or newer."]


@pytest.mark.parametrize("package", FINE)
def test_missing_package_is_named(package):
    (sentence,) = problems(versions={name: version for name, version in FINE.items() if name != package})
    assert sentence.startswith(f"{package} is not installed")


def test_old_package_is_named_with_both_versions():
    (sentence,) = problems(versions={**FINE, "numpy": "1.26.4"})
    assert sentence == "numpy is 1.26.4, but the course needs 2.0 or newer."


@pytest.mark.parametrize("version, wrong", [("6.30.1", False), ("7.0.0", True), ("7.0.1", True), ("7.1.0", False)])
def test_kernel_that_forgets_print_settings_is_named(version, wrong):
    assert [
        f"ipykernel is {version}, which forgets" in sentence
        for sentence in problems(versions={**FINE, "ipykernel": version})
    ] == [True] * wrong


def test_two_digit_minor_versions_compare_as_numbers():
    assert problems(versions={**FINE, "matplotlib": "3.10.0"}) == []


def test_notebook_away_from_its_helpers_is_named(tmp_path, capsys, monkeypatch):
    (sentence,) = problems(folder=tmp_path / "notebooks")
    assert "helpers/ is not beside" in sentence
    monkeypatch.chdir(tmp_path)
    environment.check()
    out = capsys.readouterr().out
    assert "helpers/" in out and environment.REPAIR in out
