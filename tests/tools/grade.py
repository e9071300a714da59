"""Grade a folder of homework notebooks: `make grade SUBMISSIONS=folder`.

Every notebook in the folder and below is graded by a process of its own (grade_one.py), on all cores. In `--out`, the
folder itself unless told otherwise, stay the tables and a feedback page for each file. What has been graded is kept
there too, so a second call goes on where the first one ended.
"""

import argparse
import concurrent.futures
import contextlib
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
TYPED = "derivation.csv"  # the table in `out` that a person fills in
HEAD = """<meta http-equiv="Content-Security-Policy"
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
        before = {cell.name: above.source for above, cell in itertools.pairwise(released)}
        self.texts = {name: re.sub("^#.*$", "", before[name], flags=re.MULTILINE) for name in grade_one.asked(released)}
        task = next(cell for cell in released if cell.nbgrader.get("task"))
        worth = {name: check.nbgrader["points"] for name, check in grade_one.asked(released).items()}
        self.points = worth | {"derivation": task.nbgrader["points"]}
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
            return grade_one.row(f"grading it failed: {' '.join(said.strip().splitlines()[-1:])[:200]}")
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
                    show(len(rows), len(files), begun, waiting[done].name)
            except KeyboardInterrupt:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in list(self.running):
                    process.terminate()
        return {path: rows[path] for path in files if path in rows}


def show(done, of, begun, name):
    """A bar that grows, on a terminal; elsewhere a line for each file."""
    if sys.stdout.isatty():
        left = (time.monotonic() - begun) / done * (of - done)
        bar = "█" * (30 * done // of)
        print(f"\r{bar:·<30} {done} of {of}, {left:.0f} s left ", end="\n" * (done == of), flush=True)
    else:
        print(f"{done} of {of}  {name}", flush=True)


# ---------------------------------------------------------------- the tables


def cell(value):
    """A text that no spreadsheet takes for a formula."""
    text = " ".join(str(value).split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def read(place, column):
    """A column of a table by file; empty where there is none."""
    with contextlib.suppress(OSError), open(place, encoding="utf-8-sig", newline="") as file:
        return {found["file"]: found[column].strip() for found in csv.DictReader(file)}
    return {}


def write(place, columns, table):
    """A table as CSV, with the mark by which Excel knows UTF-8."""
    with open(place, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([cell(found[column]) for column in columns] for found in table)


def named(path, folder):
    """The student's name, of the folder if there is one (Moodle adds a number and more), and the file."""
    first, *rest = path.relative_to(folder).parts
    name = re.sub(r"_\d+_assignsubmission_.*", "", first if rest else path.stem)
    return {"name": name, "file": path.relative_to(folder).as_posix()}


def line(path, rows, grading, typed):
    """One line of the table: the points and diagnoses of a file, and what a person should look at."""
    row, found, total = rows[path], named(path, grading.folder), 0
    for name in grading.texts:
        entry = row["exercises"].get(name, {"points": 0, "diagnosis": "not graded"})
        found |= {name: f"{entry['points']:g}", f"{name} diagnosis": entry["diagnosis"]}
        total += entry["points"]
    found["derivation"] = typed.get(cell(found["file"]), "")
    with contextlib.suppress(ValueError):
        total += float(found["derivation"].replace(",", "."))
    twins = [other for other in rows if other != path and row["own"] and rows[other]["own"] == row["own"]]
    look = [row["problem"], *row["look"], *(f"identical to {named(twin, grading.folder)['name']}" for twin in twins)]
    return found | {"total": f"{total:g}", "look at": "; ".join(filter(None, look))}


def similar(rows, folder):
    """Pairs of files with answers alike, however their names are changed, the most alike first.

    What an answer is made of counts more the fewer have it.
    """
    count = Counter(itertools.chain.from_iterable(row["marks"] for row in rows.values()))
    weight = {mark: math.log(1 + len(rows) / count[mark]) for mark in count}
    for path, other in itertools.combinations(rows, 2):
        ones, others = set(rows[path]["marks"]), set(rows[other]["marks"])
        both, any_of = (sum(weight[mark] for mark in some) for some in (ones & others, ones | others))
        if any_of and both >= SIMILAR * any_of:
            one, two = (named(each, folder) for each in (path, other))
            yield {"alike": f"{both / any_of:.0%}", **one, "other name": two["name"], "other file": two["file"]}


