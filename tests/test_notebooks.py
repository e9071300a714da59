"""Guards for the stored notebooks: nbval compares only what is stored, and a page without a kernel shows only that.

A guard takes a notebook and returns its complaints, one sentence each. `WRONG` proves that each of them complains.
"""

import copy
import pathlib
import re
import statistics
import urllib.parse

import nbformat
import pytest

import store_outputs

ROOT = pathlib.Path(__file__).resolve().parent.parent
LESSONS = [
    "00_start_here",
    "01_softmax",
    "02_softmax_derivative",
    "03_cross_entropy",
    "04_categorical_cross_entropy",
    "05_chain_rule",
    "06_network",
    "07_homework",
    "08_three_problem_types",
]
EQUATIONS = {
    "01_softmax": [1],
    "02_softmax_derivative": [2],
    "03_cross_entropy": [3],
    "04_categorical_cross_entropy": [4, 5],
    "05_chain_rule": [6, 7, 8],
    "06_network": [9],
}
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home|root|Users|tmp|work|usr|opt|var)/|\b[A-Z]:\\\w")
ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
PADDING = re.compile(r"\b(?:simply|obviously|clearly|trivial(?:ly)?|of course|powerful|just)\b", re.IGNORECASE)
FORMULA_OR_TAG = re.compile(r"\$\$.*?\$\$|\$[^$]+\$|<[^>]+>|\]\([^)]*\)", flags=re.DOTALL)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
# What JupyterLab looks for, in this order, to show the first line of a hidden output.
PREVIEWED = ("text/html", "image/svg+xml", "application/pdf", "text/markdown", "text/plain")

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def markdown(notebook):
    """The Markdown cells' text without code blocks and code spans."""
    fence, span = re.compile(r"^```.*?^```", flags=re.DOTALL | re.MULTILINE), re.compile(r"`[^`\n]+`")
    return [span.sub("", fence.sub("", cell.source)) for cell in notebook.cells if cell.cell_type == "markdown"]


def texts(output):
    """Everything in an output that is text."""
    if output.output_type == "stream":
        return [output.text]
    if output.output_type == "error":
        return [output.ename, output.evalue, *output.traceback]
    return [value for kind, value in output.data.items() if kind.startswith("text/") or kind == "image/svg+xml"]


def all_outputs(notebook):
    return [(cell, output) for cell in code(notebook) for output in cell.outputs]


def headings(notebook):
    """Level and text of every heading."""
    return [
        (len(marks), text.strip())
        for source in markdown(notebook)
        for marks, text in re.findall(r"^(#{1,6})\s+(.*)$", source, flags=re.MULTILINE)
    ]


# Guards of what is stored


def valid(notebook):
    errors = nbformat.validator.iter_validate(notebook, ref=None)
    return [f"not a valid notebook: {error.message}" for error in errors]


def stored_form(notebook):
    fresh = store_outputs.normalised(copy.deepcopy(notebook))
    return [] if fresh == notebook else ["metadata or outputs are not as `make outputs` stores them"]


def cell_ids(notebook):
    ids = [cell.get("id") for cell in notebook.cells]
    return [f"cell id {name} is used twice" for name in sorted({name for name in ids if ids.count(name) > 1})]


def execution_counts(notebook):
    counts = [cell.execution_count for cell in code(notebook)]
    return [] if counts == list(range(1, len(counts) + 1)) else [f"execution counts are {counts}"]


def no_standard_error(notebook):
    return [f"{cell.id} writes to stderr" for cell, output in all_outputs(notebook) if output.get("name") == "stderr"]


def no_semicolon_at_the_end(notebook):
    return [f"{cell.id} ends in a semicolon" for cell in code(notebook) if cell.source.rstrip().endswith(";")]


def errors_are_meant(notebook):
    complaints = []
    for cell in code(notebook):
        raises = any(output.output_type == "error" for output in cell.outputs)
        if raises != ("raises-exception" in cell.metadata.get("tags", [])):
            complaints.append(f"{cell.id} {'raises without' if raises else 'does not raise, but has'} the tag")
    return complaints


