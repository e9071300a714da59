"""Every mutant of the mathematics is noticed by its tests, except those that change nothing."""

import pytest

from mutating import FILES, survivors

EQUIVALENT = {  # why no test can notice it
    "numerical": {
        "allowed: max(tolerance * abs(expected).max(), NOISE) -> max(NOISE, tolerance * abs(expected).max())": "order",
        "equal: values - expected -> expected - values": "inside of abs",
        "compare: formula - measured -> measured - formula": "inside of abs",
        "compare: tolerance * largest <= NOISE -> tolerance * largest < NOISE": "both texts are true there",
        "compare: 'g' -> ''": "a format with digits means g for floats of this size",
        "compare: digits < 17 -> digits <= 17": "17 digits tell all doubles apart",
        "compare: 17 -> 17000": "17 digits tell all doubles apart",
        "differences: 0 < h < np.inf -> 0 <= h < np.inf": "0 changes no entry either",
    },
    "arguments": {
        "probabilities: abs(total - 1) <= tolerance -> abs(total - 1) < tolerance": "no sum is just that far off",
        "probabilities: total - 1 -> 1 - total": "inside of abs",
        "scores: np.isfinite -> np.isnan": "asks more often, for the same answer",
        "one_hot: floats(caller, name, value) -> floats(name, caller, value)": "callers have asked before",
    },
}


@pytest.mark.parametrize("file", FILES)
def test_the_tests_notice_every_mutant_of(file):
    assert survivors(file) == set(EQUIVALENT.get(file, ()))
