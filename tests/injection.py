"""Right answers to lesson 7, and the lesson with answers in its exercise cells."""

import asyncio
import inspect
import pathlib

import nbclient
import nbformat
import numpy as np

from helpers.network import weighted_inputs
from helpers.softmax import softmax

LESSON = pathlib.Path(__file__).resolve().parent.parent / "notebooks" / "07_homework.ipynb"


def bias_gradient(W, b, x, y):
    return softmax(weighted_inputs(x, W, b)) - y


def weight_gradient(W, b, x, y):
    return np.outer(softmax(weighted_inputs(x, W, b)) - y, x)


def batch_gradients(W, b, X, Y):
    R = softmax(weighted_inputs(X, W, b)) - Y
    return R.T @ X / len(X), R.mean(axis=0)


def sgd_step(W, b, X, Y, learning_rate):
    dW, db = batch_gradients(W, b, X, Y)
    return W - learning_rate * dW, b - learning_rate * db


def sgd(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for k in range(0, len(X), batch_size):
            batch = order[k : k + batch_size]
            W, b = sgd_step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


FUNCTIONS = [bias_gradient, weight_gradient, batch_gradients, sgd_step, sgd]
RIGHT = {function.__name__: inspect.getsource(function) for function in FUNCTIONS}
UPHILL = RIGHT["sgd_step"].replace("W - ", "W + ").replace("b - ", "b + ")


def with_answers(answers):
    """The lesson as a student would have filled it in; an exercise that is not named keeps its stub."""
    notebook = nbformat.read(LESSON, as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    return notebook


def run(notebook):
    """What each code cell printed or showed as text, by the cell's id; an error in a cell is raised."""
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(LESSON.parent)}})
    asyncio.run(client.async_execute())
    shown = {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs]
            shown[cell.id] = "\n".join(parts)
    return shown