def nothing_of_this_machine(notebook):
    complaints = [
        f"{cell.id} names a folder of a machine" for cell in notebook.cells if MACHINE_PATH.search(cell.source)
    ]
    for cell, output in all_outputs(notebook):
        for text in texts(output):
            complaints += [f"{cell.id} prints a folder of a machine"] * bool(MACHINE_PATH.search(text))
            complaints += [f"{cell.id} prints a memory address"] * bool(ADDRESS.search(text))
    return complaints


# Guards of what can be read


def headings_in_order(notebook):
    levels = [level for level, _ in headings(notebook)]
    complaints = []
    if levels.count(1) != 1 or levels[0] != 1:
        complaints.append("the first heading, and no other, is of level 1")
    for (before, _), (level, text) in zip(headings(notebook), headings(notebook)[1:], strict=False):
        if level > before + 1:
            complaints.append(f"heading {text!r} jumps from level {before} to {level}")
    return complaints


def pictures_have_words(notebook):
    complaints = []
    for source in markdown(notebook):
        complaints += [f"a picture without alt text: {link}" for link in re.findall(r"!\[\s*\](\([^)]*\))", source)]
        complaints += [f"{tag} has no alt text" for tag in re.findall(r"<img(?![^>]*alt=[\"'][^\"'])[^>]*>", source)]
    for cell, output in all_outputs(notebook):
        if "image/png" in output.get("data", {}):
            if not output.metadata.get("image/png", {}).get("alt"):
                complaints.append(f"{cell.id} shows a picture without alt text")
            if output.data.get("text/plain", "b'").startswith(("b'", 'b"')):
                complaints.append(f"{cell.id} shows a picture without words")
    return complaints


def no_padding(notebook):
    return [f"the word {word!r} says nothing" for source in markdown(notebook) for word in PADDING.findall(source)]


# Guards of the lessons' skeleton


def setup_comes_first(notebook):
    ids = [cell.id for cell in code(notebook)]
    return [] if ids[:1] == ["setup"] or ids[:2] == ["environment", "setup"] else ["the first code cell is not `setup`"]


def preview(cell):
    """The line that JupyterLab shows of a hidden output."""
    if not cell.outputs:
        return ""
    first = cell.outputs[0]
    if first.output_type == "stream":
        return first.text.split("\n")[0]
    return next((first.data[kind].split("\n")[0] for kind in PREVIEWED if kind in first.get("data", {})), "")


def predictions(notebook):
    """A question, then a code cell whose output is hidden and whose preview tells nothing, then the answer, folded."""
    complaints = []
    state = "text"
    for cell in notebook.cells:
        hidden = cell.metadata.get("jupyter", {}).get("outputs_hidden", False)
        if cell.cell_type == "markdown":
            if re.search(r"^\*\*Predict\.\*\*", cell.source, flags=re.MULTILINE):
                complaints += [f"{cell.id} asks before the last question is answered"] * (state != "text")
                state = "asked"
            elif state == "run" and "<details>" in cell.source:
                state = "text"
            continue
        complaints += [f"{cell.id} comes before the folded answer to the last question"] * (state == "run")
        complaints += [f"{cell.id} hides its output, but nothing was to be predicted"] * (hidden and state != "asked")
        complaints += [f"{cell.id} answers a question, but its output is not hidden"] * (
            state == "asked" and not hidden
        )
        if hidden and (not preview(cell).strip() or re.search(r"\d", preview(cell))):
            complaints.append(f"{cell.id} previews {preview(cell)!r}: a line without digits that says what is printed")
        state = "run" if state == "asked" else "text"
    complaints += ["the last question has no folded answer"] * (state != "text")
    return complaints


