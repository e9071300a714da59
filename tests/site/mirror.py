"""Pyodide's wheels, put together from what PyPI holds, for machines that reach no other place: good to test with.

The compiled ones lie inside a wheel that is on PyPI for another purpose. Do not publish a site built from them.
"""

import hashlib
import json
import pathlib
import subprocess
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "binder" / "site"))
import build  # noqa: E402

CARRIER = "open-webui==0.12.4 --hash=sha256:02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"


def download(folder, *packages):
    """Fetch wheels, whatever Python they are for."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "wanted.txt").write_text("\n".join(packages))
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--ignore-requires-python", "--dest", folder, "-r", folder / "wanted.txt"]
    subprocess.run(command, check=True)


def carried(folder):
    """Name and content of the wheels inside the carrier."""
    if not list(folder.glob("*.whl")):
        download(folder, CARRIER)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        names = [name for name in archive.namelist() if "/pyodide/" in name and name.endswith(".whl")]
        return {pathlib.Path(name).name: archive.read(name) for name in names}


def mirror(folder):
    """Fill a folder with the wheels and a lock file that is true for them."""
    lock = json.loads((build.core() / "pyodide-lock.json").read_text())
    inside = carried(folder / "carrier")
    for name, entry in (packages := build.needed(lock["packages"])).items():
        found = [file for file in inside if file.split("-")[0] == entry["file_name"].split("-")[0]]
        if found:
            (folder / found[0]).write_bytes(inside[found[0]])
        else:
            download(folder, f"{name}=={entry['version']}")
            found = [path.name for path in folder.glob(f"{entry['file_name'].split('-')[0]}-*.whl")]
        sha256 = hashlib.sha256((folder / found[0]).read_bytes()).hexdigest()
        packages[name] = {**entry, "file_name": found[0], "sha256": sha256}
    (folder / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": packages}))


if __name__ == "__main__":
    mirror(pathlib.Path(sys.argv[1]))
