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
import math
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from collections import Counter

import grade_one
import pages

SECONDS = grade_one.ALL + 60  # for one submission; grade_one.py keeps its own time, unless something breaks
SIMILAR = 0.8  # from here on a pair is named
KEPT = ".graded"  # the folder in `out` with what is done
HEAD = """<head><meta http-equiv="Content-Security-Policy"
    content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
h2 span { font-weight: normal; font-size: 1rem }
body summary { display: inline-block; padding: 0.2em 0.7em; border: 1px solid; border-radius: 4px }
body summary:hover { background: #8883 }
</style>"""


class Grading:
    """What a call grades by: the released notebook, what is kept of earlier calls, and the processes at work."""

    def __init__(self, folder, out):
        self.folder, self.kept, self.running, self.isolated = folder, out / KEPT, set(), grade_one.can_shut_in()
        released = grade_one.read(grade_one.NOTEBOOK.read_bytes())
        checks = grade_one.asked(released)
        self.points = {name: check.nbgrader["points"] for name, check in checks.items()}
        self.by_hand = sum(cell.nbgrader["points"] for cell in released if cell.nbgrader.get("task"))
        before = {cell.name: above.source for above, cell in itertools.pairwise(released)}
        self.texts = {name: re.sub("^#.*$", "", before[name], flags=re.MULTILINE) for name in checks}
        code = [path for path in (grade_one.ROOT / "helpers").rglob("*.*") if path.suffix in (".py", ".toml")]
        code += [*grade_one.TOOLS.glob("grade*.py"), grade_one.NOTEBOOK]
        self.code = b"".join(path.read_bytes() for path in sorted(code)) + bytes([self.isolated])
        self.kept.mkdir(parents=True, exist_ok=True)

    def grade(self, path):
        """What grade_one.py says of one file, perhaps in an earlier call."""
        place = self.kept / f"{hashlib.sha256(path.read_bytes() + self.code).hexdigest()}.json"
        if place.exists():
            return json.loads(place.read_text(encoding="utf-8"))
        command = [sys.executable, grade_one.__file__, path, "isolated" if self.isolated else "open"]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, start_new_session=True)
        self.running.add(process)
        try:
            printed, said = process.communicate(timeout=SECONDS)
            row = json.loads(printed)
        except subprocess.TimeoutExpired:
            process.terminate()
            return grade_one.row(f"stopped after {SECONDS} seconds")
        except ValueError:
            last = (said.strip().splitlines() or ["its process was ended"])[-1]
            return grade_one.row(f"grading it failed: {last[:200]}")
        finally:
            self.running.discard(process)
        part = place.with_suffix(f".{process.pid}")  # so that a file which is there is complete
        part.write_text(printed, encoding="utf-8")
        part.replace(place)
        return row

    def grade_all(self, files, jobs):
        """The rows of all files; if a signal ends it, of those that are done."""
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        rows, begun = {}, time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            waiting = {pool.submit(self.grade, path): path for path in files}
            try:
                for done in concurrent.futures.as_completed(waiting):
                    rows[waiting[done]] = done.result()
                    show(len(rows), len(files), begun, waiting[done].relative_to(self.folder))
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(self.running):
                    process.terminate()
        return {path: rows[path] for path in files if path in rows}


def show(done, of, begun, name):
    """A bar that grows, on a terminal; elsewhere a line for each file."""
    left = (time.monotonic() - begun) / done * (of - done)
    bar = f"\r{'█' * (30 * done // of):·<30} {done} of {of}, {left:.0f} s left "
    print(*((bar, "") if sys.stdout.isatty() else (f"{done} of {of}  {name}\n",)), end="", flush=True)


# ---------------------------------------------------------------- the tables