def size(notebook):
    lines = [sum(bool(line.strip()) for line in cell.source.splitlines()) for cell in code(notebook)]
    words = sum(len(WORD.findall(FORMULA_OR_TAG.sub("", source))) for source in markdown(notebook))
    complaints = []
    if not 20 <= len(notebook.cells) <= 50:
        complaints.append(f"{len(notebook.cells)} cells, expected 20 to 50")
    if not lines or statistics.median(lines) > 5 or max(lines) > 15:
        complaints.append(f"code cells of {lines} lines, expected at most 15, in the median at most 5")
    if not 600 <= words <= 1600:
        complaints.append(f"{words} words, expected 600 to 1600")
    return complaints


GUARDS = [
    valid,
    stored_form,
    cell_ids,
    execution_counts,
    no_standard_error,
    no_semicolon_at_the_end,
    errors_are_meant,
    nothing_of_this_machine,
    headings_in_order,
    pictures_have_words,
    no_padding,
    setup_comes_first,
    predictions,
    size,
]


# Guards that need the notebook's name: its place in the book


def equation_tags(notebook, name):
    r"""Each lesson writes its equations, with the note's numbers, once: \tag{1} ... \tag{9}."""
    tags = sorted(int(tag) for source in markdown(notebook) for tag in re.findall(r"\\tag\{(\d+)\}", source))
    expected = EQUATIONS.get(name, [])
    return [] if tags == expected else [f"equations with tags {tags}, expected {expected}"]


def anchors(notebook):
    """What a link may name after #: JupyterLab takes the heading's text with - for blanks."""
    return {text.replace(" ", "-") for _, text in headings(notebook)}


def links(notebook, name):
    """Every link to a file of the repository finds it, and the heading in it."""
    complaints = []
    for source in markdown(notebook):
        for target in re.findall(r"\]\(([^)\s]+)\)", source):
            url = urllib.parse.urlsplit(target)
            if url.scheme or url.netloc:
                continue
            path = ROOT / "notebooks" / (urllib.parse.unquote(url.path) or f"{name}.ipynb")
            if url.path and not path.exists():
                complaints.append(f"the link to {target} finds no file")
            elif url.fragment and path.suffix == ".ipynb":
                there = nbformat.read(path, as_version=4) if url.path else notebook
                if urllib.parse.unquote(url.fragment) not in anchors(there):
                    complaints.append(f"the link to {target} finds no heading")
    return complaints


PLACED_GUARDS = [equation_tags, links]


@pytest.fixture(scope="module", params=PATHS, ids=lambda path: path.stem)
def stored(request):
    """Name, text and content of a stored notebook."""
    text = request.param.read_text(encoding="utf-8")
    return request.param.stem, text, nbformat.reads(text, as_version=4)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_stored(stored, guard):
    _, _, notebook = stored
    complaints = guard(notebook)
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("guard", PLACED_GUARDS, ids=lambda guard: guard.__name__)
def test_place_in_the_book(stored, guard):
    name, _, notebook = stored
    complaints = guard(notebook, name)
    assert not complaints, "\n".join(complaints)


def test_file_is_written_as_make_outputs_writes_it(stored):
    _, text, notebook = stored
    assert text == store_outputs.as_text(notebook)


def test_the_book_holds_the_lessons_and_nothing_else():
    names = [path.stem for path in PATHS]
    assert names, "no notebooks found"
    assert names == sorted(LESSONS)


def test_setup_is_the_same_everywhere():
    notebooks = [nbformat.read(path, as_version=4) for path in PATHS]
    assert len({cell.source for notebook in notebooks for cell in notebook.cells if cell.id == "setup"}) == 1


# The guards themselves: a good notebook, and one wrong notebook for each thing that may be wrong


def picture():
    data = {"image/png": "iVBORw0KGgo=", "text/plain": "Figure: a line"}
    return nbformat.v4.new_output("display_data", data, metadata={"image/png": {"alt": "a line"}})


