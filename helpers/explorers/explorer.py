"""The mechanism: one figure that stays, redrawn fast inside a widget, its controls, and numbers in words.

Ticks, labels and legends take most of the time of a figure and do not move. So they are drawn once and kept as a
background; a move draws only the artists that move ("animated" to matplotlib) over it. It happens inside the slider's
own callback: while it runs, the browser merges further moves, so no queue builds up, as it would behind a timer.
"""

import base64
import html
import io
import types

import ipywidgets
import numpy as np
import traitlets
from IPython import get_ipython
from matplotlib.cbook import flatten
from PIL import Image

from helpers import figures
from helpers.exercises.calls import explain
from helpers.exercises.exercise import read
from helpers.explorers.hand import Hand, put

SPECIES = ("Adelie", "Chinstrap", "Gentoo")
INDEX = "₁₂₃"  # INDEX[k] belongs to class k, which the note counts as k + 1

WIDTH, LABEL = "864px", {"description_width": "185px"}  # 9 inches, the width of a notebook
HALF = {"width": "calc(50% - 4px)", "min_width": "370px"}  # two controls in a row, where there is room for two
ROOM = "line-height: 1.5; min-height: 4.5em; white-space: pre-wrap"
STATUS = f'<div role="status" aria-live="polite" style="{ROOM}">'  # a screen reader speaks what comes in here
WARNING = "padding: 4px 8px; color: #7A1F00; background: #FDEBE3; border-left: 4px solid #D55E00"
ALERT = f'<div role="alert" style="{ROOM}; {WARNING}">⚠ '


class Explorer:
    """Controls, a picture that answers them, and a sentence that says what the picture shows.

    An explorer is a subclass with up to three methods of its own; what they share, they keep in `self`.

    build()
        Makes the controls and draws the figure. Returns the controls row by row, the figure (as `figures.subplots`
        makes it), and what moves in it: artists, or lists of artists, in the order of drawing.
    update()
        Moves the artists after every move and returns the sentence. If another artist changes, all is drawn again.
    grabs()
        Says after every move what of the picture can be pulled now: handles, kinds of which are in `hand.py`.
    """

    fig = None  # of an explorer that is closed

    def __init__(self):
        """Build the widgets, draw for the first time, and listen to every control."""
        rows, self.fig, moving = self.build()
        self.controls, self.moving, self.answering = list(flatten(rows)), list(flatten(moving)), False
        self.picture = Picture(format="png", layout={"max_width": "100%", "width": WIDTH})
        self.text = ipywidgets.HTML(layout={"max_width": WIDTH})
        wrap = {"flex_flow": "row wrap", "width": "100%", "max_width": WIDTH}
        boxes = [ipywidgets.HBox(row, layout=wrap) for row in rows]
        self.hand = Hand()
        pile = [widget for widget in (self.picture, self.hand) if isinstance(widget, ipywidgets.Widget)]
        for widget in pile:  # the hand over the picture
            widget.layout.grid_area, widget.layout.margin = "1 / 1", "2px"
        form = {"grid_template_columns": "minmax(0, max-content)", "overflow": "visible"}
        pile = ipywidgets.GridBox(pile, layout=form)
        self.widget = ipywidgets.VBox([*boxes, pile, self.text])
        self.fig.set_dpi(figures.PIXELS_PER_INCH)
        for artist in self.moving:
            artist.set_animated(True)
        self.answer()
        self.fig.set_layout_engine("none")  # the axes have found their places and stay there
        for control in self.controls:
            control.tooltip = control.tooltip or ""  # without one, ipywidgets shows "null" over the label
            if isinstance(control, ipywidgets.Button):
                control.on_click(lambda pressed: self.answer(pressed.action))
            else:
                control.observe(self.moved, "value")
        self.hand.observe(self.pulled, "grip")
        keep_one_run_per_cell(self)

    def moved(self, change):
        """Answer a control that moved; the browser's slider says 1.4000000000000004 after it was set to 1.4."""
        if isinstance(change.owner, ipywidgets.Play):
            self.answer(self.tick if change.new > change.old else None)  # at 0 the clock starts again
        elif not isinstance(change.new, float) or abs(change.new - change.old) > 1e-9:
            self.answer()

    def pulled(self, change):
        """Answer a hand that moved, once for all the sliders that it moves."""
        self.answer(self.hand.pull)
        self.hand.answered = change.new["number"]

    def answer(self, action=None):
        """Do what a button asks for, update the picture and the text; an exception becomes the text."""
        if self.answering:  # an action or an update may move controls: they are all answered once, here
            return
        self.answering, said = True, ""
        for part in (action, self.refresh, self.offer):  # what was done before an error shows
            try:
                if part is not None:
                    part()
            except (Exception, KeyboardInterrupt, SystemExit) as error:  # ipywidgets would swallow it
                self.sentence = said = said or explain(error)
        self.text.value = f"{ALERT if said else STATUS}{html.escape(said or self.sentence)}</div>"
        for clock in (control for control in self.controls if said and isinstance(control, ipywidgets.Play)):
            clock.playing = False
        self.answering = False

    def refresh(self):
        """Update, and draw what has moved, as far as the update came."""
        try:
            self.sentence = self.update()
        finally:
            self.draw()

    def grabs(self):
        """Nothing, if a subclass does not say more."""
        return []

    def offer(self):
        """Let be grabbed what can be pulled now."""
        self.hand.offer(self.grabs(), self.fig.bbox.size)

    def draw(self):
        """Draw the moving artists over the background, and the background too where it is no longer true."""
        canvas = self.fig.canvas
        if self.fig.stale:  # matplotlib sets this when an artist changes that is not among the moving ones
            canvas.draw()
            self.background = canvas.copy_from_bbox(self.fig.bbox)
        canvas.restore_region(self.background)
        turning = [ax for ax in self.fig.axes if ax.get_animated()]  # a surface that a hand turns
        for artist in (*turning, *self.moving):
            artist.draw(canvas.get_renderer())
        png = io.BytesIO()
        Image.fromarray(np.asarray(canvas.buffer_rgba())).save(png, "PNG", compress_level=1)  # quick, not smallest
        self.picture.value = png.getvalue()

    def close(self):
        """Give everything back: widgets, callbacks, figure."""
        if self.fig is not None:
            for part in list(parts(self.widget)):
                part.unobserve_all()
                part.close()
        vars(self).clear()

    def _repr_mimebundle_(self, include=None, exclude=None):
        """The widget for a running notebook; picture and text for a page without a kernel."""
        if self.fig is None:
            return {"text/plain": repr(self)}, {}
        view = {"version_major": 2, "version_minor": 0, "model_id": self.widget.model_id}
        picture = base64.b64encode(self.picture.value).decode()
        data = {"image/png": picture, "text/plain": self.sentence, "application/vnd.jupyter.widget-view+json": view}
        width, height = self.fig.canvas.get_width_height()
        return data, {"image/png": {"alt": self.sentence, "width": width, "height": height}}

    def __repr__(self):
        return f"<explorer {type(self).__name__}{' (closed)' if self.fig is None else ''}>"


