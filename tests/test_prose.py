"""The numbers in the lessons' sentences are those that their cells compute; prose.py says how."""

import pathlib
from decimal import Decimal

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

import prose

PATHS = sorted((pathlib.Path(__file__).resolve().parent.parent / "notebooks").glob("*.ipynb"))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_numbers_in_prose_are_true(path):
    found = prose.complaints(nbformat.read(path, as_version=4), path.parent)
    assert not found, f"{path.name}\n" + "\n".join(found)


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("It is 0.35, and 1,797 pictures; 84 %", ["0.35", 1797, 84]),
        (r"$-3.854$ and −0.5, but $k = 2$ of 10", ["3.854", "0.5"]),
        (r"about $8.5 \cdot 10^{-18}$ or 2 · 10⁻⁵ or $1.8 \cdot 10^{308}$", ["8.5e-18", "2e-5", "1.8e308"]),
        ("right for 93/91/93 %, or 50, 50 and 60 %", [93, 91, 93, 50, 50, 60]),
        (r"`0.7`, [here](a_0.7.md), $$x \tag{4}$$, 11 February 2019, section 4.3.6, <img width=100>, <!-- 0.7 -->", []),
    ],
)
def test_what_counts_as_a_number(text, stated):
    assert [number.value for number, _ in prose.numbers(text)] == [Decimal(value) for value in stated]


@pytest.mark.parametrize(
    ("written", "right", "wrong"),
    [
        ("0.35", [0.3495, -0.354], [0.356, float("nan")]),
        ("84 %", [0.838, 83.8], [0.846]),
        ("258", [258], [258.4]),
        (r"8.5 \cdot 10^{-18}", [8.496e-18], [8.6e-18]),
    ],
)
def test_what_a_number_stands_for(written, right, wrong):
    ((number, _),) = prose.numbers(written)
    assert all(map(number.stands_for, right)) and not any(map(number.stands_for, wrong))


def complaints(tmp_path, *said, first=(), caption="a line"):
    """About a notebook with two code cells, one with 0.125 in its output and one with a caption, between Markdown."""
    printed = new_output("stream", name="stdout", text="0.1250\n")
    shown = new_output("display_data", {"text/plain": f"Figure: {caption}"})
    cells = [
        *(new_markdown_cell(text) for text in first),
        new_code_cell("a = [0.25, 0.125]\nprint(a[1] ** 2 * 8)", outputs=[printed]),
        new_code_cell(f"show({caption!r})", id="show", outputs=[shown]),
        *(new_markdown_cell(text, id=f"said-{k}") for k, text in enumerate(said)),
    ]
    return prose.complaints(new_notebook(cells=cells), tmp_path)


def test_printed_held_and_tied_numbers_are_true_and_a_comment_may_use_the_next_cell(tmp_path):
    text = (
        "It is 0.125, about 0.13; the rest 0.25, sum 0.375, half 0.188.\n<!--\n0.375 = sum(a)\n0.188 = sum(a) / 2\n-->"
    )
    assert complaints(tmp_path, text, first=["Later 0.375 <!-- 0.375 = sum(a) -->"]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("One. It is 0.126. Two.", "said-0: 'It is 0.126. Two.': no cell computes 0.126. Correct it, or say"),
        ("In 14 % of them", "no cell computes 14."),
        ("Sum 0.376 <!-- 0.376 = sum(a) -->", "the sentence says 0.376, but sum(a) is 0.375"),
        ("Sum 0.375 <!-- 0.375 = sum(c) -->", "but sum(c) is NameError: name 'c' is not defined"),
        ("It is 0.125. <!-- 0.375 = sum(a) -->", "no sentence says the number of the comment 0.375 = sum(a)"),
    ],
)
def test_a_wrong_number_or_comment_is_named(tmp_path, text, words):
    (found,) = complaints(tmp_path, text)
    assert words in found


def test_a_short_number_must_be_near_and_a_caption_proves_nothing(tmp_path):
    (found,) = complaints(tmp_path, *["word"] * prose.NEAR, "0.13 and 0.125")
    assert "no cell computes 0.13." in found
    (found,) = complaints(tmp_path, caption="it falls to 0.77")
    assert "show: 'it falls to 0.77': no cell computes 0.77. Correct it, or let an f-string compute it" in found
