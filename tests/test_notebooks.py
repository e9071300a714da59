"""Guards for the stored notebooks: nbval compares only what is stored, and a page without a kernel shows only that.

A guard takes a notebook and its name and yields complaints, one sentence each. `WRONG` proves that each complains.
"""

import copy
import itertools
import pathlib
import re
import statistics
import subprocess
import sys
import urllib.parse

import nbformat
import pytest
from nbformat import v4

import store_outputs
from helpers.exercises import asking

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXAMPLE = {"question": "What is 1 + 2?", "number": 3, "within": 0, "near": "Yes.", "low": "No.", "high": "No."}
QUESTIONS = asking.QUESTIONS | {"sum": asking.Number("sum", 99, EXAMPLE)}  # one for the notebook `good`
EQUATIONS = {  # which equations of the note the lessons write
    "01_softmax": [1],
    "02_softmax_derivative": [2],
    "03_cross_entropy": [3],
    "04_categorical_cross_entropy": [4, 5],
    "05_chain_rule": [6, 7, 8],
    "06_network": [9],
}
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|tmp|work|usr|opt|var)/|\b[A-Z]:\\\w|\b0x[0-9a-fA-F]{6,}\b")
PADDING = re.compile(r"\b(?:simply|obviously|clearly|trivial(?:ly)?|of course|powerful|just)\b", re.IGNORECASE)
NO_TEXT = re.compile(r"^```.*?^```|`[^`\n]+`|<!--.*?-->", re.DOTALL | re.MULTILINE)  # code and comments
LINK = re.compile(r"(?<!!)\[((?:!\[[^\]]*\]\([^)]*\)|[^\]\[])*)\]\(([^)\s]+)\)")
NAMELESS = re.compile(r"\W*(?:here|this|link|click here|more|read more|\d*|https?:.*)\W*", re.IGNORECASE)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown(notebook):
    """The Markdown cells' text without code and comments."""
    return [NO_TEXT.sub("", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]


def outputs(notebook):
    return [(cell, output) for cell in code(notebook) for output in cell.outputs]


def texts(output):
    """Everything in an output that is text."""
    shown = [text for kind, text in output.get("data", {}).items() if kind.startswith("text/") or "svg" in kind]
    return [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", []), *shown]


def headings(notebook):
    """Level and text of every heading."""
    found = [re.findall(r"^(#{1,6})\s+(.*)$", source, flags=re.MULTILINE) for source in markdown(notebook)]
    return [(len(marks), text.strip()) for marks, text in itertools.chain(*found)]


# What is stored


def stored_form(notebook, name):
    yield from (f"not a valid notebook: {error.message}" for error in nbformat.validator.iter_validate(notebook))
    if store_outputs.normalised(copy.deepcopy(notebook)) != notebook:
        yield "metadata or outputs are not as `make outputs` stores them"
    counts = [cell.execution_count for cell in code(notebook)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"execution counts are {counts}"
    ids = [cell.get("id") for cell in notebook.cells]
    yield from (f"cell id {each} is used twice" for each in sorted({each for each in ids if ids.count(each) > 1}))


def errors_are_meant(notebook, name):
    for cell in code(notebook):
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield f"{cell.id} writes to stderr"
        if any(output.output_type == "error" for output in cell.outputs) != (
            "raises-exception" in cell.metadata.get("tags", [])
        ):
            yield f"{cell.id}: an error and the tag raises-exception go together"


def no_semicolon_at_the_end(notebook, name):  # nbval shows what it hides in JupyterLab
    yield from (f"{cell.id} ends in a semicolon" for cell in code(notebook) if cell.source.rstrip().endswith(";"))


def nothing_of_this_machine(notebook, name):
    found = [(cell, "says", cell.source) for cell in notebook.cells]
    found += [(cell, "prints", text) for cell, output in outputs(notebook) for text in texts(output)]
    for cell, verb, text in found:
        if MACHINE_PATH.search(text):
            yield f"{cell.id} {verb} a folder or an address of a machine"


# What can be read


def headings_in_order(notebook, name):
    levels = [level for level, _ in headings(notebook)]
    if levels.count(1) != 1 or levels[0] != 1:
        yield "the first heading, and no other, is of level 1"
    if any(below > above + 1 for above, below in itertools.pairwise(levels)):
        yield f"headings skip a level: {levels}"


def pictures_have_words(notebook, name):
    for source in markdown(notebook):
        yield from (f"no alt text: {link}" for link in re.findall(r"!\[\s*\]\([^)]*\)", source))
        yield from (f"no alt text: {tag}" for tag in re.findall(r"<img(?![^>]*alt=[\"'][^\"'])[^>]*>", source))
    for cell, output in outputs(notebook):
        if "image/png" in output.get("data", {}):
            words = output.data.get("text/plain", "")
            if not output.metadata.get("image/png", {}).get("alt") or not words or words.startswith(("b'", 'b"')):
                yield f"{cell.id} shows a picture without words or alt text"


def no_padding(notebook, name):
    yield from (f"the word {word!r} says nothing" for text in markdown(notebook) for word in PADDING.findall(text))


# The lessons' skeleton


def setup_comes_first(notebook, name):
    ids = [cell.id for cell in code(notebook)]
    if ids[:1] != ["setup"]:
        yield "the first code cell is not `setup`"


CALL = re.compile(r"^(ask|answer|recall)\((.*?)\)$", re.MULTILINE)


def predictions(notebook, name):
    """What is asked is a question of this lesson; the next code cell answers it and is hidden until it runs."""
    cells, lesson = code(notebook), int(name[:2])
    calls = [[(verb, re.findall(r'"([^"]+)"', names)) for verb, names in CALL.findall(cell.source)] for cell in cells]
    for cell, here, then in zip(cells, calls, [*calls[1:], []], strict=True):
        hidden = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
        if hidden != any(verb == "answer" for verb, _ in here):
            yield f"{cell.id}: an output is hidden and answers a question, or neither"
        if hidden and cell.outputs[0].output_type != "stream":  # JupyterLab shows the first line of what it hides
            yield f"{cell.id}: the first line of the hidden output gives something away"
        for verb, names in here:
            if verb == "ask" and ("answer", names) not in then:
                yield f"{cell.id} asks {names}, but the next code cell does not answer it"
    for verb, names in itertools.chain(*calls):
        for each in names:
            asked_in = QUESTIONS[each].lesson if each in QUESTIONS else None
            if asked_in is None or (asked_in != lesson if verb != "recall" else asked_in >= lesson and lesson != 8):
                yield f"{verb}({each!r}) is of lesson {asked_in}"
    asked = [names[0] for verb, names in itertools.chain(*calls) if verb == "ask"]
    if sorted(asked) != sorted(each.name for each in QUESTIONS.values() if each.lesson == lesson):
        yield f"asks {asked}, not each of its questions once"


def looks_back(notebook, name):
    """Every lesson but the first begins with two or three questions back, before anything is computed."""
    calls = [CALL.search(cell.source) for cell in code(notebook)[1:2]]
    if name[:2] != "00" and not (calls and calls[0] and calls[0][1] == "recall" and calls[0][2].count('"') in (4, 6)):
        yield "does not begin with two or three questions back"


def size(notebook, name):
    lines = [sum(bool(line.strip()) for line in cell.source.splitlines()) for cell in code(notebook)] or [0]
    if statistics.median(lines) > 5 or max(lines) > 15:
        yield f"code cells of {lines} lines, expected at most 15, in the median at most 5"


# Its place in the book


def equation_tags(notebook, name):
    r"""Each lesson writes its equations, with the note's numbers, once: \tag{1} ... \tag{9}."""
    tags = sorted(int(tag) for source in markdown(notebook) for tag in re.findall(r"\\tag\{(\d+)\}", source))
    if tags != EQUATIONS.get(name, []):
        yield f"equations with tags {tags}, expected {EQUATIONS.get(name, [])}"


def links(notebook, name):
    """Every link to a file of the repository finds it, and the heading in it, as JupyterLab names it: - for blanks."""
    for target in re.findall(r"\]\(([^)\s]+)\)", "\n".join(markdown(notebook))):
        url = urllib.parse.urlsplit(target)
        path = ROOT / "notebooks" / (urllib.parse.unquote(url.path) or f"{name}.ipynb")
        if url.scheme or url.netloc:
            continue
        if url.path and not path.exists():
            yield f"the link to {target} finds no file"
        elif url.fragment and path.suffix == ".ipynb":
            there = nbformat.read(path, as_version=4) if url.path else notebook
            if urllib.parse.unquote(url.fragment).replace("-", " ") not in [
                text.replace("-", " ") for _, text in headings(there)
            ]:
                yield f"the link to {target} finds no heading"


def links_say_where_they_go(notebook, name):
    """No link that says nothing out of its sentence, no bare address, no words that lead to different places."""
    text, places = "\n\n".join(markdown(notebook)), {}
    yield from re.findall(r"<https?:[^>]*>|(?<![\w`\"'(<])https?://\S+", text)
    for words, target in LINK.findall(text):
        words = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", words)  # the words of a picture count
        places.setdefault(words.strip("←→ ").lower(), set()).add(target)
        if NAMELESS.fullmatch(words):
            yield f"the words of the link to {target} say nothing"
    yield from (f"different links are called {words}" for words, targets in places.items() if len(targets) > 1)


PAGE_GUARDS = [headings_in_order, pictures_have_words, links_say_where_they_go]
GUARDS = [
    *(stored_form, errors_are_meant, no_semicolon_at_the_end, nothing_of_this_machine, no_padding, setup_comes_first),
    *(predictions, looks_back, size, equation_tags, links, *PAGE_GUARDS),
]


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def stored(request):
    """Name and content of a stored notebook."""
    return request.param.stem, nbformat.read(request.param, as_version=4)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_stored(stored, guard):
    name, notebook = stored
    complaints = list(guard(notebook, name))
    assert not complaints, "\n".join(complaints)


def test_file_is_written_as_make_outputs_writes_it():
    texts = {path.name: path.read_text(encoding="utf-8") for path in PATHS}
    assert [n for n, text in texts.items() if store_outputs.as_text(nbformat.reads(text, as_version=4)) != text] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", ROOT / "helpers" / "data" / "README.md"])
def test_plain_pages_can_be_heard_too(path):
    page = v4.new_notebook(cells=[v4.new_markdown_cell(path.read_text(encoding="utf-8"))])
    assert [complaint for guard in PAGE_GUARDS for complaint in guard(page, path.stem)] == []


def test_all_lessons_have_the_same_setup_and_a_lesson_alone_says_what_it_needs(tmp_path):
    cells = [cell for path in PATHS for cell in nbformat.read(path, as_version=4).cells]
    (setup,) = {cell.source for cell in cells if cell.id == "setup"}
    run = subprocess.run([sys.executable, "-c", setup], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.stderr.splitlines()[-1].startswith("AssertionError: A lesson needs helpers/ beside its folder: download")


# The guards themselves: a good notebook, and one wrong notebook for each thing that may be wrong


def shown(words="a line", alt="a line"):
    """An output with a picture."""
    data = {"image/png": "iVBORw0KGgo=", "text/plain": words}
    return v4.new_output("display_data", data, metadata={"image/png": {"alt": alt}} if alt else {})


def printed(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def error(evalue="no", *frames):
    return v4.new_output("error", ename="ValueError", evalue=evalue, traceback=[*frames, f"ValueError: {evalue}"])


def good():
    """A small notebook that no guard complains about."""
    hidden = {"jupyter": {"outputs_hidden": True}}
    cells = [
        v4.new_markdown_cell("# Lesson\n\nWords", id="title"),
        v4.new_code_cell("import sys", id="setup"),
        v4.new_code_cell('recall("path", "kinds")', id="back"),
        v4.new_markdown_cell("## 1. A section\n\n### A part\n\n![words](https://example.org/a.png)", id="section"),
        v4.new_code_cell('ask("sum")', id="ask"),
        v4.new_code_cell('print(1 + 2)\nanswer("sum")', id="sum", metadata=hidden, outputs=[printed("3\n")]),
        v4.new_code_cell("raise", id="raise", metadata={"tags": ["raises-exception"]}, outputs=[error()]),
        v4.new_code_cell("show()", id="show", outputs=[shown()]),
        v4.new_markdown_cell("## A summary\n\n[up](#1.-A-section), `[a](b)`\n\n```\n# [a](b)\n```", id="summary"),
    ]
    notebook = v4.new_notebook(cells=cells, metadata=store_outputs.NOTEBOOK_METADATA)
    for number, cell in enumerate(code(notebook), start=1):
        cell.execution_count = number
    return notebook


def change(name, **parts):
    """A break: other parts of one cell; an output stands for a list of one."""
    parts = {part: [value] if part == "outputs" and value else value for part, value in parts.items()}
    parts = {part: nbformat.from_dict(value) for part, value in parts.items()}
    return lambda notebook: next(cell for cell in notebook.cells if cell.id == name).update(parts)


def say(text):
    return change("summary", source=text)


def without(*names):
    return lambda notebook: notebook.update(cells=[cell for cell in notebook.cells if cell.id not in names])


WRONG = [
    (stored_form, change("sum", metadata={"tags": "one"}), "not a valid notebook"),
    (stored_form, lambda notebook: notebook.metadata.update(widgets={}), "make outputs"),
    (stored_form, change("sum", outputs=error("no", "File /x.py")), "make outputs"),
    (stored_form, change("sum", id="setup"), "setup is used twice"),
    (stored_form, change("sum", execution_count=None), "None"),
    (errors_are_meant, change("show", outputs=printed("a warning", "stderr")), "show writes to stderr"),
    (errors_are_meant, change("raise", metadata={}), "raise: an error and the tag"),
    (no_semicolon_at_the_end, change("show", source="show();  \n"), "show ends"),
    (nothing_of_this_machine, change("show", source='open("/usr/share/data.csv")'), "show says"),
    (nothing_of_this_machine, change("show", outputs=printed("in /tmp/abc")), "show prints"),
    (nothing_of_this_machine, change("show", outputs=shown("<object at 0x7f00deadbeef>")), "show prints"),
    (headings_in_order, say("# Summary"), "level 1"),
    (headings_in_order, change("section", source="#### A part"), "skip a level"),
    (pictures_have_words, say("![](a.png)"), "a.png"),
    (pictures_have_words, say('<img src="a.png" alt="">'), "no alt text"),
    (pictures_have_words, change("show", outputs=shown(alt="")), "show shows"),
    (pictures_have_words, change("show", outputs=shown("")), "show shows"),
    (no_padding, say("This is obviously right."), "obviously"),
    (setup_comes_first, change("setup", id="imports"), "setup"),
    (predictions, change("sum", metadata={}), "sum: an output is hidden"),
    (predictions, change("show", metadata={"jupyter": {"outputs_hidden": True}}), "show: an output is hidden"),
    (predictions, change("sum", outputs=shown()), "gives something away"),
    (predictions, change("sum", source='answer("path")'), "does not answer it"),
    (predictions, change("ask", source='ask("no such")'), "of lesson None"),
    (predictions, change("back", source='recall("path", "sum")'), "of lesson 99"),
    (predictions, without("ask"), "not each of its questions"),
    (looks_back, change("back", source='recall("path")'), "questions back"),
    (looks_back, without("back"), "questions back"),
    (size, change("show", source="x = 1\n" * 16), "16"),
    (size, lambda notebook: [cell.update(source="x = 1\n" * 6) for cell in code(notebook)], "median"),
    (equation_tags, say(r"$$a \tag{5}$$ and $$b \tag{4}$$"), "tags [4, 5], expected []"),
    (links, say("[a](#Nowhere)"), "#Nowhere finds no heading"),
    (links, say("[a](00_start_here.ipynb#Nowhere)"), "00_start_here.ipynb#Nowhere finds no heading"),
    (links, say("[b](no_such_file.ipynb)"), "no_such_file.ipynb finds no file"),
    (links_say_where_they_go, say("see [here](a.md)"), "a.md say nothing"),
    (links_say_where_they_go, say("at https://a.org"), "https://a.org"),
    (links_say_where_they_go, say("[Next →](a.md) and [next](b.md)"), "called next"),
]  # fmt: skip


def test_guards_do_not_complain_about_a_good_notebook_and_each_is_shown_to_complain():
    assert [complaint for guard in GUARDS for complaint in guard(good(), "99_good")] == []
    assert {guard for guard, _, _ in WRONG} == set(GUARDS)


@pytest.mark.parametrize(("guard", "break_it", "words"), WRONG)
def test_guard_complains(guard, break_it, words):
    notebook = good()
    break_it(notebook)
    complaints = list(guard(notebook, "99_good"))
    assert any(words in complaint for complaint in complaints), complaints
