"""The pages of the book agree with each other: navigation, README, the map of the equations, the Binder link."""

import doctest
import importlib
import re

import nbformat
import pytest

import book

README = book.README.read_text(encoding="utf-8")
START = nbformat.read(book.lessons()[0], as_version=4)
MAP = next(cell.source for cell in START.cells if cell.source.startswith("### Where each equation lives"))
CONTENTS = next(cell.source for cell in START.cells if cell.source.startswith("## Contents"))


def test_navigation_and_readme_table_are_current():
    stale = [
        path.name for path, content in book.pages().items() if path.suffix != ".png" and path.read_bytes() != content
    ]
    assert stale == [], "run `make book`"


def test_navigation_leads_to_both_neighbours_and_the_contents():
    paths = book.lessons()[:3]
    assert book.navigation(paths[0], paths).count("](") == 2
    middle = book.navigation(paths[1], paths)
    assert re.findall(r"\]\((.*?)\)", middle) == [paths[0].name, "00_start_here.ipynb#Contents", paths[2].name]
    assert book.with_navigation("# T\n\nold\n\ntext\n\nmore", "new") == "# T\n\nnew\n\ntext\n\nmore"


def test_between_needs_its_markers():
    assert book.between("<!-- x -->\nold\n<!-- end of x -->", "x", "new") == "<!-- x -->\nnew\n<!-- end of x -->"
    with pytest.raises(ValueError, match="no place for y"):
        book.between("no markers", "y", "new")


def test_example_of_the_readme_prints_what_it_says():
    failed, tried = doctest.testfile(str(book.README), module_relative=False)
    assert tried >= 5 and failed == 0


def test_readme_names_only_commands_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", (book.ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)", README, re.M))
    assert {"lab", "test", "grade"} <= named <= targets


def test_links_of_the_readme_find_their_files_and_binder_links_one_repository():
    links = re.findall(r"mybinder\.org/v2/gh/([^/]+/[^/]+)/[^?]+\?urlpath=lab/tree/([^)\s\"]+)", README)
    assert links
    assert len({repository for repository, _ in links}) == 1
    for path in [path for _, path in links] + re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (book.ROOT / path).is_file(), path
    changed = book.BINDER.sub(lambda match: match[1] + "me/fork" + match[2], README)
    assert changed == README.replace(f"gh/{links[0][0]}/", "gh/me/fork/")


def test_contents_list_every_lesson_in_order():
    links = re.findall(r"\| \[(\d) .*?\]\((\S+)\)", CONTENTS)
    assert [name for _, name in links] == [path.name for path in book.lessons()[1:]]
    assert all(name.startswith(f"0{number}") for number, name in links)


@pytest.mark.parametrize("row", [line for line in MAP.splitlines() if line.startswith("| (")])
def test_map_leads_to_the_lesson_with_the_equation_and_to_a_function_that_names_it(row):
    equations, *_, lesson, functions, _ = (part.strip() for part in row.split("|")[1:])
    numbers = re.findall(r"\((\d)\)", equations)
    path = book.ROOT / "notebooks" / re.search(r"\]\((.*?)\)", lesson)[1]
    text = path.read_text(encoding="utf-8")
    for number in range(int(numbers[0]), int(numbers[-1]) + 1):
        assert rf"\\tag{{{number}}}" in text, f"equation ({number}) is not in {path.name}"
    for name in re.findall(r"`(.*?)`", functions):
        module, function = name.split(".")
        found = getattr(importlib.import_module(f"helpers.{module}"), function)
        assert f"equation ({numbers[-1]})" in found.__doc__, name


def test_map_holds_all_nine_equations():
    named = [
        [int(n) for n in re.findall(r"\((\d)\)", line.split("|")[1])] for line in MAP.splitlines() if "| (" in line
    ]
    assert sorted(n for pair in named for n in range(pair[0], pair[-1] + 1)) == list(range(1, 10))
