"""How fast the explorers answer: python tests/tools/benchmark_explorers.py [--browser]

The time of a callback beside that of a new figure for every move, built and encoded by matplotlib as with `interact`,
in one run. With --browser also, in JupyterLab, the time from a key press to new pixels; first for a widget that draws
nothing, which is the floor. And what pulling the picture costs beside dragging a slider, in turns: the time from a move
of the mouse to new pixels, and the pictures a second.
"""

import argparse
import io
import pathlib
import shutil
import statistics
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

from driving import BUILDERS, control, move
from helpers import figures
from helpers.explorers.hand import Choice

ROOT = pathlib.Path(__file__).resolve().parents[2]
MOVES = 21
NO_SLIDER = {"digits": "Step", "training_player": "Step", "faulty_gradient": "Other numbers"}  # what is pressed
WATCH = """(area) => {
    window.pressed = 0; window.seen = [];
    const picture = () => area.querySelector('.jp-OutputArea img');
    const shown = () => picture() ? picture().src : area.querySelector('.widget-html-content')?.innerText;
    let last = shown();
    for (const kind of ['keydown', 'pointermove'])
        document.addEventListener(kind, () => { window.pressed = performance.now(); }, true);
    new MutationObserver(async () => {
        const image = picture(), now = shown();
        if (!now || now === last) return;
        last = now;
        if (image) { try { await image.decode(); } catch { return; } }
        window.seen.push(performance.now());
    }).observe(area, {subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['src']});
}"""
SETUP = f"import sys\nsys.path[:0] = {sys.path[:2]!r}\nimport ipywidgets\nfrom driving import BUILDERS"
FLOOR = """slider, text = ipywidgets.FloatSlider(min=-6, max=6), ipywidgets.HTML("0")
slider.observe(lambda change: setattr(text, "value", str(change.new)), "value")
ipywidgets.VBox([slider, text])"""


def milliseconds(action):
    """How long a call takes."""
    start = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - start)


def moves(name, explorer):
    """Every slider dragged from end to end, each move a call; where there is no slider, presses of a button."""
    sliders = [control for control in explorer.controls if hasattr(control, "readout_format")]
    for slider in sliders:
        for i in range(MOVES):
            yield lambda slider=slider, i=i: move(slider, slider.min + i / (MOVES - 1) * (slider.max - slider.min))
    yield from [] if sliders else [control(explorer, NO_SLIDER[name]).click] * MOVES


def new_figure(explorer):
    """The explorer's picture as PNG of a new figure; its new controls are thrown away."""
    kept = vars(explorer).copy()
    _, fig, _ = explorer.build()
    explorer.update()
    fig.savefig(io.BytesIO(), format="png", dpi=figures.PIXELS_PER_INCH)
    vars(explorer).update(kept)


def callbacks():
    """The table of the callbacks: medians in turns, so that a busy moment meets both sides."""
    print(f"{'explorer':32}{'callback, ms':>14}{'new figure, ms':>16}{'times faster':>14}")
    for name, build in BUILDERS.items():
        explorer, ours, theirs = build(), [], []
        for i, call in enumerate(moves(name, explorer)):
            ours.append(milliseconds(call))
            if i % 9 == 0:
                theirs.append(milliseconds(lambda explorer=explorer: new_figure(explorer)))
        own, new = statistics.median(ours), statistics.median(theirs)
        print(f"{name:32}{own:14.1f}{new:16.0f}{new / own:14.1f}", flush=True)
        explorer.close()


def in_page(page, area):
    """Median milliseconds from key press to new pixels."""
    area.evaluate(WATCH)
    area.locator("[role=slider]").first.focus()
    waits = []
    for i in range(15):
        page.evaluate("window.seen = []")
        page.keyboard.press("ArrowRight" if i % 2 else "ArrowLeft")
        page.wait_for_function("window.seen.length > 0", timeout=20_000)
        waits.append(page.evaluate("window.seen[0] - window.pressed"))
        page.wait_for_timeout(150)
    return statistics.median(waits)


def dragged(page, x, y):
    """What is at (x, y) is dragged about and back: median milliseconds to new pixels, and pictures a second."""
    page.mouse.move(x, y)
    page.mouse.down()
    waits = []
    for i in range(1, 11):
        page.evaluate("window.seen = []")
        page.mouse.move(x + 40 * (i % 2), y - 24 * (i % 2))
        page.wait_for_function("window.seen.length > 0", timeout=20_000)
        waits.append(page.evaluate("window.seen[0] - window.pressed"))
        page.wait_for_timeout(100)
    page.evaluate("window.seen = []")
    start, i = time.perf_counter(), 0
    while time.perf_counter() < start + 2:
        i += 1
        page.mouse.move(x + 17 * i % 50, y - 11 * i % 50)  # near and far, so that every picture is a new one
    rate = page.evaluate("window.seen.length") / (time.perf_counter() - start)
    page.mouse.move(x, y)
    page.mouse.up()
    page.wait_for_timeout(500)
    return statistics.median(waits), rate


def hand_beside_slider(page, area, explorer):
    """Print for each kind of handle what pulling it takes, and what the first slider takes, in turns."""
    slider, picture = area.locator(".noUi-handle").first, area.locator("img.widget-image")
    for i, handle in enumerate(explorer.hand.handles):
        if isinstance(handle, Choice):  # jumps
            continue
        ends, rounds = next(found[3:7] for found in explorer.hand.areas if found[0] == i), []
        for _ in range(3):
            box, frame = slider.bounding_box(), picture.bounding_box()
            own = dragged(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            x, y = (ends[0] + ends[2]) / 2 * frame["width"], (ends[1] + ends[3]) / 2 * frame["height"]
            rounds.append((*own, *dragged(page, frame["x"] + x, frame["y"] + y)))
        own, rate, hand, pulled = map(statistics.median, zip(*rounds, strict=True))
        print(f"    {type(handle).__name__:10} hand {hand:4.0f} ms, {pulled:4.1f} pictures/s; ", end="")
        print(f"slider {own:4.0f} ms, {rate:4.1f} pictures/s", flush=True)


def browser():
    """The table of the browser, a notebook for each explorer with a slider."""
    from playwright.sync_api import sync_playwright

    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    from labpage import CHROMIUM_OPTIONS, Notebook, jupyterlab, write

    cells = {"nothing drawn": FLOOR, **{name: f"BUILDERS[{name!r}]()" for name in BUILDERS if name not in NO_SLIDER}}
    print(f"{'explorer':32}{'key to pixels, ms':>19}")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        course, state = pathlib.Path(folder) / "course", pathlib.Path(folder) / "state"
        (course / "notebooks").mkdir(parents=True)
        state.mkdir()
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_OPTIONS)
        with jupyterlab(course, state) as address:
            for name, cell in cells.items():
                page = chromium.new_page(viewport={"width": 1280, "height": 1400})
                notebook = Notebook(page, address, write(course, "measured.ipynb", [SETUP, cell]))
                notebook.run_all()
                area = notebook.panel.locator(".jp-Cell", has=page.locator("[role=slider]")).first
                area.wait_for(timeout=60_000)
                page.wait_for_timeout(1500)
                print(f"{name:32}{in_page(page, area):19.0f}", flush=True)
                if name in BUILDERS:
                    hand_beside_slider(page, area, BUILDERS[name]())
                page.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--browser", action="store_true", help="measure in JupyterLab and Chromium too")
    options = parser.parse_args()
    callbacks()
    if options.browser:
        browser()
