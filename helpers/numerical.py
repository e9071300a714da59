"""Derivatives without a formula, to check the formulas by: centred differences, and a comparison that can fail."""

from dataclasses import dataclass

import numpy as np

from helpers import arguments

STEP = 3e-5  # lesson 2 measures it: smaller steps lose digits to rounding, larger ones to the third derivative
ANY = {"ndims": range(33), "shape": "any shape"}


def gradient(f, x, h=STEP):
    """Centred differences of a scalar function: (f(x + h e_i) - f(x - h e_i)) / 2h for every entry i of x.

    Parameters
    ----------
    f : callable
        Takes an array of the shape of `x`, returns one number.
    x : array of any shape
        Where the derivative is taken; not changed.
    h : float
        Step, positive and large enough to change every entry of `x`.

    Returns
    -------
    array, same shape as `x`

    Raises
    ------
    TypeError, ValueError
        `x` not real and finite, a bad `h`, `f` returns something else than one number.
    """

    def number(x):
        return arguments.floats("gradient", "f(x)", f(x), (0,), "(), one number")

    return differences("gradient", number, x, h)


def jacobian(f, x, h=STEP):
    """Centred differences of a function with array values: J[..., i] = df / dx_i.

    Arguments as for `gradient`, but `f` may return an array of any shape.
    The result has the shape of the value of `f` followed by the shape of `x`.
    """

    def values(x):
        return arguments.floats("jacobian", "f(x)", f(x), **ANY)

    return differences("jacobian", values, x, h)


def differences(caller, f, x, h):
    """The columns of the Jacobian, one per entry of `x`."""
    x = arguments.finite(caller, "x", x, **ANY).astype(np.float64)
    if not (0 < h < np.inf and np.all((x + h > x) & (x - h < x))):
        raise ValueError(f"{caller}: h is {h}, expected a positive step that changes every entry of x")
    columns = []
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        width = up[index] - down[index]  # 2h, as far as x + h and x - h are rounded
        columns.append((f(up) - f(down)) / width)
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)


@dataclass(frozen=True)
class Comparison:
    """Result of `compare`: whether all entries agree, and the worst one."""

    agree: bool
    worst: tuple
    error: float
    message: str

    def __str__(self):
        return self.message

    __repr__ = __str__

    def __bool__(self):
        return self.agree


@np.errstate(invalid="ignore")
def compare(formula, measured, tolerance=1e-7):
    """Compare a formula's derivative with a measured one, entry by entry.

    The error of an entry is |formula - measured| / max(1, largest |measured|): absolute for ordinary numbers, relative
    to the largest entry for large ones.

    Parameters
    ----------
    formula, measured : arrays of the same shape
        Different shapes are a ValueError: nothing is broadcast.
    tolerance : float
        Largest error that still counts as agreement. NaN and infinite entries never agree.

    Returns
    -------
    Comparison
        True or false, and as text: "agree …" or the worst entry with both numbers.
    """
    formula = arguments.floats("compare", "formula", formula, **ANY)
    measured = arguments.floats("compare", "measured", measured, **ANY)
    arguments.same_shape("compare", "formula", formula, "measured", measured)
    errors = abs(formula - measured) / max(1.0, abs(measured).max())
    errors = np.where(np.isnan(errors), np.inf, errors)
    # The first of the worst: entries that differ by rounding only (a symmetric matrix has them) count as equally bad.
    worst = tuple(int(i) for i in np.argwhere(errors >= errors.max() * (1 - 1e-6))[0])
    error = float(errors[worst])
    if error <= tolerance:
        return Comparison(True, worst, error, f"agree: all {errors.size} entries, to within {tolerance:g}")
    digits = 4
    while digits < 17 and f"{formula[worst]:.{digits}g}" == f"{measured[worst]:.{digits}g}":
        digits += 1  # until the two numbers look different
    message = (
        f"DIFFER: worst at entry {worst}: formula {formula[worst]:.{digits}g}, measured {measured[worst]:.{digits}g} "
        f"({(errors > tolerance).sum()} of {errors.size} entries differ)"
    )
    return Comparison(False, worst, error, message)
