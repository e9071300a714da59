"""Grade a folder of homework notebooks: `make grade SUBMISSIONS=folder`.

Every notebook in the folder and below is graded by nbgrader, in a course folder and processes of its own
(grade_one.py), so that whatever one does costs its own row only. In `--out`, the folder itself unless
told otherwise, stay grades.csv and nbgrader's feedback as HTML; the table also goes to the terminal.
"""

import argparse
import concurrent.futures
import csv
import itertools
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import psutil

TOOLS = pathlib.Path(__file__).resolve().parent
ROOT = TOOLS.parents[1]
NOTEBOOK = ROOT / "notebooks" / "07_homework.ipynb"
SECONDS = 240  # for one submission; a usual one takes about ten


def exercises():
    """The names of the exercises, in their order."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    entries = [cell["metadata"]["nbgrader"] for cell in cells if "nbgrader" in cell["metadata"]]
    return [entry["grade_id"] for entry in entries if entry["solution"]]


def release(course):
    """A course folder with the homework in it, as nbgrader hands it out; helpers/ lies beside the notebook."""
    source = course / "source" / "homework"
    source.mkdir(parents=True)
    shutil.copy(NOTEBOOK, source)
    shutil.copytree(ROOT / "helpers", source / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(TOOLS / "nbgrader_config.py", course)
    program = [sys.executable, "-m", "nbgrader", "generate_assignment", "homework"]
    done = subprocess.run(program, cwd=course, env=environment(course), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"nbgrader generate_assignment failed:\n{done.stderr}")


def environment(folder):
    """The environment of the processes: what they write goes to the folder, and nobody's own settings count."""
    places = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "TMPDIR")
    for place in places:
        (folder / place).mkdir(exist_ok=True)
    own = {place: str(folder / place) for place in places}
    programs = pathlib.Path(sys.executable).parent  # nbgrader calls one of its neighbours
    path = os.pathsep.join([str(programs), os.environ.get("PATH", "")])
    return {**os.environ, **own, "PATH": path, "OPENBLAS_NUM_THREADS": "1"}


def run(program, log, **options):
    """Run a program; after SECONDS end it with all that it started. Returns what is to be said about it."""
    with open(log, "wb") as file:
        process = subprocess.Popen(program, stdin=subprocess.DEVNULL, stdout=file, stderr=file, **options)
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            for one in [*psutil.Process(process.pid).children(recursive=True), process]:
                one.kill()
            return f"stopped after {SECONDS} seconds"
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
    return f"grading it failed: {' '.join(last)[:200]}" if process.returncode else ""


def grade(path, course, feedback):
    """The row of one file: a dictionary with `problem` and `exercises`."""
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as name:
        folder = pathlib.Path(name)
        shutil.copytree(course, folder / "course")
        program = [sys.executable, TOOLS / "grade_one.py", path, folder / "course", folder / "result.json"]
        problem = run(program, folder / "log.txt", cwd=folder / "course", env=environment(folder))
        page = folder / "course" / "feedback" / "student" / "homework" / "07_homework.html"
        if page.exists():
            feedback.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, feedback)
        if problem:
            return {"problem": problem, "exercises": {}}
        return json.loads((folder / "result.json").read_text(encoding="utf-8"))


def grade_all(files, folder, feedback, jobs):
    """The rows of all files, with a line for each; `jobs` files at the same time."""
    pages = [feedback / path.relative_to(folder).with_suffix(".html") for path in files]
    with tempfile.TemporaryDirectory(prefix="homework-") as name, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        course = pathlib.Path(name) / "course"
        release(course)
        rows = []
        for row in pool.map(grade, files, itertools.repeat(course), pages):
            rows.append(row)
            print(f"{len(rows)} of {len(files)}  {files[len(rows) - 1].name}", flush=True)
    return rows


def lines(names, files, rows):
    """One dictionary for each file: its points and diagnosis for each exercise, the total, and what to look at."""
    for file, row in zip(files, rows, strict=True):
        line, look = {"file": file}, [row["problem"]] if row["problem"] else []
        for name in names:
            entry = row["exercises"].get(name, {"points": 0.0, "diagnosis": "not graded", "look": ""})
            line |= {name: f"{entry['points']:g}", f"{name} diagnosis": entry["diagnosis"]}
            look += [f"{name}: {entry['look']}"] if entry["look"] else []
        total = sum(entry["points"] for entry in row["exercises"].values())
        yield line | {"total": f"{total:g}", "look at": "; ".join(look)}


def table(names, graded):
    """The points as text, and below them what to look at."""
    width = max(len(line["file"]) for line in graded)
    rows = ["  ".join([f"{'file':{width}}", *names, "total"])]
    columns = [*names, "total"]
    rows += ["  ".join([f"{line['file']:{width}}", *(f"{line[c]:>{len(c)}}" for c in columns)]) for line in graded]
    looks = [f"{line['file']}: {line['look at']}" for line in graded if line["look at"]]
    return "\n".join([*rows, *(["", "Look at:"] if looks else []), *looks])


def main():
    """Read the command line, grade, and write what came out."""
    parser = argparse.ArgumentParser(description="Grade a folder of homework notebooks with nbgrader.")
    parser.add_argument("folder", type=pathlib.Path, help="notebooks of any name, in subfolders too")
    parser.add_argument("--out", type=pathlib.Path, help="where grades.csv and feedback/ go (default: the folder)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="files at the same time (default: all cores)")
    options = parser.parse_args()
    folder, out = options.folder.resolve(), (options.out or options.folder).resolve()
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    found = [path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    files = [path for path in found if path.suffix.lower() == ".ipynb"]
    if not files:
        sys.exit(f"There is no notebook (.ipynb) in {options.folder}")
    names = exercises()
    rows = grade_all(files, folder, out / "feedback", options.jobs)
    graded = list(lines(names, [path.relative_to(folder).as_posix() for path in files], rows))
    out.mkdir(parents=True, exist_ok=True)
    with open(out / "grades.csv", "w", encoding="utf-8-sig", newline="") as file:  # with the mark Excel knows UTF-8 by
        writer = csv.DictWriter(file, graded[0])
        writer.writeheader()
        writer.writerows(graded)
    print(f"\n{table(names, graded)}\n\nPoints and diagnoses: {out / 'grades.csv'}\nFeedback: {out / 'feedback'}")
    others = [path.name for path in found if path.suffix.lower() not in (".ipynb", ".csv", ".html")]
    if others:
        print(f"Not graded, since they are no notebooks: {', '.join(others)}")


if __name__ == "__main__":
    main()
