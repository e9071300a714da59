"""Derivatives without a formula, to check the formulas by: centred differences, and what counts as equal."""

from dataclasses import dataclass

import numpy as np

from helpers import arguments

STEP = 3e-5  # lesson 9 measures it: smaller steps lose digits to rounding, larger ones to the third derivative
ANY = {"ndims": range(65), "shape": "any shape"}  # NumPy's arrays have at most 64 dimensions

# How far off a number may be, as a share of the largest number expected. What is measured is right to 1e-7 of it.
MEASURED = 1e-6
SINGLE = 2e-5  # for numbers of single precision, float32
NOISE = 1e-11  # centred differences of a function with values near 1 are off by as much, however small the slope


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
    array, same shape as `x`; TypeError or ValueError where `x`, `h` or what `f` returns is not as above
    """
    return differences("gradient", f, x, h, (0,), "(), one number")


def jacobian(f, x, h=STEP):
    """Centred differences of a function with array values: J[..., i] = df / dx_i.

    Arguments as for `gradient`, but `f` may return an array of any shape.
    The result has the shape of the value of `f` followed by the shape of `x`.
    """
    return differences("jacobian", f, x, h, **ANY)


def differences(caller, f, x, h, ndims, shape):
    """The columns of the Jacobian, one per entry of `x`; the values of `f` have one of `ndims`."""
    x = arguments.finite(caller, "x", x, **ANY).astype(np.float64)
    if not (0 < h < np.inf and np.all((x + h > x) & (x - h < x))):
        raise ValueError(f"{caller}: h is {h}, expected a positive step that changes every entry of x")
    columns = []
    for index in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        above, below = (arguments.floats(caller, "f(x)", f(moved), ndims, shape) for moved in (up, down))
        columns.append((above - below) / (up[index] - down[index]))  # 2h, as far as x + h and x - h are rounded
    return np.stack(columns, axis=-1).reshape(columns[0].shape + x.shape)


def allowed(expected, tolerance):
    """How far off an entry may be: a share of the largest expected one, and never less than NOISE."""
    return max(tolerance * abs(expected).max(), NOISE)


@np.errstate(invalid="ignore", over="ignore")
def equal(values, expected, tolerance=MEASURED):
    """Whether two arrays of one shape are equal, as everything in this course means it.

    No entry differs by more than `tolerance` times the largest expected entry, or by more than NOISE where that is
    larger. NaN and infinite numbers are equal to nothing.
    """
    return bool(np.isfinite(expected).all() and (abs(values - expected) <= allowed(expected, tolerance)).all())


@dataclass(frozen=True)
class Comparison:
    """Result of `compare`: whether all entries agree, the worst one, by how much it is off, and all that as text."""

    agree: bool
    worst: tuple
    error: float
    message: str

    def __str__(self):
        return self.message

    __repr__ = __str__

    def __bool__(self):
        return self.agree


@np.errstate(invalid="ignore", over="ignore")
def compare(formula, measured, tolerance=MEASURED):
    """Compare a formula's derivative with a measured one, entry by entry.

    Parameters
    ----------
    formula, measured : arrays of the same shape
        Different shapes are a ValueError: nothing is broadcast.
    tolerance : float
        An entry agrees if it is off by at most `tolerance` times the largest measured entry, or by NOISE where that
        is larger (see `equal`). NaN and infinite entries never agree.

    Returns
    -------
    Comparison
        True or false, and as text: "agree …", with a relative or an absolute tolerance; "DIFFER …" with the worst entry
        and both numbers; or "TOO SMALL …" where centred differences cannot tell such small numbers apart.
    """
    formula = arguments.floats("compare", "formula", formula, **ANY)
    measured = arguments.floats("compare", "measured", measured, **ANY)
    arguments.same_shape("compare", "formula", formula, "measured", measured)
    errors = abs(formula - measured)
    errors = np.where(np.isfinite(errors), errors, np.inf)
    # The first of the worst: entries that differ by rounding only (a symmetric matrix has them) count as equally bad.
    worst = tuple(int(i) for i in np.argwhere(errors >= errors.max() * (1 - 1e-6))[0])
    largest, error = float(abs(measured).max()), float(errors[worst])
    if equal(formula, measured, tolerance):
        absolute, relative = f"{NOISE:g} (absolute)", f"{tolerance:g} of the largest, {largest:.3g} (relative)"
        within = absolute if tolerance * largest <= NOISE else relative
        if error > 0 and largest < 100 * NOISE and formula.any():
            return Comparison(False, worst, error, f"TOO SMALL to tell: no number is known better than to {NOISE:g}")
        return Comparison(True, worst, error, f"agree: all {errors.size} entries, to within {within}")
    digits = 4
    while digits < 17 and f"{formula[worst]:.{digits}g}" == f"{measured[worst]:.{digits}g}":
        digits += 1  # until the two numbers look different
    numbers = f"formula {formula[worst]:.{digits}g}, measured {measured[worst]:.{digits}g}"
    count = (np.isinf(errors) | (errors > allowed(measured, tolerance))).sum()
    message = f"DIFFER: worst at entry {worst}: {numbers} ({count} of {errors.size} entries differ)"
    return Comparison(False, worst, error, message)
