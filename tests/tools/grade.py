"""Grade a folder of homework notebooks: `make grade SUBMISSIONS=folder`.

    python tests/tools/grade.py folder [--out folder] [--jobs 2]

Every notebook in the folder and below is graded by nbgrader, in a course folder and processes of its own
(grade_one.py), so that whatever one does costs its own row only. In `--out`, the folder itself unless
told otherwise, stay grades.csv and nbgrader's feedback as HTML; the table also goes to the terminal.
"""

import argparse
import concurrent.futures
import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unicodedata

import psutil

TOOLS = pathlib.Path(__file__).resolve().parent
ROOT = TOOLS.parents[1]
NOTEBOOK = ROOT / "notebooks" / "07_homework.ipynb"
SECONDS = 180  # for one submission; a usual one takes about ten
LARGEST_PAGE = 20_000_000  # bytes of feedback: what a submission displays is in it


def notebooks(folder, out):
    """The notebooks in a folder and below, and the other files except our own results in `out`."""
    hidden = re.compile(r"(^|/)\.")  # .ipynb_checkpoints/, and ._name as archives from macOS hold it
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    files = [folder / name for name in names if not hidden.search(name)]
    found = [path for path in files if path.suffix.lower() == ".ipynb"]
    ours = out / "grades.csv", out / "feedback"
    return found, [path for path in files if path not in found and not {path, *path.parents} & set(ours)]


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


def end(process):
    """End a process and all that it started."""
    started = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
    for one in [*started, process]:
        try:
            one.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def grade(path, course, feedback):
    """The row of one file: a dictionary with `problem` and `exercises`."""
    with tempfile.TemporaryDirectory(prefix="grade-", ignore_cleanup_errors=True) as name:
        folder, problem = pathlib.Path(name), ""
        shutil.copytree(course, folder / "course")
        program = [sys.executable, TOOLS / "grade_one.py", path, folder / "course", folder / "result.json"]
        with open(folder / "log.txt", "wb") as log:
            options = {"cwd": folder / "course", "env": environment(folder), "stdin": subprocess.DEVNULL}
            process = subprocess.Popen(program, stdout=log, stderr=log, **options)
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                problem = f"stopped after {SECONDS} seconds"
            finally:
                end(process)
        page = folder / "course" / "feedback" / "student" / "homework" / "07_homework.html"
        if page.exists() and page.stat().st_size < LARGEST_PAGE:
            feedback.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(page, feedback)
        try:
            row = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            last = (folder / "log.txt").read_text(encoding="utf-8", errors="replace").strip().splitlines()[-1:]
            row = {"exercises": {}, "problem": f"grading it failed: {' '.join(last)[:200]}"}
        return {**row, "problem": problem or row["problem"]}


def grade_all(files, folder, feedback, jobs):
    """The rows of all files, with a line for each; `jobs` files at the same time."""
    rows = {}
    with tempfile.TemporaryDirectory(prefix="homework-") as name, concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        course = pathlib.Path(name) / "course"
        release(course)
        waiting = {}
        for path in files:
            page = feedback / path.relative_to(folder).with_suffix(".html")
            waiting[pool.submit(grade, path, course, page)] = path
        try:
            for future in concurrent.futures.as_completed(waiting):
                rows[waiting[future]] = future.result()
                print(f"{len(rows)} of {len(files)}  {waiting[future].name}", flush=True)
        except BaseException:  # Ctrl-C: end what runs, begin nothing new
            pool.shutdown(wait=False, cancel_futures=True)
            for process in psutil.Process().children(recursive=True):
                process.kill()
            raise
    return [rows[path] for path in files]


def remarks(row):
    """What a person should look at in a row, as one text."""
    named = {}
    for name, entry in row["exercises"].items():
        named.setdefault(entry["remark"], []).append(name)
    found = [f"{', '.join(names)}: {remark}" for remark, names in named.items() if remark]
    return "; ".join([row["problem"]] * bool(row["problem"]) + found)


def total(row):
    """The sum of a row's points."""
    return sum(entry["points"] for entry in row["exercises"].values())


def write_csv(path, names, files, rows):
    """One line for each file: its points and diagnosis for each exercise, the total, and what to look at."""
    with open(path, "w", encoding="utf-8-sig", newline="") as file:  # with the mark by which Excel knows UTF-8
        writer = csv.writer(file)
        writer.writerow(["file", *(title for n in names for title in (n, f"{n} diagnosis")), "total", "look at"])
        for name, row in zip(files, rows, strict=True):
            entries = [row["exercises"].get(n, {"points": 0.0, "diagnosis": "not graded"}) for n in names]
            cells = [cell for entry in entries for cell in (f"{entry['points']:g}", entry["diagnosis"])]
            writer.writerow([name, *cells, f"{total(row):g}", remarks(row)])


def table(names, files, rows):
    """The points as text, and below it what to look at."""
    shown = [unicodedata.normalize("NFC", name) for name in files]
    width = max(map(len, ["file", *shown]))
    lines = ["  ".join([f"{'file':{width}}", *names, "total"])]
    for name, row in zip(shown, rows, strict=True):
        points = [f"{row['exercises'].get(n, {'points': 0.0})['points']:>{len(n)}g}" for n in names]
        lines.append("  ".join([f"{name:{width}}", *points, f"{total(row):>5g}"]))
    looks = [f"{name}: {remarks(row)}" for name, row in zip(shown, rows, strict=True) if remarks(row)]
    return "\n".join([*lines, *(["", "Look at:"] if looks else []), *looks])


def main():
    """Read the command line, grade, and write what came out."""
    parser = argparse.ArgumentParser(description="Grade a folder of homework notebooks with nbgrader.")
    parser.add_argument("folder", type=pathlib.Path, help="notebooks of any name, in subfolders too")
    parser.add_argument("--out", type=pathlib.Path, help="where grades.csv and feedback/ go (default: the folder)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count(), help="files at the same time (default: %(default)s)"
    )
    options = parser.parse_args()
    if not options.folder.is_dir():
        sys.exit(f"There is no folder {options.folder}")
    folder, out = options.folder.resolve(), (options.out or options.folder).resolve()
    files, others = notebooks(folder, out)
    if not files:
        sys.exit(f"There is no notebook (.ipynb) in {options.folder}")
    names = exercises()
    rows = grade_all(files, folder, out / "feedback", options.jobs)
    shown = [path.relative_to(folder).as_posix() for path in files]
    out.mkdir(parents=True, exist_ok=True)
    write_csv(out / "grades.csv", names, shown, rows)
    print(f"\n{table(names, shown, rows)}\n\nPoints and diagnoses: {out / 'grades.csv'}\nFeedback: {out / 'feedback'}")
    if others:
        print(f"Not graded, since they are no notebooks: {', '.join(path.name for path in others)}")


if __name__ == "__main__":
    main()
