"""Build the site: the lessons in JupyterLab without a server, with a Python that runs in the reader's browser.

JupyterLite makes the pages. Python and its packages come from Pyodide, each file checked by its hash, and go into one
bundle: compiled, and without what no lesson needs. So nothing is asked of anybody while a lesson runs.
"""

import argparse
import gzip
import hashlib
import html
import importlib.metadata
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import urllib.request
import zipfile

import nbformat
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_KERNEL_NPM_NAME, PYODIDE_VERSION

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "tools"))
import book  # noqa: E402  it knows the lessons

CACHE = ROOT / ".venv" / "site-cache"
CORE = "d78ac549b28a2a58600cd06f44e017024151775f8c6b2d73fab1475400d38ea2"  # SHA-256 of Pyodide's npm package
WANTED = ("numpy", "matplotlib", "ipython", "micropip")  # from Pyodide, with what they depend on
UNUSED = {"fonttools", "pytz"}  # matplotlib names them: for PDF, and for time zones by name
INSTALLED = ("ipywidgets", "comm", "anywidget", "psygnal", "typing_extensions")  # from the environment of this program
LEFT_OUT = re.compile(
    r"(^|/)tests?/|/RECORD$|\.(pyi|pxd|pyx|[ach]|lib)$|/mpl-data/(sample_data|images|fonts/(afm|pdfcorefonts))/"
    r"|^numpy/f2py/|^matplotlib/backends/(web_backend|qt_editor)/"
)


def checked(data, sha256, name):
    """The data, if it is what its hash says."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ValueError(f"{name} is not the file that was promised: its SHA-256 is not {sha256}")
    return data


def fetched(url, sha256):
    """The path of a file, from the cache or from `url`, checked in both cases."""
    path = CACHE / url.rsplit("/", 1)[-1]
    if not path.exists():
        with urllib.request.urlopen(url) as answer:
            path.write_bytes(checked(answer.read(), sha256, url))
    checked(path.read_bytes(), sha256, path)
    return path


def core():
    """The folder with Pyodide itself, from the npm registry."""
    CACHE.mkdir(parents=True, exist_ok=True)
    archive = CACHE / f"pyodide-{PYODIDE_VERSION}.tgz"
    if not archive.exists():
        subprocess.run(["npm", "pack", "--silent", f"pyodide@{PYODIDE_VERSION}"], cwd=CACHE, check=True)
    checked(archive.read_bytes(), CORE, archive)
    with tarfile.open(archive) as package:
        package.extractall(CACHE, filter="data")
    return CACHE / "package"


def needed(packages):
    """What of a lock file's packages the site needs."""
    found, names = {}, list(WANTED)
    while names:
        name = names.pop().lower().replace("_", "-")
        if name not in found and name not in UNUSED:
            found[name] = packages[name]
            names += packages[name]["depends"]
    return found


def extracted(wheel, folder):
    """Take from a wheel what the site needs."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if not LEFT_OUT.search(name)])


def compiled(pyodide, tree, *folders):
    """Compile the Python files in some folders of a tree with the Python of the browser."""
    subprocess.run(["node", HERE / "compile.mjs", pyodide, tree, *folders], check=True)


def libraries(pyodide, wheels):
    """The folder with the compiled standard library and packages, made anew only where its parts changed."""
    lock = pathlib.Path(wheels or pyodide, "pyodide-lock.json").read_bytes()
    parts = [lock, *((HERE / name).read_bytes() for name in ("build.py", "compile.mjs", "requirements.txt"))]
    tree = CACHE / f"libraries-{hashlib.sha256(b''.join(parts)).hexdigest()[:16]}"
    if (tree / "done").exists():
        return tree
    for old in CACHE.glob("libraries-*"):
        shutil.rmtree(old)
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as library:
        library.extractall(tree / "stdlib")
    base = pathlib.Path(wheels).resolve().as_uri() if wheels else PYODIDE_CDN_URL
    for entry in needed(json.loads(lock)["packages"]).values():
        extracted(fetched(f"{base}/{entry['file_name']}", entry["sha256"]), tree / "packages")
    extension = pathlib.Path(sys.prefix, "share", "jupyter", "labextensions", PYODIDE_KERNEL_NPM_NAME)
    for name in ("pyodide_kernel", "piplite", "ipykernel"):
        extracted(next(extension.glob(f"static/pypi/{name}-*.whl")), tree / "packages")
    for name in INSTALLED:
        for file in importlib.metadata.files(name):
            if (file.suffix == ".py" or file.parts[0].endswith(".dist-info")) and not LEFT_OUT.search(str(file)):
                target = tree / "packages" / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(file.locate(), target)
    compiled(pyodide, tree, "stdlib", "packages")
    (tree / "done").touch()
    return tree


def helpers(pyodide):
    """The folder with the compiled helpers, beside their sources, and with what starts them."""
    shutil.rmtree(CACHE / "course", ignore_errors=True)
    shutil.copytree(ROOT / "helpers", CACHE / "course" / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(HERE / "start.py", CACHE / "course")
    compiled(pyodide, CACHE, "course")
    return CACHE / "course"


def packed(*folders):
    """One compressed file: a line of JSON with paths and sizes, then the files' bytes; compiled code without source."""
    files = {}
    for folder in folders:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if not path.with_suffix(".pyc").exists() or path.suffix == ".pyc":
                files[path.relative_to(folder).as_posix()] = path.read_bytes()
    head = json.dumps([[name, len(data)] for name, data in files.items()]).encode()
    return gzip.compress(b"\n".join([head, b"".join(files.values())]), mtime=0)


