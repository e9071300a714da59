"""What runs in the browser's Python before the first cell, so that no cell waits for an import; and a repair."""

import importlib
import json

STEPS = {
    "numpy": "NumPy",
    "matplotlib.backends.backend_agg": "Matplotlib",
    "pyodide_kernel": "the notebook's kernel",
    "helpers.explorers": "the explorers",
}  # not the questions: they make a widget when they are imported, and before the first cell nobody can hear of it


def steps():
    """What `step` can be called with, and what it is called, for JavaScript."""
    return json.dumps(list(STEPS.items()))


def step(module):
    """Import a module."""
    importlib.import_module(module)


def keep_print_settings():
    """Let NumPy's print settings live longer than a cell: this kernel runs each cell in a context of its own."""
    import numpy as np
    from IPython import get_ipython

    kept = {}
    events = get_ipython().events
    events.register("pre_run_cell", lambda info: np.set_printoptions(**kept))
    events.register("post_run_cell", lambda result: kept.update(np.get_printoptions()))
