"""`make print`: the book on paper, one HTML file that needs no network, and a PDF of it where Chromium is installed."""

import html
import os
import re
import shutil
import subprocess

import nbformat

import book
import pages

BUILD, TEACHING = book.ROOT / "build", book.ROOT / "tests" / "teaching"


def shown(output):
    """A stored output as HTML: its picture, with its sentence, or its text."""
    data = output.get("data", {})
    if "image/png" in data:
        source, about = data["image/png"].strip(), output.metadata["image/png"]
        alt = html.escape(about["alt"])
        caption = f"<p><em>{alt}</em></p>" if data["text/plain"] == about["alt"] else ""  # a figure has its own
        return f'<img src="data:image/png;base64,{source}" alt="{alt}" width="{about["width"]}">{caption}'
    if "text/html" in data:
        return data["text/html"]
    if "text/markdown" in data:
        return pages.markdown(data["text/markdown"])
    return f"<pre>{html.escape(output.text if 'text' in output else data['text/plain'])}</pre>"


def printed(cell):
    """A cell as HTML, with its stored outputs; what the notebook hides until it runs stands in a fold."""
    if cell.cell_type == "markdown":
        return pages.markdown(cell.source)
    code, outputs = f"<pre><code>{html.escape(cell.source)}</code></pre>", "\n".join(map(shown, cell.outputs))
    if cell.metadata.get("jupyter", {}).get("outputs_hidden"):
        outputs = f"<details><summary>What the cell shows</summary>\n{outputs}\n</details>"
    return f'{code}\n<div class="out">{outputs}</div>' if outputs else code


def chapter(path):
    """A lesson as HTML, and its lines in the table of contents."""
    cells = nbformat.read(path, as_version=4).cells
    cells[0].source = book.with_navigation(cells[0].source, "")
    text = re.sub(r'href="(\d\d\w+)\.ipynb[^"]*"', r'href="#\1"', "\n".join(map(printed, cells)))
    text = re.sub(r"<p><strong>Next:</strong>.*?</p>", "", text).replace('href="#Contents"', 'href="#contents"')
    headings = list(enumerate(re.findall(r"<h2>(.*?)</h2>", text)))
    for k, _ in headings:
        text = text.replace("<h2>", f'<h2 id="{path.stem}-{k}">', 1)
    lines = "".join(f'<li><a href="#{path.stem}-{k}">{heading}</a></li>' for k, heading in headings)
    line = f'<li><a href="#{path.stem}">{book.short_title(path)}</a><ol>{lines}</ol></li>'
    return f'<section id="{path.stem}">\n{text}\n</section>', line


def whole():
    """The book as one page."""
    title, about = book.README.read_text(encoding="utf-8").split("\n\n")[:2]
    chapters, lines = zip(*map(chapter, book.lessons()), strict=True)
    contents = f'<nav class="contents" id="contents"><h2>Contents</h2><ul>{"".join(lines)}</ul></nav>'
    first = pages.markdown(f"{title}\n\n{about}")
    return pages.page(title.removeprefix("# "), "\n".join([first, contents, *chapters]))


def pdf(source, target):
    """Whether Chromium was there to print a page."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to start as root otherwise
        options = ["--headless", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline", *root]
        command = [chromium, *options, f"--print-to-pdf={target}", source.resolve().as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return bool(chromium)


def sheets():
    """The pages for teaching by name, and the exam as it is handed out."""
    found = {path.name: path.read_text(encoding="utf-8") for path in sorted(TEACHING.glob("*.md"))}
    found["exam_sheet.md"] = re.sub(r"<details>.*?</details>", "", found["exam.md"], flags=re.DOTALL)
    for name, text in found.items():
        body = re.sub(r'href="../../notebooks/(\w+)\.ipynb"', r'href="book.html#\1"', pages.markdown(text))
        yield name.replace(".md", ".html"), pages.page(text[2:].partition("\n")[0], body.replace('.md"', '.html"'))


def main():
    """Write the book and the pages for teaching into build/."""
    BUILD.mkdir(exist_ok=True)
    for name, text in [("book.html", whole()), *sheets()]:
        (BUILD / name).write_text(text, encoding="utf-8")
        print(f"build/{name}: written")
    found = pdf(BUILD / "book.html", BUILD / "book.pdf")
    print("build/book.pdf:", "written" if found else "not written, because Chromium is not installed")


if __name__ == "__main__":
    main()
