"""One figure that stays, redrawn fast inside a widget: what all explorers have in common.

A new figure for every move of a slider takes about 200 ms, and most of that goes into ticks, labels and legends, which
do not move. So the figure is drawn once without the artists that move (matplotlib calls them "animated") and kept as
a background. A move restores the background, draws the moving artists over it and sends the pixels as a PNG.
Everything happens inside the slider's own callback: while it runs, the browser waits and merges further moves, so a
fast drag builds up no queue. A thread or a timer here would bring the queue back.
"""

import base64
import html
import pathlib
import struct
import sys
import traceback
import zlib

import ipywidgets
import numpy as np
import traitlets
from IPython import get_ipython

from helpers import figures, painting

HELPERS = str(pathlib.Path(__file__).parent)
WIDTH = "864px"  # 9 inches, the width of a notebook
LABEL, NARROWEST = "185px", "370px"
HALF = {  # two controls in a row, aligned, where there is room for two
    "style": {"description_width": LABEL},
    "layout": {"width": "calc(50% - 4px)", "min_width": NARROWEST},
}


def slider(label, low, high, step, value, digits=1):
    """A slider; `label` names the quantity and its symbol."""
    return ipywidgets.FloatSlider(
        min=low,
        max=high,
        step=step,
        value=value,
        description=label,
        readout_format=f".{digits}f",
        **HALF,
    )


def whole_slider(label, low, high, value):
    """A slider over whole numbers."""
    return ipywidgets.IntSlider(
        min=low,
        max=high,
        value=value,
        description=label,
        **HALF,
    )


def choice(label, options, value):
    """One button per option, one of them pressed; `options` are names or pairs (name, value)."""
    return ipywidgets.ToggleButtons(
        options=options,
        value=value,
        description=label,
        style={"description_width": LABEL, "button_width": "initial"},
        layout={"width": "auto", "min_width": NARROWEST, "display": "flex", "grid_gap": "8px"},
    )


def menu(label, options, value):
    """A drop-down list, for more options than fit in a row of buttons."""
    return ipywidgets.Dropdown(
        options=options,
        value=value,
        description=label,
        **HALF,
    )


def button(label, action):
    """A button; `action` is called without arguments, then the explorer updates."""
    made = ipywidgets.Button(description=label, layout={"width": "auto"})
    made.action = action
    return made


def number(value, digits=3):
    """A number as the explorers print it, with a fixed number of digits, and words for what is no number."""
    value = float(value)
    if not np.isfinite(value):
        return "undefined" if np.isnan(value) else "∞" if value > 0 else "−∞"
    return figures.signed(value, digits)


def plain(value):
    """Three decimals where they say something, else a power of ten."""
    if value == 0 or not np.isfinite(value) or 1e-3 <= abs(value) < 1000:
        return number(value)
    digits, power = f"{value:.1e}".split("e")
    return f"{digits.replace('-', '−')}·10" + str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def numbers(values, digits=3):
    """A vector as the explorers print it."""
    return "(" + ", ".join(number(value, digits) for value in values) + ")"


def png(pixels, level=1):
    """PNG bytes of RGBA pixels, shape (height, width, 4).

    matplotlib's own encoder looks for the smallest file. Here each row is stored as its difference from the row
    above (PNG's filter 2), which makes most bytes 0, and then the quickest compression is small enough.
    """
    height, width, _ = pixels.shape
    flat = pixels.reshape(height, 4 * width)
    rows = np.empty((height, 1 + 4 * width), dtype=np.uint8)
    rows[:, 0] = 2
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)  # 8 bits for each of red, green, blue, alpha
    body = zlib.compress(rows, level)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def explain(problem):
    """An exception in one line: its type, its message, and the line of the student's code where there is one."""
    frames = traceback.extract_tb(problem.__traceback__)
    own = [frame for frame in frames if not frame.filename.startswith((HELPERS, sys.prefix, sys.base_prefix, "<"))]
    place = f" (in {own[-1].name}, line {own[-1].lineno}: {own[-1].line})" if own else ""
    return f"{type(problem).__name__}: {problem}{place}"


def parts(widget):
    """A widget and the widgets it is made of: its children, layout and style."""
    yield widget
    for part in (*getattr(widget, "children", ()), widget.layout, getattr(widget, "style", None)):
        if isinstance(part, ipywidgets.DOMWidget):
            yield from parts(part)
        elif part is not None:
            yield part


class Picture(ipywidgets.Image):
    """A picture with words for a screen reader: its tooltip.

    ipywidgets shows the tooltip only of a widget that has a `description`, and its own `Image` has none.
    """

    description = traitlets.Unicode("").tag(sync=True)