def write(place, columns, table):
    """A table as CSV, with the mark by which Excel knows UTF-8. No cell begins as a formula does."""
    with open(place, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        for row in (columns, *([" ".join(str(found[column]).split()) for column in columns] for found in table)):
            writer.writerow([f"'{text}" if text.startswith(("=", "+", "-", "@")) else text for text in row])


def named(path, folder):
    """The student's name, of the folder if there is one (Moodle adds a number and more), and the file."""
    first, *rest = path.relative_to(folder).parts
    name = re.sub(r"_\d+_assignsubmission_.*", "", first if rest else path.stem)
    return {"name": name, "file": path.relative_to(folder).as_posix()}


def line(path, rows, grading):
    """One line of the table: the points and diagnoses of a file, and what a person should look at."""
    row, found = rows[path], named(path, grading.folder)
    entries = [row["exercises"].get(name, {"points": 0, "diagnosis": "not graded"}) for name in grading.points]
    for name, entry in zip(grading.points, entries, strict=True):
        found |= {name: f"{entry['points']:g}", f"{name} diagnosis": entry["diagnosis"]}
    found["total"] = f"{sum(entry['points'] for entry in entries):g}"
    found["derivation"] = "to be read" if row["derivation"] else "nothing handed in"
    twins = [other for other in rows if other != path and row["own"] and rows[other]["own"] == row["own"]]
    look = [row["problem"], *row["look"], *(f"identical to {named(twin, grading.folder)['name']}" for twin in twins)]
    return found | {"look at": "; ".join(filter(None, look))}


def similar(rows, folder):
    """Pairs of files with answers alike, however their names are changed, the most alike first.

    What an answer is made of counts more the fewer have it.
    """
    count, pairs = Counter(itertools.chain.from_iterable(row["marks"] for row in rows.values())), []
    for path, other in itertools.combinations(rows, 2):
        ones, others = set(rows[path]["marks"]), set(rows[other]["marks"])
        both, each = (sum(math.log(1 + len(rows) / count[m]) for m in some) for some in (ones & others, ones | others))
        if both >= SIMILAR * each > 0:
            two = {f"other {key}": value for key, value in named(other, folder).items()}
            pairs.append({"alike": f"{both / each:.0%}", **named(path, folder), **two})
    return sorted(pairs, key=lambda pair: -int(pair["alike"][:-1]))


# ---------------------------------------------------------------- the page of a student


def markdown(text):
    """A student's Markdown as HTML; the text as it is if a formula in it cannot be read."""
    try:
        return pages.markdown(html.escape(text))
    except ValueError:
        return f"<pre>{html.escape(text)}</pre>"


def page(found, row, grading):
    """The feedback page: the points, then each exercise: what was asked, the answer, and what the check says."""
    links, sections, name = "", "", html.escape(found["name"])
    for exercise, worth in grading.points.items():
        got, entry = f"{found[exercise]} of {worth:g}", row["exercises"].get(exercise, {})
        said = entry.get("page") or f"<p>{html.escape(found[f'{exercise} diagnosis'])}</p>"
        links += f'<li><a href="#{exercise}">{exercise}</a>: {got}</li>'
        sections += f'<h2 id="{exercise}">{exercise} <span>{got}</span></h2>{pages.markdown(grading.texts[exercise])}'
        sections += f"<pre>{html.escape(entry.get('code', ''))}</pre>{said}"
    links += f'<li><a href="#derivation">derivation</a>: read by a person, {grading.by_hand:g} points at most</li>'
    sections += '<h2 id="derivation">derivation</h2>' + ("" if row["derivation"] else "<p>Nothing was handed in.</p>")
    for text, pictures in row["derivation"]:
        sections += markdown(text) + "".join(f'<img src="{html.escape(one)}" alt="handed in">' for one in pictures)
    head = (
        f"<h1>Homework of {name}</h1><p>{found['total']} of {sum(grading.points.values()):g} points. The checks used "
    )
    head += f"other numbers than those in the notebook. {html.escape(row['problem'])}</p><ul>{links}</ul>"
    return pages.page(f"Homework of {found['name']}", head + sections).replace("<head>", HEAD, 1)


def main():
    """Read the command line, grade, and write what came out."""
    parser = argparse.ArgumentParser(description="Grade a folder of homework notebooks.")
    parser.add_argument("folder", type=pathlib.Path, help="notebooks of any name, in subfolders too")
    parser.add_argument("--out", type=pathlib.Path, help="where tables and feedback go (default: the folder)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="files at the same time (default: all cores)")
    options = parser.parse_args()
    folder, out = options.folder.resolve(), (options.out or options.folder).resolve()
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    found = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    files = [path for path in found if path.suffix.lower() == ".ipynb"]
    if not files:
        sys.exit(f"There is no notebook (.ipynb) in {options.folder}")
    grading = Grading(folder, out)
    rows = grading.grade_all(files, options.jobs)
    table, pairs, taken = [line(path, rows, grading) for path in rows], similar(rows, folder), Counter()
    if table:
        write(out / "grades.csv", list(table[0]), table)
        write(out / "similar.csv", ["alike", "name", "file", "other name", "other file"], pairs)
    print("\n")
    for one, row in zip(table, rows.values(), strict=True):
        print(f"{one['total']:>4}  {one['file']}  {one['look at']}")
        place = out / "feedback" / pathlib.PurePosixPath(one["file"]).with_suffix(".html")
        taken[str(place).casefold()] += 1  # some systems take x.html and X.html for one
        if (number := taken[str(place).casefold()]) > 1:
            place = place.with_stem(f"{place.stem} ({number})")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page(one, row, grading), encoding="utf-8")
    print(f"\nTables and feedback: {out}. Similar pairs: {len(pairs)}.")
    others = [path.name for path in found if path.suffix.lower() not in (".ipynb", ".csv", ".html")]
    if others:
        print(f"Not graded, since they are no notebooks: {', '.join(others)}")
    if len(rows) < len(files):
        sys.exit(f"{len(rows)} of {len(files)} are graded. The same command goes on from here.")


if __name__ == "__main__":
    main()
