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
        ("```\n0.7\n```\nSection 2.", []),
    ],
)
def test_what_counts_as_a_number(text, stated):
    assert [number.value for number, _ in prose.numbers(text)] == [Decimal(value) for value in stated]


@pytest.mark.parametrize(
    ("written", "value", "right"),
    [
        ("0.35", 0.3495, True),
        ("0.35", -0.354, True),
        ("0.35", 0.356, False),
        ("84 %", 0.838, True),
        ("84 %", 83.8, True),
        ("84 %", 0.846, False),
        ("258", 258, True),
        ("258", 258.4, False),
        (r"8.5 \cdot 10^{-18}", 8.496e-18, True),
        (r"8.5 \cdot 10^{-18}", 8.6e-18, False),
        ("0.35", float("nan"), False),
    ],
)
def test_what_a_number_stands_for(written, value, right):
    ((number, _),) = prose.numbers(written)
    assert number.stands_for(value) == right


def notebook(*prose_cells, caption="a line"):
    """Two code cells, one with 0.123 in its output and one with a caption, and the given Markdown at the end."""
    first = new_code_cell(
        "a = [0.25, 0.125]\nprint(a[1] ** 2 * 8)", outputs=[new_output("stream", name="stdout", text="0.1250\n")]
    )
    shown = new_output("display_data", {"text/plain": f"Figure: {caption}"})
    second = new_code_cell(f"show({caption!r})", id="show", outputs=[shown])
    said = [new_markdown_cell(text, id=f"said-{k}") for k, text in enumerate(prose_cells)]
    return new_notebook(cells=[first, second, *said])


def complaints(*prose_cells, tmp_path, **kwargs):
    return prose.complaints(notebook(*prose_cells, **kwargs), tmp_path)


def test_printed_held_and_tied_numbers_are_true(tmp_path):
    text = (
        "It is 0.125, about 0.13; the rest 0.25, sum 0.375, half 0.188.\n<!--\n0.375 = sum(a)\n0.188 = sum(a) / 2\n-->"
    )
    assert complaints(text, tmp_path=tmp_path) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "One. It is 0.126. Two.",
            "said-0: 'It is 0.126. Two.': no cell computes 0.126. Correct it, or say",
        ),
        ("In 14 % of them", "no cell computes 14."),
        ("Sum 0.376 <!-- 0.376 = sum(a) -->", "the sentence says 0.376, but sum(a) is 0.375"),
        ("Sum 0.375 <!-- 0.375 = sum(c) -->", "but sum(c) is NameError: name 'c' is not defined"),
        ("Sum 0.375 <!-- 0.375 = sum( -->", "but sum( is SyntaxError"),
        ("It is 0.125. <!-- 0.375 = sum(a) -->", "no sentence says the number of the comment 0.375 = sum(a)"),
    ],
)
def test_a_wrong_number_or_comment_is_named(tmp_path, text, words):
    (found,) = complaints(text, tmp_path=tmp_path)
    assert words in found


def test_a_short_number_must_be_near_and_a_long_one_may_be_far(tmp_path):
    between = ["word"] * prose.NEAR
    (found,) = complaints(*between, "0.13 and 0.125", tmp_path=tmp_path)
    assert "no cell computes 0.13." in found


def test_a_caption_is_a_sentence_and_no_proof(tmp_path):
    (found,) = complaints("words", caption="it falls to 0.77", tmp_path=tmp_path)
    assert "show: 'it falls to 0.77': no cell computes 0.77. Correct it, or let an f-string compute it" in found


def test_a_comment_may_use_the_next_cell(tmp_path):
    lesson = notebook()
    lesson.cells.insert(0, new_markdown_cell("Later 0.375 <!-- 0.375 = sum(a) -->", id="before"))
    assert prose.complaints(lesson, tmp_path) == []
