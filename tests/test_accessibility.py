"""What a page must hold for a reader who hears it: links that say where they go, headings in order, words for pictures.

`test_notebooks.py` looks after headings and pictures of the notebooks; contrast needs a browser (`browser/`).
"""

import itertools
import pathlib
import re

import nbformat
import pytest

import test_notebooks

ROOT = pathlib.Path(__file__).resolve().parent.parent
FENCED = re.compile(r"^```.*?^```", flags=re.DOTALL | re.MULTILINE)
LINK = re.compile(r"(?<!!)\[((?:!\[[^\]]*\]\([^)]*\)|[^\]\[])*)\]\(([^)\s]+)\)")
NAMELESS = re.compile(r"\W*(?:here|this|link|click here|more|read more|\d*|https?:.*)\W*", re.IGNORECASE)


def page(path):
    """A page's Markdown without code blocks."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        text = "\n\n".join(test_notebooks.markdown(nbformat.reads(text, as_version=4)))
    return FENCED.sub("", text)


def nameless_links(text):
    """Links that say nothing out of their sentence, and bare addresses; the words of a picture count."""
    named = [(re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", words), target) for words, target in LINK.findall(text)]
    bare = re.findall(r"<https?:[^>]*>|(?<![\w`\"'(<])https?://\S+", text)
    return [target for words, target in named if NAMELESS.fullmatch(words)] + bare


def one_name_two_places(text):
    """Words that are the text of links to different places."""
    places = {}
    for words, target in LINK.findall(text):
        places.setdefault(words.strip("←→ ").lower(), set()).add(target)
    return {words: targets for words, targets in places.items() if len(targets) > 1}


PAGES = [*test_notebooks.PATHS, ROOT / "README.md", ROOT / "helpers" / "data" / "README.md"]
every = pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


@every
def test_links_say_where_they_go(path):
    text = page(path)
    assert nameless_links(text) == []
    assert one_name_two_places(text) == {}


@pytest.mark.parametrize(
    "text",
    ["see [here](a.md)", "[→](a.md)", "[5](a.md)", "[https://a.org](https://a.org)", "<https://a.org>", "at https://a.org",
     "[![](a.svg)](a.md)", "[ ](a.md)", "[Click here!](a.md)"],
)  # fmt: skip
def test_a_nameless_link_is_found(text):
    assert nameless_links(text)


def test_names_are_accepted_and_a_name_for_two_places_is_not():
    assert nameless_links("[1 Softmax](a.md), [![Open on Binder](a.svg)](https://a.org), `https://a.org`") == []
    assert one_name_two_places("[Next →](a.md) and [next](b.md)") == {"next": {"a.md", "b.md"}}


@pytest.mark.parametrize(
    "path", [path for path in PAGES if path.suffix == ".md"], ids=lambda path: str(path.parent.name)
)
def test_plain_pages_have_one_title_and_words_for_pictures(path):
    text = page(path)
    levels = [len(marks) for marks in re.findall(r"^(#{1,6}) ", text, flags=re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert "![](" not in text


@pytest.mark.parametrize("path", test_notebooks.PATHS, ids=lambda path: path.stem)
def test_every_explorer_has_a_line_of_text_and_a_picture_with_the_same_words(path):
    for cell in test_notebooks.code(nbformat.read(path, as_version=4)):
        if re.match(r"explorers\.\w+\(", cell.source):
            (output,) = cell.outputs
            words = output.data["text/plain"]
            assert len(words.split()) >= 8
            assert output.metadata["image/png"]["alt"] == words
