"""What several pages say together, written in one place: navigation, README's table, its picture, the Binder link."""

import argparse
import functools
import pathlib
import re
import subprocess
import sys
import urllib.parse

import nbformat

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
README = ROOT / "README.md"
PICTURE = ROOT / ".github" / "picture.png"
BINDER = "https://mybinder.org/v2/gh/{}/HEAD?urlpath=lab/tree/notebooks/{}"
UNKNOWN = "OWNER/REPO"
DOORS = """- {site}: installs nothing, keeps your work in your browser, serves any number, first result in ten seconds.
- {binder}: installs nothing, keeps nothing, serves 100 at a time, starts in a minute or more.
- **`make lab`**, on your computer: keeps your files, serves you, starts in seconds after a minute of installing."""
UNLINKED = "The first two have no links yet: on GitHub, `make binder-link` writes them, to Binder one for each lesson."


def lessons():
    """The notebooks in the order of the book."""
    return sorted((ROOT / "notebooks").glob("*.ipynb"))


@functools.cache
def stored(path):
    """A notebook as it is stored, read once for all pages, so nobody changes it."""
    return nbformat.read(path, as_version=4)


def short_title(path):
    """Number and title up to the colon: '1 Softmax'."""
    number, title = int(path.name[:2]), stored(path).cells[0].source.splitlines()[0]
    return f"{number} {title.removeprefix('# ').removeprefix(f'Lesson {number}. ').split(': ')[0]}"


def navigation(path, paths):
    """The line that leads to the previous lesson, the contents and the next lesson."""
    here = paths.index(path)
    contents = "#Contents" if here == 0 else f"{paths[0].name}#Contents"
    links = [f"[Contents]({contents})"]
    if here > 0:
        links.insert(0, f"[← {short_title(paths[here - 1])}]({paths[here - 1].name})")
    if here + 1 < len(paths):
        links.append(f"[{short_title(paths[here + 1])} →]({paths[here + 1].name})")
    return " · ".join(links)


def with_navigation(source, line):
    """A title cell with its navigation line, the first paragraph below the title, replaced."""
    heading, _, *rest = source.split("\n\n")
    return "\n\n".join([heading, line, *rest])


def minutes(notebook):
    """How long a lesson takes, as its first cell says."""
    return re.search(r"\*\*Time:\*\* (\d+) minutes", notebook.cells[0].source)[1]


def objectives(notebook):
    """What a lesson's first cell promises."""
    found = re.search(r"able to\*\*\n\n(.*?)\n\n", notebook.cells[0].source, re.DOTALL)[1].removeprefix("- ")
    return [" ".join(item.split()).rstrip(";.") for item in found.split("\n- ")]


def table_row(path, linked):
    """A lesson's row in the README: links, equations, the first two objectives, minutes."""
    notebook = stored(path)
    tags = re.findall(r"\\tag\{(\d)\}", "\n".join(cell.source for cell in notebook.cells))
    first_two = "; ".join(objectives(notebook)[:2])
    equations = ", ".join(f"({tag})" for tag in tags)
    binder = f", [{int(path.name[:2])} on Binder]({BINDER.format(linked, path.name)})" if linked else ""
    return f"| [{short_title(path)}](notebooks/{path.name}){binder} | {equations} | {first_two} | {minutes(notebook)} |"


def table(linked):
    """The README's table of the lessons."""
    head = "| lesson | equations | you will be able to, among other things | minutes |\n|---|---|---|---|"
    return "\n".join([head, *(table_row(path, linked) for path in lessons())])


def doors(linked):
    """The README's ways in: with links once the repository is known, before that without."""
    if not linked:
        return f"{DOORS.format(site='**The site**', binder='**Binder**')}\n\n{UNLINKED}"
    owner, name = linked.split("/")
    badge = "[![Open the first lesson on Binder](https://mybinder.org/badge_logo.svg)]"
    site = f"**[The site](https://{owner.lower()}.github.io/{name}/)**"
    return DOORS.format(site=site, binder=f"{badge}({BINDER.format(linked, lessons()[0].name)})")


