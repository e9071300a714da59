"""The built site on a local server, and a lesson open in it."""

import contextlib
import functools
import http.server
import json
import pathlib
import threading

import nbformat

from labpage import PROMPT, SETTINGS, Notebook, wait_for

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Pages(http.server.SimpleHTTPRequestHandler):
    """The files of the site; only JupyterLab's settings are the tests', and the page can be asked what it holds."""

    def do_GET(self):
        if self.path.split("?")[0] != "/jupyter-lite.json":
            return super().do_GET()
        config = json.loads(pathlib.Path(self.directory, "jupyter-lite.json").read_text())
        settings = {":".join(name.rsplit("/", 1)): values for name, values in SETTINGS.items()}
        config["jupyter-config-data"]["settingsOverrides"].update(settings)
        config["jupyter-config-data"]["exposeAppInBrowser"] = True
        self.send_response(200)
        self.end_headers()
        return self.wfile.write(json.dumps(config).encode())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served(folder):
    """The address of a server over a folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Pages, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


class Lesson(Notebook):
    """A lesson that is open in the site, and the texts of the sign that Python starts."""

    def __init__(self, page, address, path):
        self.page, self.problems = page, []
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.goto(f"{address}/lab/index.html?path={path}")
        self.ready()

    def ready(self):
        """Wait until the lesson and Python are there; the sign is there at once, and may go before the lesson comes."""
        sign = self.page.locator("#python-starts")
        sign.wait_for(timeout=60_000)
        self.panel = self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)")
        self.panel.locator(".jp-Cell").first.wait_for(timeout=90_000)
        sign.wait_for(state="detached", timeout=120_000)

    def begin(self):
        """Give the command that runs all cells, until a cell has begun: in its first second JupyterLab loses it."""

        def begun():
            super(Lesson, self).begin()
            self.page.wait_for_timeout(1000)
            return {text.strip() for text in self.panel.locator(PROMPT).all_inner_texts()} != {"[ ]:"}

        wait_for(begun, 30, lambda: "no cell begins")

    def cells(self):
        """The cells as they are now, by their ids."""
        text = self.page.evaluate("JSON.stringify(jupyterapp.shell.currentWidget.context.model)")
        return {cell["id"]: cell for cell in nbformat.reads(text, as_version=4).cells}

    def put(self, words, source):
        """Write another source into the cell that holds some words, and run it and the cell below."""
        self.panel.locator(".jp-CodeCell .cm-content", has_text=words).first.click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(source)
        for _ in range(2):
            self.page.keyboard.press("Shift+Enter")
