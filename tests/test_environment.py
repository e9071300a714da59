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


@pytest.mark.parametrize("package", FINE)
def test_missing_package_is_named(package):
    (sentence,) = problems(versions={name: version for name, version in FINE.items() if name != package})
    assert sentence.startswith(f"{package} is not installed")


def test_old_versions_are_named_and_compared_as_numbers():
    assert problems(python=(3, 10, 4)) == ["Python is 3.10, but the course needs 3.11 or newer."]
    sentence = "numpy is 1.26.4, but the course needs 2.0 or newer."
    assert problems(versions={**FINE, "numpy": "1.26.4", "matplotlib": "3.10.0"}) == [sentence]


@pytest.mark.parametrize("version, wrong", [("6.30.1", 0), ("7.0.0", 1), ("7.0.1", 1), ("7.1.0", 0)])
def test_kernel_that_forgets_print_settings_is_named(version, wrong):
    found = problems(versions={**FINE, "ipykernel": version})
    assert [f"ipykernel is {version}, which forgets" in sentence for sentence in found] == [True] * wrong


def test_notebook_away_from_its_helpers_is_named(tmp_path, capsys, monkeypatch):
    (sentence,) = problems(folder=tmp_path / "notebooks")
    assert "helpers/ is not beside" in sentence
    monkeypatch.chdir(tmp_path)
    environment.check()
    out = capsys.readouterr().out
    assert "helpers/" in out and environment.REPAIR in out