def between(text, name, content):
    """The text with what stands between two markers of that name replaced."""
    pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.S)
    if not pattern.search(text):
        raise ValueError(f"README.md has no place for {name}")
    return pattern.sub(lambda match: f"{match[1]}{content}\n{match[2]}", text)


def repository():
    """Owner and name of the repository on GitHub, from the git remote `origin`."""
    command = ["git", "remote", "get-url", "origin"]
    address = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    match = re.search(r"github\.com[:/]([^/]+)/(.+?)(\.git)?$", address)
    if not match:
        sys.exit(f"make binder-link needs a git remote `origin` on GitHub, but it is {address or 'missing'}.")
    return f"{match[1]}/{match[2]}"


def picture():
    """The README's picture: scores become probabilities, probabilities draw boundaries."""
    import numpy as np

    from helpers import datasets, figures
    from helpers.network import weighted_inputs
    from helpers.softmax import softmax

    penguins = datasets.penguins()
    W, b = np.array([[-3.0, 1.0], [2.0, 2.0], [1.0, -3.0]]), np.array([0.0, -1.0, 0.5])
    bird = np.array([0.6, 0.3])
    z = weighted_inputs(bird, W, b)
    fig, (left, middle, right) = figures.subplots(1, 3, height=3.4, width_ratios=[1, 1, 1.7])
    figures.bars(left, z, penguins.class_names, digits=1)
    left.set_title("one penguin's scores", fontsize=10)
    left.set_ylabel("score $z_k$")
    figures.bars(middle, softmax(z), penguins.class_names, digits=2)
    middle.set_title("softmax, equation (1)", fontsize=10)
    middle.set_ylabel("probability $a_k$")
    figures.frame(right, penguins.X, penguins.feature_names)
    figures.shading(right, W, b)
    figures.boundaries(right, W, b)
    figures.points(right, penguins.X, penguins.labels, penguins.class_names, size=12)
    right.plot(*bird, "*", color=figures.INK, markersize=16, zorder=6)
    right.set_title("the penguin (star) and the straight boundaries", fontsize=10)
    for ax in (left, middle):
        ax.tick_params(axis="x", labelsize=8)
    return figures.png(fig)


def linked_in(text):
    """Owner and name of the repository that README.md's Binder links name; before `make binder-link`, None."""
    match = re.search(BINDER.partition("{}")[0] + r"([^/\s]+/[^/\s]+)/HEAD", text)
    return match and match[1]


def front_page(text, linked):
    """README.md with what follows from the lessons and from owner and name of the repository on GitHub, or None."""
    names = linked_in(text) or UNKNOWN, linked or UNKNOWN
    text = text.replace(*names).replace(*(urllib.parse.quote(name, safe="") for name in names))
    return between(between(text, "doors", doors(linked)), "lessons", table(linked))


def pages(binder=False):
    """Every file that this program writes, with the content it should have, as bytes."""
    import teaching  # it reads the lessons through this program

    readme = README.read_text(encoding="utf-8")
    linked = repository() if binder else linked_in(readme)
    wanted = {README: front_page(readme, linked).encode(), PICTURE: picture()}
    paths = lessons()
    for path in paths:
        notebook = nbformat.read(path, as_version=4)
        notebook.cells[0].source = with_navigation(notebook.cells[0].source, navigation(path, paths))
        wanted[path] = (nbformat.writes(notebook) + "\n").encode()
    return wanted | teaching.pages()


def main():
    """Read the command line; with --check the exit code is 1 where a page is not current."""
    parser = argparse.ArgumentParser(description="Write what several pages of the book say together.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page is not current")
    parser.add_argument("--binder", action="store_true", help="link the git remote `origin`: its site, and Binder")
    options = parser.parse_args()
    wanted = pages(options.binder)
    stale = [path for path, content in wanted.items() if not path.exists() or path.read_bytes() != content]
    for path in stale:
        if not options.check:
            path.write_bytes(wanted[path])
        print(f"{path.relative_to(ROOT)}: {'not current' if options.check else 'written'}")
    if options.check and stale:
        sys.exit("Run `make shared`.")


if __name__ == "__main__":
    main()
