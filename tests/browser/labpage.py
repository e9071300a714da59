"""A JupyterLab as `make lab` starts it, and a notebook open in it."""

import contextlib
import itertools
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest
from playwright.sync_api import sync_playwright

from driving import NOTHING_TO_GRAB

ROOT = pathlib.Path(__file__).resolve().parents[2]
QUIET = ("quic", "background-networking", "component-update", "sync")
CHROMIUM_OPTIONS = ["--no-sandbox", "--disable-gpu", "--no-first-run", *(f"--disable-{what}" for what in QUIET)]
PROMPT = ".jp-CodeCell .jp-InputPrompt"
CURSOR = "([x, y]) => document.elementFromPoint(x, y)?.style.cursor"
SETTINGS = {  # every cell is really in the page, in sight or not; the theme is the one that the page asks for
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/themes": {"adaptive-theme": True},
}


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
    command += [f"--config={ROOT / 'binder' / 'jupyter_server_config.py'}"]
    environment = {**os.environ, "JUPYTER_CONFIG_DIR": str(state / "own")}
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


def answers(url):
    """Whether a server answers."""
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
        return True
    return False


@contextlib.contextmanager
def system_chromium(*options):
    """The system's Chromium, driven by Playwright."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("this test needs Chromium; on Debian and Ubuntu: sudo apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_OPTIONS, *options])
        yield browser
        browser.close()


def wait_for(condition, seconds, otherwise):
    """Wait until a condition is true; after that time fail with the sentence that `otherwise` returns."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            pytest.fail(otherwise())
        time.sleep(0.05)


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page, address, path):
        self.page, self.problems = page, []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(f"{address}/lab/tree/{path}?reset")
        self.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.panel.locator(".jp-Cell").first.wait_for(timeout=90_000)
        page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for(timeout=90_000)

    def begin(self):
        """Give the command that runs all cells."""
        self.page.get_by_role("menuitem", name="Run", exact=True).click()
        self.page.get_by_role("menuitem", name="Run All Cells", exact=True).click()

    def run_all(self):
        """Run all cells and wait until no prompt shows a star."""
        self.begin()
        prompts = self.panel.locator(PROMPT)
        waiting = {"[ ]:", "[*]:"}
        wait_for(
            lambda: not waiting & {text.strip() for text in prompts.all_inner_texts()},
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

    def press(self, explorer, key):
        """Focus the first slider, press a key and wait until picture and text have changed."""
        before = self.answer(explorer)
        explorer.locator(".widget-slider [role=slider]").first.focus()
        self.page.keyboard.press(key)
        wait_for(
            lambda: all(new != old for new, old in zip(self.answer(explorer), before, strict=True)),
            20,
            lambda: f"{key} changed nothing: {before[1]}",
        )

    def pull(self, explorer):
        """Pull the first slider with the mouse, and wait until picture and text have changed."""
        before, place = self.answer(explorer), explorer.locator(".noUi-base").first.bounding_box()
        self.page.mouse.move(place["x"] + 0.5 * place["width"], place["y"] + 1)
        self.page.mouse.down()
        self.page.mouse.move(place["x"] + 0.9 * place["width"], place["y"] + 1, steps=5)
        self.page.mouse.up()
        wait_for(
            lambda: all(new != old for new, old in zip(self.answer(explorer), before, strict=True)),
            20,
            lambda: f"the mouse changed nothing: {before[1]}",
        )

    def grab(self, explorer):
        """Pull the picture where the cursor becomes a hand, here and there, until it has changed."""
        picture = explorer.locator("img.widget-image")
        picture.scroll_into_view_if_needed()
        before, box = self.answer(explorer), picture.bounding_box()
        for x, y in itertools.product(range(10, int(box["width"]), 24), range(10, int(box["height"]), 12)):
            where = box["x"] + x, box["y"] + y
            self.page.mouse.move(*where)
            if self.page.evaluate(CURSOR, where) == "grab":
                self.page.mouse.down()
                self.page.mouse.move(where[0] + 40, where[1] - 30, steps=4)
                self.page.mouse.up()
                self.page.wait_for_timeout(300)
                if self.answer(explorer)[0] != before[0]:
                    return
        pytest.fail(f"nothing in the picture can be pulled: {before[1]}")

    def move(self, path):
        """Move every explorer of a lesson by key, by its slider and by its picture, and return them."""
        found = self.explorers() if calls(path) else []
        for explorer, name in zip(found, calls(path), strict=True):
            if explorer.locator(".widget-slider").count():
                self.press(explorer, "ArrowRight")
                self.press(explorer, "ArrowLeft")
                self.pull(explorer)
            if name not in NOTHING_TO_GRAB:
                self.grab(explorer)
            assert explorer.locator("[role=alert]").count() == 0
        return found


def calls(path):
    """The names of the explorers that a lesson shows."""
    cells = nbformat.read(path, as_version=4).cells
    return [name for cell in cells for name in re.findall(r"^explorers\.(\w+)\(", cell.source, re.MULTILINE)]


def write(course, name, cells):
    """A notebook of code cells beside the lessons."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    notebook.metadata.kernelspec = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    nbformat.write(notebook, course / "notebooks" / name)
    return f"notebooks/{name}"
