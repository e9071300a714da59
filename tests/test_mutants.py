"""One mutant of every function of the mathematics is noticed by its tests; tests/mutants/ tries them all."""

import pytest

from mutating import FILES, survivors


@pytest.mark.parametrize("file", FILES)
def test_the_tests_notice_a_mutant_of_every_function(file):
    assert survivors(file, one_each=True) == set()