def good():
    """A small notebook that no guard complains about."""
    v4 = nbformat.v4
    hidden = {"jupyter": {"outputs_hidden": True}}
    printed = v4.new_output("stream", name="stdout", text="the sum:\n3\n")
    error = v4.new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
    cells = [
        v4.new_markdown_cell("# Lesson\n\nWords", id="title"),
        v4.new_code_cell("import sys", id="setup"),
        v4.new_markdown_cell("## 1. A section\n\n### A part\n\n![words](https://example.org/a.png)", id="section"),
        v4.new_markdown_cell("**Predict.** What is 1 + 2?", id="question"),
        v4.new_code_cell("print(1 + 2)", id="sum", metadata=hidden, outputs=[printed]),
        v4.new_markdown_cell("<details><summary>Why?</summary>\n\nIt is 3.\n\n</details>", id="answer"),
        v4.new_code_cell(
            "raise ValueError('no')", id="raise", metadata={"tags": ["raises-exception"]}, outputs=[error]
        ),
        v4.new_code_cell("show()", id="show", outputs=[picture()]),
        *(v4.new_markdown_cell("word " * 50, id=f"words-{number}") for number in range(12)),
        v4.new_markdown_cell("## Summary", id="summary"),
    ]
    notebook = v4.new_notebook(cells=cells, metadata=store_outputs.NOTEBOOK_METADATA)
    for number, cell in enumerate(code(notebook), start=1):
        cell.execution_count = number
    return notebook


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


def in_markdown(text):
    """A break: this text in the summary."""
    return lambda notebook: cell(notebook, "summary").update(source=text)


def in_code(text):
    return lambda notebook: cell(notebook, "show").update(source=text)


def output_of(cell_id, *args, **kwargs):
    """A break: this one output in a cell."""
    return lambda notebook: cell(notebook, cell_id).update(outputs=[nbformat.v4.new_output(*args, **kwargs)])


def metadata_of(name, metadata):
    return lambda notebook: cell(notebook, name).update(metadata=nbformat.from_dict(metadata))


def without(*names):
    return lambda notebook: notebook.update(cells=[cell for cell in notebook.cells if cell.id not in names])


WRONG = [
    (valid, lambda notebook: cell(notebook, "sum").pop("outputs"), "not a valid notebook"),
    (stored_form, lambda notebook: notebook.metadata.update(widgets={}), "make outputs"),
    (stored_form, metadata_of("title", {"editable": False}), "make outputs"),
    (stored_form, output_of("sum", "error", ename="E", evalue="e", traceback=["a", "b"]), "make outputs"),
    (cell_ids, lambda notebook: cell(notebook, "sum").update(id="setup"), "setup is used twice"),
    (execution_counts, lambda notebook: cell(notebook, "sum").update(execution_count=None), "None"),
    (execution_counts, lambda notebook: cell(notebook, "show").update(execution_count=7), "7"),
    (no_standard_error, output_of("show", "stream", name="stderr", text="a warning"), "show writes"),
    (no_semicolon_at_the_end, in_code("show();  \n"), "show ends"),
    (errors_are_meant, metadata_of("raise", {}), "raise raises without"),
    (errors_are_meant, lambda notebook: cell(notebook, "raise").update(outputs=[]), "raise does not raise"),
    (nothing_of_this_machine, in_code('open("/usr/share/data.csv")'), "show names a folder"),
    (nothing_of_this_machine, in_markdown(r"Open D:\courses"), "summary names a folder"),
    (nothing_of_this_machine, output_of("show", "stream", name="stdout", text="in /tmp/abc"), "show prints a folder"),
    (
        nothing_of_this_machine,
        output_of("show", "execute_result", {"text/plain": "<object at 0x7f00deadbeef>"}, execution_count=4),
        "show prints a memory address",
    ),
    (
        nothing_of_this_machine,
        output_of("show", "error", ename="E", evalue="/opt/x", traceback=[]),
        "show prints a folder",
    ),
    (headings_in_order, in_markdown("# Summary"), "level 1"),
    (
        headings_in_order,
        lambda notebook: cell(notebook, "section").update(source="#### A part"),
        "jumps from level 1 to 4",
    ),
    (headings_in_order, without("title"), "level 1"),
    (pictures_have_words, in_markdown("![](a.png)"), "a.png"),
    (pictures_have_words, in_markdown('<img src="a.png" alt="">'), "no alt text"),
    (pictures_have_words, lambda notebook: cell(notebook, "show").outputs[0].update(metadata={}), "without alt text"),
    (pictures_have_words, lambda notebook: cell(notebook, "show").outputs[0].data.pop("text/plain"), "without words"),
    (
        pictures_have_words,
        lambda notebook: cell(notebook, "show").outputs[0].data.update({"text/plain": r"b'\x89PNG'"}),
        "without words",
    ),
    (no_padding, in_markdown("This is obviously right."), "obviously"),
    (setup_comes_first, lambda notebook: cell(notebook, "setup").update(id="imports"), "setup"),
    (predictions, metadata_of("sum", {}), "sum answers a question"),
    (predictions, without("question"), "sum hides its output"),
    (predictions, without("answer"), "raise comes before the folded answer"),
    (predictions, without("answer", "raise", "show"), "no folded answer"),
    (predictions, in_markdown("**Predict.** And now?"), "no folded answer"),
    (predictions, lambda notebook: cell(notebook, "answer").update(source="**Predict.** Next?"), "asks before"),
    (predictions, lambda notebook: cell(notebook, "sum").update(outputs=[]), "previews ''"),
    (predictions, output_of("sum", "stream", name="stdout", text="3\n"), "previews '3'"),
    (
        predictions,
        output_of("sum", "display_data", {"text/plain": "Sum", "text/html": "<b>3</b>"}),
        "previews '<b>3</b>'",
    ),
    (size, lambda notebook: notebook.update(cells=notebook.cells[:10]), "10 cells"),
    (size, lambda notebook: notebook.cells.extend(notebook.cells[-1:] * 30), "51 cells"),
    (size, in_code("x = 1\n" * 16), "16"),
    (size, without(*(f"words-{number}" for number in range(3))), "words, expected"),
    (size, in_markdown("word " * 1200), "words, expected"),
]


