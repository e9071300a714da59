"""How fast the explorers answer, beside a new figure for every move: python tests/benchmark_explorers.py [--browser]

Both sides draw the same picture of the same size in the same run. "naive" is what `interact` does: build the figure
again and let matplotlib encode it. With --browser, the time from a key press to new pixels in JupyterLab, beside
`interact` and beside widgets that draw nothing, and the pictures per second while the mouse drags the slider.
"""

import argparse
import math
import os
import pathlib
import shutil
import statistics
import sys
import tempfile
import time
import types
from functools import cache
from unittest import mock

os.environ.update(OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", OMP_NUM_THREADS="1")  # before NumPy is imported
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import io

from driving import BUILDERS, control, move
from helpers import datasets, figures, live

MOVES = 21
TESTS = pathlib.Path(__file__).resolve().parent


def seconds(action):
    """How long a call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def moves(explorer):
    """Every slider dragged from end to end, each move a call; where there is no slider, presses of Step."""
    sliders = [control for control in explorer.controls if hasattr(control, "readout_format")]
    if not sliders:
        return [control(explorer, "Step").click] * MOVES
    calls = []
    for slider in sliders:
        for i in range(MOVES):
            value = slider.min + i / (MOVES - 1) * (slider.max - slider.min)
            calls.append(lambda slider=slider, value=value: move(slider, value))
    return calls


def new_figure(build, value=None):
    """An explorer's picture as PNG of a new figure, its first slider at `value`; widgets cost nothing here."""
    sliders, pictures = [], []

    def stand_in(label, *settings, **ignored):
        return types.SimpleNamespace(description=label, options=settings[0], label="", value=settings[-1])

    def slider(*settings, **ignored):
        sliders.append(stand_in(*settings))
        return sliders[-1]

    def draw(name, fig, rows, moving, update):
        update()
        if value is not None:
            sliders[0].value = value
            update()
        picture = io.BytesIO()
        fig.savefig(picture, format="png", dpi=figures.PIXELS_PER_INCH)
        pictures.append(picture.getvalue())

    constructors = dict.fromkeys(("choice", "menu", "button"), stand_in)
    with mock.patch.multiple(live, Explorer=draw, slider=slider, whole_slider=slider, **constructors):
        build()
    return pictures[0]


def callbacks():
    """The table of the callbacks: medians in turns, so that a busy moment meets both sides."""
    print(f"{'explorer':32}{'callback, ms':>14}{'new figure, ms':>16}{'times faster':>14}")
    with mock.patch.object(datasets, "read", cache(datasets.read)):
        for name, build in BUILDERS.items():
            explorer = build()
            calls = moves(explorer)
            ours, theirs = [], []
            for i, call in enumerate(calls):
                ours.append(seconds(call))
                if i % (len(calls) // 7) == 0:
                    theirs.append(seconds(lambda build=build: new_figure(build)))
            explorer.close()
            own, new = 1000 * statistics.median(ours), 1000 * statistics.median(theirs)
            print(f"{name:32}{own:14.1f}{new:16.0f}{new / own:14.1f}", flush=True)


WATCH = """(area) => {
    window.pressed = 0; window.seen = [];
    const picture = () => area.querySelector('.jp-OutputArea img');
    const shown = () => picture() ? picture().src : area.querySelector('.widget-html-content')?.innerText;
    let last = shown();
    document.addEventListener('keydown', () => { window.pressed = performance.now(); }, true);
    new MutationObserver(async () => {
        const image = picture(), now = shown();
        if (!now || now === last) return;
        last = now;
        if (image) { try { await image.decode(); } catch { return; } }
        window.seen.push(performance.now());
    }).observe(area, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['src']});
}"""
SETUP = """import sys
sys.path[:0] = {paths!r}
import ipywidgets
from functools import cache
from IPython.display import Image, display
from benchmark_explorers import BUILDERS, datasets, new_figure
datasets.read = cache(datasets.read)"""
FLOOR = """slider, text = ipywidgets.FloatSlider(min=-6, max=6), ipywidgets.HTML("0")
slider.observe(lambda change: setattr(text, "value", str(change.new)), "value")
ipywidgets.VBox([slider, text])"""
PREPARED = """explorer, pictures = BUILDERS["softmax"](), []
for i in range(121):
    explorer.controls[0].value = i / 10 - 6
    pictures.append(explorer.picture.value)
slider, image = ipywidgets.FloatSlider(min=-6, max=6), ipywidgets.Image(format="png")
slider.observe(lambda change: setattr(image, "value", pictures[round(10 * change.new) + 60]), "value")
ipywidgets.VBox([slider, image])"""
NAIVE = """def show(x):
    display(Image(new_figure(BUILDERS[{name!r}], x)))
_ = ipywidgets.interact(show, x=ipywidgets.FloatSlider(min={min}, max={max}, step={step}, value={value}))"""


def in_page(page, area):
    """Median milliseconds from key press to new pixels, and pictures a second while the mouse drags the slider."""
    handle = area.locator("[role=slider]").first
    area.evaluate(WATCH)
    handle.focus()
    waits = []
    for i in range(15):
        page.evaluate("window.seen = []")
        page.keyboard.press("ArrowRight" if i % 2 else "ArrowLeft")
        page.wait_for_function("window.seen.length > 0", timeout=20_000)
        waits.append(page.evaluate("window.seen[0] - window.pressed"))
        page.wait_for_timeout(150)
    track, knob = area.locator(".noUi-base").first.bounding_box(), handle.bounding_box()
    y = knob["y"] + knob["height"] / 2
    page.mouse.move(knob["x"] + knob["width"] / 2, y)
    page.mouse.down()
    page.evaluate("window.seen = []")
    end, step = time.monotonic() + 3, 0
    while time.monotonic() < end:
        step += 1  # from end to end, so that a slider with few positions has as many new ones as another
        page.mouse.move(track["x"] + track["width"] * (0.5 + 0.45 * math.sin(step / 12)), y)
        page.wait_for_timeout(12)
    frames = page.evaluate("window.seen.length") / 3
    page.mouse.up()
    return statistics.median(waits), frames


def browser():
    """The table of the browser: one notebook per explorer, ours and `interact` in it, and one that draws nothing."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(TESTS / "browser"))
    from conftest import CHROMIUM_OPTIONS, Notebook, jupyterlab, write

    setup = SETUP.format(paths=[str(TESTS.parent), str(TESTS)])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        course, state = pathlib.Path(folder) / "course", pathlib.Path(folder) / "state"
        (course / "notebooks").mkdir(parents=True)
        state.mkdir()
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
        with jupyterlab(course, state) as address:

            def measure(cells):
                page = chromium.new_page(viewport={"width": 1280, "height": 1400})
                notebook = Notebook(page, address, write(course, "measured.ipynb", [setup, *cells]))
                notebook.run_all()
                areas = notebook.panel.locator(".jp-Cell", has=page.locator("[role=slider]"))
                areas.nth(len(cells) - 1).wait_for(timeout=60_000)
                page.wait_for_timeout(1500)
                numbers = [in_page(page, areas.nth(i)) for i in range(len(cells))]
                page.close()
                return numbers

            titles = ("key to pixels, ms", "interact, ms", "times faster", "pictures/s", "interact/s")
            print(f"{'explorer':32}" + "".join(f"{title:>19}" for title in titles))
            for name, floor in (("nothing drawn: a text", FLOOR), ("nothing drawn: pictures made before", PREPARED)):
                ((wait, rate),) = measure([floor])
                print(f"{name:36}{wait:15.0f}{'':38}{rate:19.1f}", flush=True)
            for name, build in BUILDERS.items():
                explorer = build()
                sliders = [control for control in explorer.controls if hasattr(control, "readout_format")]
                if sliders:
                    span = {part: getattr(sliders[0], part) for part in ("min", "max", "step", "value")}
                    (wait, rate), (new, slow) = measure([f"BUILDERS[{name!r}]()", NAIVE.format(name=name, **span)])
                    print(f"{name:32}{wait:19.0f}{new:19.0f}{new / wait:19.1f}{rate:19.1f}{slow:19.1f}", flush=True)
                explorer.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browser", action="store_true", help="measure in JupyterLab and Chromium too")
    options = parser.parse_args()
    callbacks()
    if options.browser:
        browser()