class Picture(ipywidgets.Image):
    """With a `description`: ipywidgets shows a tooltip, the words for a screen reader, only where there is one."""

    description = traitlets.Unicode("").tag(sync=True)
    tooltip = traitlets.Unicode("The picture that the text below describes").tag(sync=True)


def parts(widget):
    """A widget and the widgets it is made of: its children, layout and style."""
    yield widget
    if isinstance(widget, ipywidgets.DOMWidget):
        for part in (*getattr(widget, "children", ()), widget.layout, getattr(widget, "style", None)):
            yield from parts(part) if part is not None else ()


runs = {}  # per notebook cell: its latest run and the explorers which that run built


def keep_one_run_per_cell(explorer):
    """Close what an earlier run of the same cell built: its view is gone, and nobody else would."""
    message = getattr(getattr(get_ipython(), "kernel", None), "get_parent", dict)()  # nothing outside a notebook
    cell, run = message.get("metadata", {}).get("cellId"), message.get("header", {}).get("msg_id")
    if cell is not None:
        latest, built = runs.get(cell, (None, []))
        while built and latest != run:
            built.pop().close()
        runs[cell] = (run, [*built, explorer])


def given(function, value, letters, **sizes):
    """The arrays that a student's function returned, as `read` of the exercises; an error says what is wrong."""
    arrays, complaint = read(value, letters, types.SimpleNamespace(sizes=sizes))
    if complaint:
        raise TypeError(f"{function}: {complaint.text}")
    for (name, axes), array in zip(letters.items(), arrays, strict=True):
        expected = tuple(sizes[letter] for letter in axes.split())
        if array.shape != expected or not np.isfinite(array).all():
            what = "with NaN or infinity" if array.shape == expected else f"of shape {array.shape}, expected {expected}"
            raise ValueError(f"{function} returned {name} {what}")
    return arrays


def slider(label, low, high, step, value):
    """A slider over whole numbers where `step` is one, else over tenths; `label` names the quantity and its symbol."""
    kind, shown = (ipywidgets.IntSlider, "d") if isinstance(step, int) else (ipywidgets.FloatSlider, ".1f")
    form = {"description": label, "readout_format": shown, "style": LABEL, "layout": HALF}
    made = kind(min=low, max=high, step=step, **form)
    put([made], [value])
    return made


def score_sliders():
    """A score for each of the three species."""
    return [slider(f"score z{INDEX[k]} ({SPECIES[k]})", -6, 6, 0.1, (2, 1, -1)[k]) for k in range(3)]


def values(sliders):
    """What some sliders say, without the browser's rounding: 1.4 for 1.4000000000000004."""
    return np.round([slider.value for slider in sliders], 9)


def choice(label, options, value):
    """One button per option, one of them pressed; `options` are names or pairs (name, value)."""
    style, layout = {**LABEL, "button_width": "initial"}, {**HALF, "width": "auto", "display": "flex"}
    return ipywidgets.ToggleButtons(options=options, value=value, description=label, style=style, layout=layout)


def button(label, action):
    """A button; `action` is called without arguments, then the explorer updates."""
    made = ipywidgets.Button(description=label, layout={"width": "auto"})
    made.action = action
    return made


def clock(interval):
    """The browser's clock, which calls the explorer's `tick` every `interval` ms, and a button to play and pause it."""
    # It stays hidden: its own buttons have no names that a screen reader could say.
    made = ipywidgets.Play(max=100_000, interval=interval, description="clock", layout={"display": "none"})
    play = button("Play", lambda: made.set_trait("playing", not made.playing))
    made.observe(lambda change: play.set_trait("description", "Pause" if change.new else "Play"), "playing")
    return made, play


def number(value, digits=3):
    """A number with a fixed number of digits, and words for what is no number."""
    if not np.isfinite(value):
        return "undefined" if np.isnan(value) else "∞" if value > 0 else "−∞"
    return figures.signed(value, digits)


def numbers(values, digits=3):
    """A vector of such numbers."""
    return "(" + ", ".join(number(value, digits) for value in values) + ")"


def short(value):
    """Three decimals where they say something, else a power of ten."""
    if value == 0 or not np.isfinite(value) or 1e-3 <= abs(value) < 1000:
        return number(value)
    digits, power = f"{value:.1e}".split("e")
    return f"{digits.replace('-', '−')}·10" + str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