class Explorer:
    """Controls, a picture that answers them, and a line of text that says what the picture shows.

    Parameters
    ----------
    name : str
        For its `repr`.
    fig : Figure
        Drawn for the Agg canvas, as `figures.subplots` makes it.
    rows : list of lists of widgets
        The controls, row by row.
    moving : list of artists
        What `update` changes, in the order of drawing. When `update` changes another artist, everything is redrawn.
    update : callable
        Called without arguments after every move; moves the artists and returns the line of text.
    """

    def __init__(self, name, fig, rows, moving, update):
        """Build the widgets, draw for the first time, and listen to every control."""
        self.name, self.fig, self.moving, self.update = name, fig, moving, update
        self.controls = [control for row in rows for control in row]
        self.picture = Picture(
            format="png",
            tooltip="The picture that the text below describes",
            layout={"max_width": "100%", "width": WIDTH},
        )
        self.text = ipywidgets.HTML(layout={"max_width": WIDTH})
        wrap = {"flex_flow": "row wrap", "width": "100%", "max_width": WIDTH}
        boxes = [ipywidgets.HBox(row, layout=wrap) for row in rows]
        self.widget = ipywidgets.VBox([*boxes, self.picture, self.text])
        fig.set_dpi(figures.PIXELS_PER_INCH)
        for artist in moving:
            artist.set_animated(True)
        self.answering = False
        self.say(update())
        self.draw()
        fig.set_layout_engine("none")  # the axes have found their places and stay there
        for control in self.controls:
            control.tooltip = control.tooltip or ""  # without one, ipywidgets shows "null" over the label
            if isinstance(control, ipywidgets.Button):
                control.on_click(lambda pressed: self.answer(pressed.action))
            else:
                control.observe(lambda change: self.answer(), "value")
        keep_one_run_per_cell(self)

    def answer(self, action=None):
        """Do what a button asks for, update the picture and the text; an exception becomes the text."""
        if self.answering:  # an action or an update may move controls: they are all answered once, here
            return
        self.answering = True
        try:
            if action is not None:
                action()
            sentence = self.update()
            self.draw()
            self.say(sentence)
        except (Exception, KeyboardInterrupt, SystemExit) as problem:  # ipywidgets would swallow it
            self.fail(explain(problem))
        finally:
            self.answering = False

    def draw(self):
        """Draw the moving artists over the background, and the background too where it is no longer true."""
        canvas = self.fig.canvas
        if self.fig.stale:  # matplotlib sets this when an artist changes that is not among the moving ones
            canvas.draw()
            self.background = canvas.copy_from_bbox(self.fig.bbox)
        canvas.restore_region(self.background)
        renderer = canvas.get_renderer()
        for artist in self.moving:
            painting.draw(artist, renderer)
        self.picture.value = png(np.asarray(canvas.buffer_rgba()))

    def say(self, sentence):
        """Show the line of text; `role="status"` makes a screen reader speak it."""
        self.sentence = sentence
        self.text.value = (
            '<div role="status" aria-live="polite" style="line-height: 1.5; min-height: 4.5em; white-space: normal">'
            f"{html.escape(sentence)}</div>"
        )

    def fail(self, message):
        """Show an error in place of the text, and stop what plays."""
        for control in self.controls:
            if isinstance(control, ipywidgets.Play):
                control.playing = False
        self.text.value = (
            '<div role="alert" style="line-height: 1.5; min-height: 4.5em; white-space: pre-wrap; padding: 4px 8px; '
            f'color: #7A1F00; background: #FDEBE3; border-left: 4px solid #D55E00">⚠ {html.escape(message)}</div>'
        )

    def close(self):
        """Give everything back: widgets, callbacks, figure."""
        for part in list(parts(self.widget)):
            part.unobserve_all()
            part.close()
        self.fig = self.update = self.background = None
        self.moving, self.controls = [], []

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The widget for a running notebook; picture and text for a page without a kernel."""
        if self.fig is None:
            return {"text/plain": repr(self)}, {}
        pixels = np.asarray(self.fig.canvas.buffer_rgba())
        picture = base64.b64encode(png(pixels, level=9)).decode()
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        data = {
            "application/vnd.jupyter.widget-view+json": view,
            "image/png": picture,
            "text/plain": self.sentence,
        }
        height, width, _ = pixels.shape
        return data, {"image/png": {"alt": self.sentence, "width": width, "height": height}}

    def __repr__(self):
        return f"<explorer {self.name}{' (closed)' if self.fig is None else ''}>"


runs = {}  # per notebook cell: its latest run and the explorers which that run built


def running_cell():
    """The notebook cell that is running and its run, each None where there is no such thing."""
    message = getattr(get_ipython(), "get_parent", dict)()
    return message.get("metadata", {}).get("cellId"), message.get("header", {}).get("msg_id")


def keep_one_run_per_cell(explorer):
    """Close what an earlier run of the same cell built: its view is gone, and nobody else would."""
    cell, run = running_cell()
    if cell is None:
        return
    latest, built = runs.get(cell, (None, []))
    if latest != run:
        for earlier in built:
            earlier.close()
        built = []
    runs[cell] = (run, [*built, explorer])