def terminal(names, table):
    """The points as text, and below them what to look at."""
    width, columns = max(len(found["file"]) for found in table), [*names, "total"]
    rows = ["  ".join([f"{'file':{width}}", *columns])]
    rows += ["  ".join([f"{f['file']:{width}}", *(f"{f[c]:>{len(c)}}" for c in columns)]) for f in table]
    looks = [f"{found['file']}: {found['look at']}" for found in table if found["look at"]]
    return "\n".join([*rows, *(["", "Look at:"] if looks else []), *looks])


# ---------------------------------------------------------------- the page of a student


def derivation(parts):
    """What was derived on paper as HTML: Markdown, or the text as it is if a formula cannot be read; pictures."""
    shown = ""
    for text, pictures in parts:
        try:
            shown += pages.markdown(html.escape(text))
        except ValueError:
            shown += f"<pre>{html.escape(text)}</pre>"
        shown += "".join(f'<p><img src="{html.escape(one)}" alt="a picture handed in"></p>' for one in pictures)
    return shown or "<p>Nothing was handed in.</p>"


def page(found, row, grading):
    """The feedback page: the points, then each exercise: what was asked, the answer, and what the check says."""
    links, sections = "", ""
    for name, worth in grading.points.items():
        got = f"{found[name] or '–'} of {worth:g}"
        entry = row["exercises"].get(name, {})
        if name == "derivation":
            content = derivation(row["derivation"])
        else:
            said = entry.get("page") or f"<p>{html.escape(found[f'{name} diagnosis'])}</p>"
            content = f"{pages.markdown(grading.texts[name])}<pre>{html.escape(entry.get('code', ''))}</pre>{said}"
        links += f'<li><a href="#{name}">{name}</a>: {got}</li>'
        sections += f'<h2 id="{name}">{name} <span>{got}</span></h2>{content}'
    of = sum(grading.points.values())
    head = (
        f"<h1>Homework of {html.escape(found['name'])}</h1><p>{found['total']} of {of:g} points. The checks used other "
    )
    head += f"numbers than those in the notebook. {html.escape(row['problem'])}</p><ul>{links}</ul>"
    return pages.page(f"Homework of {found['name']}", head + sections).replace("<head>", f"<head>{HEAD}", 1)


def write_pages(table, rows, grading, folder):
    """A page for each file, in folders of the same names; what a system may take for one name gets a number."""
    taken = Counter()
    for found, row in zip(table, rows.values(), strict=True):
        place = folder / pathlib.PurePosixPath(found["file"]).with_suffix("")
        taken[str(place).casefold()] += 1
        number = taken[str(place).casefold()]
        place = place.with_name(f"{place.name}{f' ({number})' if number > 1 else ''}.html")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page(found, row, grading), encoding="utf-8")


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
    grading, typed = Grading(folder, out), read(out / TYPED, "derivation")
    rows = grading.grade_all(files, options.jobs)
    table = [line(path, rows, grading, typed) for path in rows]
    if table:
        pairs = sorted(similar(rows, folder), key=lambda pair: -float(pair["alike"].rstrip("%")))
        every = [named(path, folder) for path in files]
        every = [one | {"derivation": typed.get(cell(one["file"]), "")} for one in every]
        write(out / TYPED, ["name", "file", "derivation"], every)
        write(out / "grades.csv", list(table[0]), table)
        write(out / "similar.csv", ["alike", "name", "file", "other name", "other file"], pairs)
        write_pages(table, rows, grading, out / "feedback")
        print(f"\n{terminal(grading.texts, table)}\n\nTables and feedback: {out}. {len(pairs)} similar pairs.")
    others = [path.name for path in found if path.suffix.lower() not in (".ipynb", ".csv", ".html")]
    if others:
        print(f"Not graded, since they are no notebooks: {', '.join(others)}")
    if len(rows) < len(files):
        sys.exit(f"{len(rows)} of {len(files)} are graded. The same command goes on from here.")


if __name__ == "__main__":
    main()