def test_no_guard_complains_about_a_good_notebook():
    assert [complaint for guard in GUARDS for complaint in guard(good())] == []


@pytest.mark.parametrize(("guard", "break_it", "words"), WRONG)
def test_guard_complains(guard, break_it, words):
    notebook = good()
    break_it(notebook)
    assert any(words in complaint for complaint in guard(notebook)), guard(notebook)


def test_every_guard_is_shown_to_complain():
    assert {guard for guard, _, _ in WRONG} == set(GUARDS)


def test_a_fence_hides_what_looks_like_a_heading_or_a_link():
    notebook = good()
    in_markdown("## Summary\n\n```\n# a comment\n[x](nowhere.ipynb)\n```\n\n`# code` and `[x](nowhere.ipynb)`")(
        notebook
    )
    assert headings_in_order(notebook) == []
    assert links(notebook, "00_start_here") == []


def test_equation_guard():
    notebook = good()
    assert equation_tags(notebook, "00_start_here") == []
    assert equation_tags(notebook, "04_categorical_cross_entropy") == ["equations with tags [], expected [4, 5]"]
    in_markdown(r"$$a \tag{5}$$ and $$b \tag{4}$$")(notebook)
    assert equation_tags(notebook, "04_categorical_cross_entropy") == []
    in_markdown(r"$$a \tag{4}$$ and $$b \tag{4}$$ and $$c \tag{5}$$")(notebook)
    assert equation_tags(notebook, "04_categorical_cross_entropy") == ["equations with tags [4, 4, 5], expected [4, 5]"]


def test_every_equation_of_the_note_has_one_lesson():
    assert sorted(tag for tags in EQUATIONS.values() for tag in tags) == list(range(1, 10))


def test_link_guard():
    notebook = good()
    in_markdown("## A long name\n\n[there](#A-long-name), [code](../helpers/softmax.py), [web](https://example.org/)")(
        notebook
    )
    assert links(notebook, "00_start_here") == []
    in_markdown("[a](#Nowhere) and [b](no_such_file.ipynb)")(notebook)
    assert links(notebook, "00_start_here") == [
        "the link to #Nowhere finds no heading",
        "the link to no_such_file.ipynb finds no file",
    ]
