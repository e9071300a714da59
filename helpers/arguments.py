"""What the mathematics accepts: every bad argument gets a sentence that names it.

Each function takes the name of its caller first, so that the sentence starts with what the student typed.
"""

import numpy as np


def array(caller, name, value, kinds, content, ndims, shape):
    """`value` as an array: one of NumPy's `kinds` of numbers, one of the numbers of dimensions, not empty."""
    try:
        values = np.asarray(value)
    except ValueError:
        raise ValueError(f"{caller}: {name} has rows of different lengths, expected {shape}") from None
    if values.dtype.kind not in kinds:
        raise TypeError(f"{caller}: {name} must hold {content}, but its type is {values.dtype}")
    if values.ndim not in ndims or values.size == 0:
        empty = "" if values.size else ", not empty"
        raise ValueError(f"{caller}: {name} has shape {values.shape}, expected {shape}{empty}")
    return values


def floats(caller, name, value, ndims=(1, 2), shape="(m,) or (N, m)"):
    """`value` as a float array: integers become float64, floats keep their type; TypeError or ValueError otherwise."""
    values = array(caller, name, value, "fiub", "real numbers", ndims, shape)
    return values if values.dtype.kind == "f" else values.astype(np.float64)


def integers(caller, name, value, ndims=(1,), shape="(N,)"):
    """`value` as an array of class numbers; TypeError or ValueError otherwise. Floats and booleans are not integers."""
    return array(caller, name, value, "iu", "integers", ndims, shape)


def require(caller, name, values, good, expected):
    """ValueError that names the first entry of `values` (or its first row) where `good` is false."""
    if np.count_nonzero(good) < good.size:
        index = tuple(int(i) for i in np.argwhere(~good)[0])
        place = f"{name}[{', '.join(map(str, index))}]" if index else name
        raise ValueError(f"{caller}: {place} is {values[index]}, expected {expected}")


def finite(caller, name, value, ndims=(1, 2), shape="(m,) or (N, m)"):
    """`floats`, and neither NaN nor infinite."""
    values = floats(caller, name, value, ndims, shape)
    require(caller, name, values, np.isfinite(values), "a finite number")
    return values


def same_shape(caller, name, values, other_name, other):
    """ValueError where two arrays that belong together differ in shape: nothing is broadcast."""
    if values.shape != other.shape:
        raise ValueError(f"{caller}: {name} has shape {values.shape} but {other_name} has shape {other.shape}")


def probabilities(caller, name, value):
    """`floats`, no entry below 0 or NaN, each row with sum 1 (up to rounding)."""
    p = floats(caller, name, value)
    require(caller, name, p, (p >= 0) & (p <= 1), "a probability, 0 to 1")
    total = p.sum(axis=-1)
    tolerance = 1e-8 if p.dtype == np.float64 else 1e-3
    require(caller, f"sum of {name}", total, abs(total - 1) <= tolerance, "1")
    return p


def scores(caller, name, value):
    """`floats`, where -inf ("impossible") may stand beside a finite score, but NaN and +inf may not."""
    z = floats(caller, name, value)
    if not np.isfinite(z).all():
        top = z.max(axis=-1)
        require(caller, f"largest score of {name}", top, np.isfinite(top), "a finite number")
    return z


def one_hot(caller, name, value):
    """`floats`, each row with exactly one 1, the rest 0."""
    y = floats(caller, name, value)
    require(caller, name, y, (y == 0) | (y == 1), "0 or 1 (one-hot)")
    require(caller, name, y, y @ np.ones(y.shape[-1]) == 1, "one-hot: exactly one 1, the rest 0")
    return y


def scores_and_targets(caller, z, y):
    """The arguments of a loss from scores: `scores` z and `one_hot` y of one shape."""
    z, y = scores(caller, "z", z), floats(caller, "y", y)
    same_shape(caller, "z", z, "y", y)
    return z, one_hot(caller, "y", y)


def activations_and_targets(caller, a, y):
    """The arguments of equations (4) and (5): activations a, not negative, and `one_hot` y of one shape."""
    a, y = floats(caller, "a", a), floats(caller, "y", y)
    same_shape(caller, "a", a, "y", y)
    require(caller, "a", a, (a >= 0) & (a < np.inf), "an activation, not negative (is a the scores?)")
    return a, one_hot(caller, "y", y)


def count(caller, name, value):
    """TypeError or ValueError unless `value` is an integer of at least 1."""
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{caller}: {name} must be an integer, but it is {value!r}")
    if value < 1:
        raise ValueError(f"{caller}: {name} is {value}, expected at least 1")
