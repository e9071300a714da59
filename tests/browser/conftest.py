"""One JupyterLab and one Chromium for all browser tests; every test gets its own page."""

import contextlib
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SETTINGS = {  # every cell is really in the page, in sight or not; the theme is the one that the page asks for
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/themes": {"adaptive-theme": True},
}


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A copy of the course: what the browser saves does not reach the repository."""
    folder = tmp_path_factory.mktemp("course")
    ignore = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("helpers", "notebooks"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignore)
    return folder


@contextlib.contextmanager
def jupyterlab(course, state):
    """The address of a JupyterLab over the folder `course`, started as `make lab` does; it writes to `state`."""
    for name, values in SETTINGS.items():
        path = state / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(values))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"]
    command += ["--ServerApp.port_retries=0", "--IdentityProvider.token=", "--ServerApp.password="]
    command += [f"--ServerApp.root_dir={course}", f"--LabApp.workspaces_dir={state / 'workspaces'}"]
    command += [f"--LabApp.user_settings_dir={state / 'settings'}"]
    environment = {**os.environ, "JUPYTER_CONFIG_PATH": str(ROOT / "binder"), "JUPYTER_CONFIG_DIR": str(state / "own")}
    log = state / "lab.log"
    with open(log, "w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, env=environment)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{address}/api/status"), 90, lambda: f"JupyterLab did not start:\n{log.read_text()}")
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="session")
def lab(course, tmp_path_factory):
    """The address of a JupyterLab over the copy."""
    with jupyterlab(course, tmp_path_factory.mktemp("lab")) as address:
        yield address


def answers(url):
    """Whether a server answers."""
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except OSError:
        return False


def wait_for(condition, seconds, otherwise):
    """Wait until a condition is true; after that time fail with the sentence that `otherwise` returns."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(otherwise())
        time.sleep(0.05)


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium, driven by Playwright."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("the browser tests need Chromium: apt-get install chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        pytest.fail("the browser tests need Playwright: pip install -r tests/browser-requirements.txt")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page, address, path):
        self.page, self.problems = page, []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(f"{address}/lab/tree/{path}?reset")
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.panel.locator(".jp-Cell").first.wait_for(timeout=90_000)
        page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)

    def run_all(self):
        """Run all cells and wait until no prompt shows a star."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        prompts = self.panel.locator(".jp-CodeCell .jp-InputPrompt")
        wait_for(
            lambda: all(text.strip() not in ("[ ]:", "[*]:") for text in prompts.all_inner_texts()),
            240,
            lambda: f"cells still run: {prompts.all_inner_texts()}",
        )

    def errors(self):
        """The messages of cells that failed."""
        return self.panel.locator("[data-mime-type='application/vnd.jupyter.error']").all_inner_texts()

    def explorers(self):
        """The explorers on the page, from above."""
        self.panel.locator("img.widget-image").first.wait_for(timeout=60_000)
        found = self.panel.locator(".jp-OutputArea-output", has=self.page.locator("img.widget-image"))
        return [found.nth(i) for i in range(found.count())]

    def answer(self, explorer):
        """The address of the picture and the text below it."""
        return explorer.locator("img.widget-image").get_attribute("src"), explorer.locator("[role=status]").inner_text()

    def press(self, explorer, key, slider=0):
        """Focus a slider, press a key and wait until picture and text have changed."""
        before = self.answer(explorer)
        explorer.locator(".widget-slider [role=slider]").nth(slider).focus()
        self.page.keyboard.press(key)
        wait_for(
            lambda: all(new != old for new, old in zip(self.answer(explorer), before, strict=True)),
            20,
            lambda: f"{key} changed nothing: {before[1]}",
        )


def write(course, name, cells):
    """A notebook of code cells beside the lessons."""
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    content = {
        "cells": [
            {"cell_type": "code", "id": f"c{i}", "metadata": {}, "source": cell, "execution_count": None, "outputs": []}
            for i, cell in enumerate(cells)
        ],
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (course / "notebooks" / name).write_text(json.dumps(content))
    return f"notebooks/{name}"


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
