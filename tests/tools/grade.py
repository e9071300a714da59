"""Grade a folder of homework notebooks: `make grade SUBMISSIONS=folder`.

Every notebook in the folder and below is graded by a process of its own (grade_one.py), on all cores. In `--out`, the
folder itself unless told otherwise, stay two tables and a feedback page for each file. What has been graded is kept
there too, so a second call goes on where the first one ended.
"""

import argparse
import concurrent.futures
import csv
import hashlib
import html
import itertools
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import threading
import time

import psutil

import grade_one
import pages

SECONDS = grade_one.ALL + 60  # for one submission; grade_one.py keeps its own time, unless something breaks
SIMILAR = 0.8  # from here on a pair is named
FILES = [path for path in (grade_one.ROOT / "helpers").rglob("*.*") if path.suffix in (".py", ".toml")]
FILES += [*grade_one.TOOLS.glob("grade*.py"), grade_one.NOTEBOOK]
CODE = b"".join(path.read_bytes() for path in sorted(FILES)) + bytes([grade_one.SHUT_IN])  # what a verdict depends on
POINTS = {name: check.nbgrader["points"] for name, check in grade_one.CHECKS.items()}


def grade(path, kept):
    """What grade_one.py says of one file, perhaps in an earlier call."""
    place = kept / f"{hashlib.sha256(path.read_bytes() + CODE).hexdigest()}.json"
    if not place.exists():
        options = {"capture_output": True, "timeout": SECONDS, "start_new_session": True}
        try:
            printed = subprocess.run([sys.executable, grade_one.__file__, path], check=True, **options).stdout
        except subprocess.SubprocessError as error:
            return grade_one.row(f"grading it failed: {type(error).__name__}")
        part = place.with_suffix(f".{threading.get_ident()}")  # so that a file which is there is complete
        part.write_bytes(printed)
        part.replace(place)
    return json.loads(place.read_bytes())


def grade_all(files, kept, jobs):
    """The rows of all files; if a signal ends it, of those that are done."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    rows, begun = {}, time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        waiting = {pool.submit(grade, path, kept): path for path in files}
        try:
            for done in concurrent.futures.as_completed(waiting):
                rows[waiting[done]] = done.result()
                show(len(rows), len(files), begun)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in psutil.Process().children():
                process.terminate()
    return {path: rows[path] for path in files if path in rows}


def show(done, of, begun):
    """A bar that grows, on a terminal; elsewhere a line for each file."""
    left, bar = (time.monotonic() - begun) / done * (of - done), "█" * (30 * done // of)
    print(f"{bar:·<30} {done} of {of}, {left:.0f} s left ", end="\r" if sys.stdout.isatty() else "\n", flush=True)


def write(place, columns, table):
    """A table as CSV, with the mark by which Excel knows UTF-8. No cell begins as a formula does."""
    with open(place, "w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file)
        for row in (columns, *([" ".join(str(found[column]).split()) for column in columns] for found in table)):
            writer.writerow([f"'{text}" if text.startswith(("=", "+", "-", "@")) else text for text in row])


def named(path, folder):
    """The student's name, of the folder if there is one (Moodle adds a number and more), and the file."""
    first, *rest = path.relative_to(folder).parts
    name = re.sub(r"_\d+_assignsubmission_.*", "", first if rest else path.stem)
    return {"name": name, "file": path.relative_to(folder).as_posix()}


def line(path, rows, folder):
    """One line of the table: the points and diagnoses of a file, and what a person should look at."""
    row, found = rows[path], named(path, folder)
    for name, entry in row["exercises"].items():
        found |= {name: f"{entry['points']:g}", f"{name} diagnosis": entry["diagnosis"]}
    found["total"] = f"{sum(entry['points'] for entry in row['exercises'].values()):g}"
    found["derivation"] = "to be read" if row["derivation"] else "nothing handed in"
    twins = [other for other in rows if other != path and row["own"] and rows[other]["own"] == row["own"]]
    look = [row["problem"], *row["look"], *(f"identical to {named(twin, folder)['name']}" for twin in twins)]
    return found | {"look at": "; ".join(filter(None, look))}


