"""One JupyterLab and one Chromium for all browser tests; every test gets its own page."""

import shutil

import pytest

from labpage import ROOT, Notebook, jupyterlab, system_chromium


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the course: what the browser saves does not reach the repository."""
    folder = tmp_path_factory.mktemp("course")
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("helpers", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    return folder


@pytest.fixture(scope="session")
def lab(course, tmp_path_factory):
    """The address of a JupyterLab over the copy."""
    with jupyterlab(course, tmp_path_factory.mktemp("lab")) as address:
        yield address


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium, driven by Playwright."""
    with system_chromium() as browser:
        yield browser


@pytest.fixture
def open_notebook(lab, chromium):
    """A function that opens a notebook by its path in the course."""
    pages = []

    def open_it(path):
        page = chromium.new_page(viewport={"width": 1280, "height": 1000})
        pages.append(page)
        return Notebook(page, lab, path)

    yield open_it
    for page in pages:
        page.close()