def install(wheels, folder):
    """Put Python into a folder of the site."""
    pyodide = core()
    tree, course = libraries(pyodide, wheels), helpers(pyodide)
    folder.mkdir()
    for name in ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"):
        shutil.copy(pyodide / name, folder)
    lock = json.loads((pyodide / "pyodide-lock.json").read_text())
    (folder / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}))  # what is missing is not fetched
    with zipfile.ZipFile(folder / "python_stdlib.zip", "w", zipfile.ZIP_DEFLATED) as library:
        for path in sorted((tree / "stdlib").rglob("*")):
            if path.is_dir() or path.suffix == ".pyc" or not path.with_suffix(".pyc").exists():
                library.write(path, path.relative_to(tree / "stdlib"))
    (folder / "bundle.bin").write_bytes(packed(tree / "packages", course))
    shutil.copy(HERE / "start.mjs", folder)
    (kernel,) = (folder.parent / "extensions" / PYODIDE_KERNEL_NPM_NAME / "static").glob("comlink.worker.*.js")
    worker = f'import {{ loadPyodide }} from "./start.mjs";\nimport "../{kernel.relative_to(folder.parent)}";\n'
    (folder / "worker.mjs").write_text(f"{worker}\nloadPyodide();\n")  # the kernel's worker, but Python starts at once


def contents(folder):
    """What the site's file browser shows: lessons, helpers, and the lessons as released, under a name of their own."""
    lessons = {path.name: nbformat.read(path, as_version=4) for path in book.lessons()}
    for notebook in lessons.values():
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.execution_count = None  # its number comes when the reader runs it
        notebook.metadata.kernelspec = {"display_name": "Python", "language": "python", "name": "python"}
    texts = {name: json.dumps(notebook, ensure_ascii=False) for name, notebook in lessons.items()}
    release = "released-" + hashlib.sha256("".join(texts.values()).encode()).hexdigest()[:7]
    for place in ("notebooks", release):
        (folder / place).mkdir(parents=True)
        for name, text in texts.items():
            (folder / place / name).write_text(text)
    shutil.copytree(ROOT / "helpers", folder / "helpers", ignore=shutil.ignore_patterns("__pycache__"))
    return release


def front_page(release):
    """The first page: a link to each lesson, and what to know before the first."""
    rows = []
    for path in book.lessons():
        title, minutes = html.escape(book.short_title(path)), book.minutes(book.stored(path))
        link = "lab/index.html?path={}/" + path.name
        rows.append(
            f'<li><a href="{link.format("notebooks")}">{title}</a> <span>{minutes} minutes</span> '
            f'<a class="released" href="{link.format(release)}" aria-label="{title}, as released">as released</a></li>'
        )
    return book.between((HERE / "front.html").read_text(encoding="utf-8"), "lessons", "\n".join(rows))


def site(folder, wheels=None):
    """Build the site into a folder, which is emptied first."""
    stage = CACHE / "stage"
    for old in (stage, folder):
        shutil.rmtree(old, ignore_errors=True)
    release = contents(stage / "contents")
    shutil.copy(HERE / "jupyter-lite.json", stage)
    shutil.copy(HERE.parent / "labconfig" / "default_setting_overrides.json", stage / "overrides.json")
    command = ["jupyter-lite", "build", "--apps=lab", "--no-sourcemaps", "--no-unused-shared-packages"]
    command += [f"--lite-dir={stage}", f"--output-dir={folder.resolve()}", f"--contents={stage / 'contents'}"]
    run = [pathlib.Path(sys.prefix, "bin", command[0]), *command[1:]]
    done = subprocess.run(run, capture_output=True, text=True, cwd=stage, check=False)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    install(wheels, folder / "python")
    (folder / "index.html").write_text(front_page(release), encoding="utf-8")
    shutil.copy(HERE / "progress.js", folder)
    lab = folder / "lab" / "index.html"
    lab.write_text(lab.read_text().replace("<head>", '<head>\n<script src="../progress.js"></script>', 1))


def main():
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Build the site.")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--wheels", help="a folder with Pyodide's wheels and their lock file, in place of its CDN")
    options = parser.parse_args()
    site(options.folder, options.wheels)


if __name__ == "__main__":
    main()
