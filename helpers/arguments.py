"""What the mathematics accepts: every bad argument gets a sentence that names it.

Each function takes the name of its caller first, so that the sentence starts with what the student typed.
"""

import numpy as np


def floats(caller, name, value, ndims=(1, 2)):
    """`value` as a float array: integers become float64, floats keep their type; TypeError or ValueError otherwise."""
    array = np.asarray(value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{caller}: {name} must hold real numbers, but its type is {array.dtype}")
    if array.ndim not in ndims or array.size == 0:
        expected = " or ".join({0: "()", 1: "(m,)", 2: "(N, m)"}[d] for d in ndims)
        raise ValueError(f"{caller}: {name} has shape {array.shape}, expected {expected} with no length 0")
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def finite(caller, name, value, ndims=(1, 2)):
    """`floats`, and neither NaN nor infinite."""
    array = floats(caller, name, value, ndims)
    refuse(caller, name, array, ~np.isfinite(array), "finite numbers")
    return array


def refuse(caller, name, array, bad, expected):
    """ValueError that names the first entry of `array` where `bad` is true."""
    if bad.any():
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        place = f"{name}[{', '.join(map(str, index))}]" if index else name
        raise ValueError(f"{caller}: {place} is {array[index]}, expected {expected}")


def same_shape(caller, name, array, other_name, other):
    """ValueError where two arrays that belong together differ in shape: nothing is broadcast."""
    if array.shape != other.shape:
        raise ValueError(f"{caller}: {name} has shape {array.shape} but {other_name} has shape {other.shape}")


def probabilities(caller, name, value):
    """`floats`, no entry below 0 or NaN, each row with sum 1 (up to rounding)."""
    p = floats(caller, name, value)
    refuse(caller, name, p, ~((p >= 0) & (p <= 1)), "a probability, 0 to 1")
    total = p.sum(axis=-1)
    tolerance = 1e-8 if p.dtype == np.float64 else 1e-3
    refuse(caller, f"sum of {name}", total, abs(total - 1) > tolerance, "1")
    return p


def one_hot(caller, name, y):
    """Where the ones of a one-hot `y` are, as indices of `y`: (labels,) or (rows, labels); ValueError if it is not."""
    m = y.shape[-1]
    rows = np.arange(y.size // m)
    ones = np.flatnonzero(y == 1)
    if np.count_nonzero(y) != len(rows) or not np.array_equal(ones // m, rows):
        row = next(row for row in y.reshape(-1, m) if sorted(row) != [0] * (m - 1) + [1])
        raise ValueError(f"{caller}: {name} has the row {row}, expected one-hot: exactly one 1, the rest 0")
    return (ones,) if y.ndim == 1 else (rows, ones - m * rows)
