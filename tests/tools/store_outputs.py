"""Execute the notebooks and store their outputs so that two runs write the same bytes (`make outputs`)."""

import argparse
import asyncio
import pathlib
import sys

import nbclient
import nbformat

NOTEBOOKS = pathlib.Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def cell_metadata(metadata):
    """What the course uses of a cell's metadata: tags, nbgrader's entry, and that a prediction's output is hidden."""
    kept = {name: metadata[name] for name in ("nbgrader", "tags") if metadata.get(name)}
    if metadata.get("jupyter", {}).get("outputs_hidden"):
        kept["jupyter"] = {"outputs_hidden": True}
    return kept


def outputs(stored):
    """A code cell's outputs without what differs from run to run or from machine to machine."""
    kept = []
    for output in stored:
        if output.output_type == "stream":
            if kept and kept[-1].get("name") == output.name:  # one print may arrive in several messages
                kept[-1].text += output.text
                continue
        elif output.output_type == "error":  # the frames name folders and Python's version
            output.traceback = [f"{output.ename}: {output.evalue}"]
        elif WIDGET_VIEW in output.data and len(output.data) > 1:  # its model id is new in every run
            del output.data[WIDGET_VIEW]
        kept.append(output)
    return kept


def normalised(notebook):
    """An executed notebook as it is stored; the argument is changed."""
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict(cell_metadata(cell.metadata))
        if cell.cell_type == "code":
            cell.outputs = outputs(cell.outputs)
    return notebook


def as_text(notebook):
    """The file's content: sorted keys, one space per level, no escapes, a newline at the end."""
    return nbformat.writes(notebook) + "\n"


async def execute(path):
    """The notebook, run from top to bottom in a fresh kernel whose working directory is the notebook's folder."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    client = nbclient.NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=300,
        record_timing=False,
        store_widget_state=False,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    await client.async_execute()
    return normalised(notebook)


def differences(stored, fresh):
    """A line for each cell whose stored form is not the fresh one, with what differs."""
    for old, new in zip(stored.cells, fresh.cells, strict=True):
        parts = [part for part in sorted({*old, *new}) if old.get(part) != new.get(part)]
        if parts:
            yield f"    {new.id}: {', '.join(parts)}"


async def store(path, check):
    """Execute one notebook and store it, or compare it with what is stored; returns a line to print and success."""
    try:
        fresh = await execute(path)
    except (nbclient.exceptions.CellExecutionError, nbclient.exceptions.CellTimeoutError) as error:
        return f"{path.name}: does not run\n{error}", False
    text = as_text(fresh)
    if path.read_text(encoding="utf-8") == text:
        return f"{path.name}: current", True
    if check:
        stored = nbformat.read(path, as_version=4)
        return "\n".join([f"{path.name}: not current", *differences(stored, fresh)]), False
    path.write_text(text, encoding="utf-8", newline="\n")
    return f"{path.name}: stored", True


async def store_all(paths, check):
    """Execute the notebooks, two at the same time; returns whether all went well."""
    free = asyncio.Semaphore(2)

    async def one(path):
        async with free:
            line, good = await store(path, check)
        print(line, flush=True)
        return good

    return all(await asyncio.gather(*map(one, paths)))


def main():
    """Read the command line; the exit code is 0 when every notebook ran and, with --check, was current."""
    parser = argparse.ArgumentParser(description="Execute the notebooks and store their outputs.")
    parser.add_argument("notebooks", nargs="*", type=pathlib.Path, help="default: all in notebooks/")
    parser.add_argument("--check", action="store_true", help="store nothing; fail where stored outputs are not current")
    options = parser.parse_args()
    paths = [path.resolve() for path in options.notebooks] or sorted(NOTEBOOKS.glob("*.ipynb"))
    good = asyncio.run(store_all(paths, options.check))
    if options.check and not good:
        print("Stored outputs are not current: run `make outputs` and look at what changed.")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
