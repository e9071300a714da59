"""Pages that need nothing but a browser, and what they refuse."""

import re
from html import unescape

import nbformat
import pytest

import book
import pages
import printed
import teaching
from answers import EXERCISES


def test_markdown_keeps_tables_folds_code_and_equation_numbers():
    html = pages.markdown(
        "| $a_k$ | b |\n|---|---|\n| `$x$` | $-\\log a_y$ |\n\n<details><summary>Why</summary>\n\n*So.*\n\n</details>\n"
        "\ntext\n\n$$L = 1\n- 2. \\tag{4}$$\n"
    )
    kept = (
        '<th><span class="whole"><math',
        "<code>$x$</code>",
        'rspace="0.17em">log<',
        "<em>So.</em>",
        "<span>(4)</span>",
    )
    assert [part for part in kept if part not in html] == []
    assert 'display="block"' in html and "tag" not in html


@pytest.mark.parametrize("formula", [r"\unknown{x}", r"\frac{1", r"a & b", r"x_", r"\mathbf x"])
def test_a_formula_of_which_a_part_would_be_lost_is_refused_by_its_text(formula):
    with pytest.raises(ValueError, match=re.escape(repr(formula))):
        pages.markdown(f"one ${formula}$")


def test_the_printed_book_holds_every_picture_fold_and_equation_and_needs_nothing_else():
    html = printed.whole()
    cells = [cell for path in book.lessons() for cell in nbformat.read(path, as_version=4).cells]
    stored = [output for cell in cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})]
    alts = [unescape(alt) for alt in re.findall(r'<img src="data:image/png;base64,[^"]+" alt="(.*?)"', html)]
    assert alts == [output.metadata["image/png"]["alt"] for output in stored]
    assert html.count("<details>") >= sum(cell.source.count("<details>") for cell in cells) > 50
    assert [k for k in range(1, 10) if f"<span>({k})</span>" not in html] == []
    anchors = re.findall(r'id="(.*?)"', html)
    assert len(anchors) == len(set(anchors)) and set(re.findall(r'href="#(.*?)"', html)) <= set(anchors)
    assert "$" not in re.sub(r"<(code|pre)>.*?</\1>", "", html, flags=re.DOTALL)
    assert re.findall(r'src="(?!data:)|href="(?!#|https:)|<link|<script|@import|url\(', html) == []


# The pages for teaching; that they are current is shown with the other pages of `make shared`


def made(name):
    return (printed.TEACHING / name).read_text(encoding="utf-8")


def test_every_wrong_idea_of_every_exercise_is_among_the_misconceptions():
    page = made("misconceptions.md")
    ideas = {(one.name, idea.key): idea.sentence for one in EXERCISES.values() for idea in one.ideas}
    assert [key for key, sentence in ideas.items() if sentence not in page] == []


def test_the_points_of_an_answer_add_up_and_the_sheet_holds_no_answer():
    questions = re.split(r"^## ", made("exam.md"), flags=re.M)[1:]
    assert len(questions) >= 10
    for question in questions:
        assert int(re.search(r"\((\d+) points\)", question)[1]) == sum(map(int, re.findall(r"\[(\d)\]", question)))
    sheet = dict(printed.sheets())["exam_sheet.html"]
    assert sheet.count("<h2>") == len(questions) and not re.search(r"Answer|\[\d\]", sheet)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda: teaching.heading(1, "No such section"), "lesson 1 has no heading"),
        (lambda: teaching.schedule((80, 1, "Your turn", "")), "90 minutes, not 80"),
        (lambda: teaching.asked("ratio", 3), "is the right answer to ratio"),
        (lambda: teaching.met("chain_rule: no such idea"), "no such idea"),
        (lambda: teaching.asked("no-such-question"), "no-such-question"),
    ],
)
def test_a_page_that_names_what_is_not_there_is_refused(wrong, words):
    with pytest.raises((ValueError, KeyError), match=words):
        wrong()