def similar(rows, folder):
    """Pairs of files with answers alike, however their names are changed, the most alike first."""
    marks, pairs = {path: set(row["marks"]) for path, row in rows.items() if row["marks"]}, []
    for path, other in itertools.combinations(marks, 2):
        alike = len(marks[path] & marks[other]) / len(marks[path] | marks[other])
        if alike >= SIMILAR:
            two = {f"other {key}": value for key, value in named(other, folder).items()}
            pairs.append({"alike": f"{alike:.0%}", **named(path, folder), **two})
    return sorted(pairs, key=lambda pair: -int(pair["alike"][:-1]))


def markdown(text):
    """A student's Markdown as HTML, without places of pictures; as it is if a formula cannot be read."""
    text = re.sub(r"!\[[^\]]*\]\(attachment:[^)]*\)", "", text)
    try:
        return pages.markdown(html.escape(text))
    except ValueError:
        return f"<pre>{html.escape(text)}</pre>"


def page(found, row):
    """The feedback page: the points, then each exercise: what was asked, the answer, and what the check says."""
    links, sections, before = "", "", [cell.source for cell in grade_one.RELEASED]
    for cell, text in zip(grade_one.RELEASED[1:], before, strict=False):
        if entry := row["exercises"].get(cell.name):
            title, asked = f"{cell.name}: {found[cell.name]} of {POINTS[cell.name]:g}", re.sub("(?m)^#.*$", "", text)
            links += f'<li><a href="#{cell.name}">{title}</a></li>'
            sections += f'<h2 id="{cell.name}">{title}</h2>{pages.markdown(asked)}'
            sections += f"<pre>{html.escape(entry['code'])}</pre>{entry['page']}"
    sections += "<h2>On paper, read by a person</h2>" + ("" if row["derivation"] else "<p>Nothing was handed in.</p>")
    for text, pictures in row["derivation"]:
        sections += markdown(text) + "".join(f'<img src="{html.escape(one)}" alt="handed in">' for one in pictures)
    title = f"Homework of {found['name']}"
    head = f"<h1>{html.escape(title)}</h1><p>{found['total']} of {sum(POINTS.values()):g} points. "
    head += f"The checks used other numbers than those in the notebook. {html.escape(row['problem'])}</p>"
    return pages.page(title, f"{head}<ul>{links}</ul>{sections}")


def main():
    """Read the command line, grade, and write what came out."""
    parser = argparse.ArgumentParser(description="Grade a folder of homework notebooks.")
    parser.add_argument("folder", type=pathlib.Path, help="notebooks of any name, in subfolders too")
    parser.add_argument("--out", type=pathlib.Path, help="where tables and feedback go (default: the folder)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="files at the same time (default: all cores)")
    options = parser.parse_args()
    folder, out = options.folder.resolve(), (options.out or options.folder).resolve()
    found = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    seen = [path for path in found if "/." not in f"/{path.relative_to(folder).as_posix()}"]
    files = [path for path in seen if path.suffix.lower() == ".ipynb"]
    if not files:
        sys.exit(f"There is no notebook (.ipynb) in {options.folder}")
    (out / ".graded").mkdir(parents=True, exist_ok=True)
    rows = grade_all(files, out / ".graded", options.jobs)
    table, pairs = [line(path, rows, folder) for path in rows], similar(rows, folder)
    if table:
        write(out / "grades.csv", list(table[0]), table)
        write(out / "similar.csv", ["alike", "name", "file", "other name", "other file"], pairs)
    for found, row in zip(table, rows.values(), strict=True):
        place = out / "feedback" / f"{found['file']}.html"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page(found, row), encoding="utf-8", errors="replace")
    print(f"\nTables and feedback: {out}. Similar pairs: {len(pairs)}.")
    own = [out / "grades.csv", out / "similar.csv", out / "feedback"]
    others = [str(path.relative_to(folder)) for path in seen if not {path, *path.parents} & {*files, *own}]
    if others:
        print(f"Not graded, since they are no notebooks: {', '.join(others)}")
    if len(rows) < len(files):
        sys.exit(f"{len(rows)} of {len(files)} are graded. The same command goes on from here.")


if __name__ == "__main__":
    main()
