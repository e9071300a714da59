import itertools

import numpy as np

from driving import built, give, press
from helpers import explorers
from helpers.explorers.faulty_gradient import FEATURES, LINE_UP, SUSPICIONS, evidence
from helpers.numerical import equal

explorer, fresh = built(explorers.faulty_gradient), built(explorers.faulty_gradient)


def agreeing(N, features, seed):
    """What agrees with the slopes that are measured here once more."""
    p, returned = evidence(N, features, seed)
    slopes = np.column_stack(list(p.slopes_of(p.loss).values()))
    return {words for words, values in returned.items() if equal(values, slopes)}


def signs(explorer):
    """The letters with the mark of agreement, and with the mark of difference."""
    shown = [text.get_text() for text in explorer.letters]
    return ["".join(text[0] for text in shown if text.endswith(sign)) for sign in "✓≠"]


def test_one_agrees_on_every_input_and_the_others_hide_on_some():
    inputs = list(itertools.product((1, 2, 4), FEATURES))
    for seed in range(1, 21):
        hiding = {one: agreeing(*one, seed) for one in inputs}
        assert set.intersection(*hiding.values()) == {"it is right"} == hiding[4, "mixed"]
        assert hiding[1, "mixed"] >= {"sum, not mean", "mean too early"}
        assert "x is missing" in hiding[2, "all 1"] and "bias times x" in hiding[4, "sum to 1"]
        for one, other in itertools.combinations(SUSPICIONS, 2):  # and any two of the six can be told apart
            assert any((one in found) != (other in found) for found in hiding.values()), (one, other)


def test_the_line_up_is_shuffled_and_the_first_suspicion_is_wrong(explorer):
    assert sorted(LINE_UP.values()) == sorted(SUSPICIONS) != list(LINE_UP.values()) != list(SUSPICIONS)
    assert LINE_UP[explorer.letter.value] != explorer.suspicion.value


def test_numbers_and_signs_are_what_is_returned_and_measured(explorer):
    for N, letter, features in itertools.product((1, 4), LINE_UP, FEATURES):
        give(explorer, examples=N, implementation=letter, features=features)
        p, returned = evidence(N, features, explorer.seed)
        both = [returned[LINE_UP[letter]], np.column_stack([p.slopes["dL/dW"], p.slopes["dL/db"]])]
        shown = [float(text.get_text().replace("−", "-")) for text in explorer.texts]
        np.testing.assert_allclose(shown, np.hstack(both).ravel(), atol=6e-4)
        off = abs(both[0] - both[1]) > 1e-6
        assert len(explorer.signs.get_xdata()) == off.sum()
        assert f"{letter} agrees" in explorer.sentence if not off.any() else f"{letter} differs" in explorer.sentence
        agree = agreeing(N, features, explorer.seed)
        assert signs(explorer) == [
            "".join(k for k in LINE_UP if (LINE_UP[k] in agree) == here) for here in (True, False)
        ]


def test_nothing_is_given_away_before_it_is_accused(explorer):
    for letter, features in itertools.product(LINE_UP, FEATURES):
        give(explorer, implementation=letter, features=features)
        told = explorer.sentence + "".join(text.get_text() for text in explorer.names)
        for words, pair in SUSPICIONS.items():
            assert not any(said and said in told for said in (words, *(one.sentence for one in pair)))


def test_accusations_are_answered_by_numbers_until_all_six_are_named(fresh):
    letters = {words: letter for letter, words in LINE_UP.items()}
    right, mean = letters["it is right"], letters["sum, not mean"]
    give(fresh, examples=1, implementation=mean, your_suspicion="it is right")
    press(fresh, "Accuse")
    assert "Not “it is right”, although it looks the same here" in fresh.sentence and "Solved: 0 of 6" in fresh.sentence
    give(fresh, examples=4)
    assert "Not" not in fresh.sentence  # an answer belongs to its input
    press(fresh, "Accuse")
    slope, four = (fresh.texts[k].get_text() for k in (3, 0))
    assert f"Not “it is right”: then ∂L/∂w₁₁ would be {slope} here, but {mean} returns {four}." in fresh.sentence
    for solved, (letter, words) in enumerate(LINE_UP.items(), start=1):
        give(fresh, implementation=letter, your_suspicion=words)
        press(fresh, "Accuse")
        reason = "measured slope on every input" if letter == right else SUSPICIONS[words][letter == mean].sentence
        assert fresh.sentence.startswith(f"Yes, {letter}: {words}. ") and reason in fresh.sentence
        assert (f"Solved: {solved} of 6" in fresh.sentence) == (solved < 6)
        assert ("All six are named" in fresh.sentence) == (solved == 6)
        assert [text.get_text() for text in fresh.names] == [*LINE_UP.values()][:solved] + [""] * (6 - solved)


def test_other_numbers_keep_the_choices(explorer):
    give(explorer, examples=4, features="mixed")
    before = [text.get_text() for text in explorer.texts]
    press(explorer, "Other numbers")
    assert [text.get_text() for text in explorer.texts] != before and explorer.N.value == 4
