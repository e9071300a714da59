"""What a page must hold for a reader who hears it: links that say where they go, headings in order, words for pictures.

`test_notebooks.py` looks after headings and pictures of the notebooks; contrast needs a browser (`browser/`).
"""

import itertools
import re

import nbformat
import pytest

import test_notebooks
from test_notebooks import ROOT

LINK = re.compile(r"(?<!!)\[((?:!\[[^\]]*\]\([^)]*\)|[^\]\[])*)\]\(([^)\s]+)\)")
NAMELESS = re.compile(r"\W*(?:here|this|link|click here|more|read more|\d*|https?:.*)\W*", re.IGNORECASE)
PLAIN = [ROOT / "README.md", ROOT / "helpers" / "data" / "README.md"]


def page(path):
    """A page's Markdown without code blocks."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        return "\n\n".join(test_notebooks.markdown(nbformat.reads(text, as_version=4)))
    return re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)


def unclear_links(text):
    """Links that say nothing out of their sentence, bare addresses, and words that lead to different places."""
    bare = re.findall(r"<https?:[^>]*>|(?<![\w`\"'(<])https?://\S+", text)
    places = {}
    for words, target in LINK.findall(text):
        words = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", words)  # the words of a picture count
        bare += [target] * bool(NAMELESS.fullmatch(words))
        places.setdefault(words.strip("←→ ").lower(), set()).add(target)
    return bare + [words for words, targets in places.items() if len(targets) > 1]


@pytest.mark.parametrize("path", [*test_notebooks.PATHS, *PLAIN], ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_links_say_where_they_go(path):
    assert unclear_links(page(path)) == []


@pytest.mark.parametrize(
    "text",
    ["see [here](a.md)", "[→](a.md)", "[5](a.md)", "[https://a.org](https://a.org)", "<https://a.org>", "at https://a.org",
     "[![](a.svg)](a.md)", "[ ](a.md)", "[Click here!](a.md)", "[Next →](a.md) and [next](b.md)"],
)  # fmt: skip
def test_an_unclear_link_is_found(text):
    assert unclear_links(text)


def test_names_are_accepted():
    assert unclear_links("[1 Softmax](a.md), [![Open on Binder](a.svg)](https://a.org), `https://a.org`") == []


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.parent.name)
def test_plain_pages_have_one_title_and_words_for_pictures(path):
    levels = [len(marks) for marks in re.findall(r"^(#{1,6}) ", page(path), flags=re.MULTILINE)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))
    assert "![](" not in page(path)
