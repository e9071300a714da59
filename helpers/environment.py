"""Says what is missing before a lesson fails on it. Standard library only, so that it runs wherever Python runs."""

import importlib.metadata
import pathlib
import sys

MINIMUM = {"numpy": (2, 0), "matplotlib": (3, 9), "ipywidgets": (8, 0), "ipykernel": (6, 0)}
FORGETFUL = (7, 0)  # this ipykernel runs each cell in a new context: github.com/ipython/ipykernel/issues/1457
REPAIR = "Start the course with `make lab`, or run `pip install -r requirements.txt` in the Python of this notebook."


def problems(python=sys.version_info, version=importlib.metadata.version, folder=None):
    """A sentence for everything that is wrong with this Python; with the parameters the tests can pretend."""
    found = []
    if tuple(python[:2]) < (3, 11):
        found.append(f"Python is {python[0]}.{python[1]}, but the course needs 3.11 or newer.")
    for package, minimum in MINIMUM.items():
        wanted = ".".join(map(str, minimum))
        try:
            installed = version(package)
        except importlib.metadata.PackageNotFoundError:
            found.append(f"{package} is not installed; the course needs {wanted} or newer.")
            continue
        number = tuple(int(part) for part in installed.split(".")[:2])
        if number < minimum:
            found.append(f"{package} is {installed}, but the course needs {wanted} or newer.")
        if package == "ipykernel" and number == FORGETFUL:
            found.append(f"ipykernel is {installed}, which forgets how to print numbers after each cell; 7.1 does not.")
    folder = pathlib.Path.cwd() if folder is None else pathlib.Path(folder)
    if not (folder.parent / "helpers" / "data" / "penguins.csv").is_file():
        found.append(f"helpers/ is not beside the notebook's folder, {folder.name}/: keep the course in one piece.")
    return found


def check():
    """Print what is wrong and how to repair it, or that all is well."""
    found = problems()
    if found:
        print("Something is missing:", *(f"- {sentence}" for sentence in found), REPAIR, sep="\n")
    else:
        print("All is well: Python, the packages and the data are here.")
