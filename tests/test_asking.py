"""Questions that students commit to: what is shown, what is said to each answer, that nothing is given away."""

import re

import ipywidgets
import pytest

from helpers.exercises import asking

QUESTIONS = list(asking.QUESTIONS.values())
ONE = {
    "choice": asking.Choice("c", 1, {"question": "Which?", "right": 2, "options": [["a.", "No a."], ["b", "Yes b."]]}),
    "number": asking.Number("n", 1, {"question": "How many?", "number": 67, "unit": "%", "within": 0.1} | {
        "near": "About.", "low": "More.", "high": "Less."}),
    "order": asking.Order("o", 1, {"question": "Order?", "order": ["z", "a"], "yes": "Yes.", "no": "No."}),
}  # fmt: skip
ANSWERS = [  # kind, what is given, whether it is right, what is said of it
    ("choice", 0, False, "Not this time. You said: a. No a. The answer: b. Yes b."),
    ("choice", 1, True, "Right: b. Yes b."),
    ("number", "50", False, "Not this time. You said: 50 %. More. The answer: 67 %. About."),
    ("number", "70,5 %", True, "Close enough: 67 %. About."),
    ("number", "67", True, "Right: 67 %. About."),
    ("number", "2000/3", False, "Not this time. You said: 666.667 %. Less. The answer: 67 %. About."),
    ("order", ("a", "z"), False, "Not this time. You said: a, z. No. The answer: z, a. Yes."),
    ("order", ("z", "a"), True, "Right: z, a. Yes."),
]


@pytest.fixture
def shown(monkeypatch):
    """What is displayed, a bundle each; the questions above can be asked."""
    bundles = []
    monkeypatch.setattr(asking, "display", lambda data, **kw: bundles.append(data))
    for kind, one in ONE.items():
        monkeypatch.setitem(asking.QUESTIONS, kind, one)
        monkeypatch.setitem(asking.BACK, kind, one)
    return bundles


def give(question, given):
    """Answer as a student does, with the widgets."""
    control = question.box.children[1]
    control = control.children[0] if isinstance(question, asking.Number) else control
    if isinstance(given, tuple):
        for one in given:
            next(button for button in control.children if button.description.endswith(one)).click()
    else:
        control.value = given
    return question.status.value


@pytest.mark.parametrize(("kind", "given", "right", "said"), ANSWERS)
def test_an_answer_is_taken_and_then_judged_with_its_own_sentence(shown, kind, given, right, said):
    asking.ask(kind)
    assert "into the next cell" in give(ONE[kind], given) and said not in ONE[kind].status.value
    asking.answer(kind)
    assert shown[-1]["text/plain"] == said and ("✓" if right else "✗") in shown[-1]["text/html"]


@pytest.mark.parametrize(("kind", "given", "right", "said"), ANSWERS)
def test_whoever_ran_on_reads_the_answer_and_may_still_give_one(shown, kind, given, right, said):
    asking.ask(kind)
    asking.answer(kind)
    assert shown[-1]["text/plain"].startswith("The answer: ") and "○" in shown[-1]["text/html"]
    assert said in give(ONE[kind], given)


@pytest.mark.parametrize(("kind", "given", "right", "said"), ANSWERS)
def test_asked_back_it_says_at_once_whether_it_is_right_without_the_sentences(shown, kind, given, right, said):
    asking.recall(kind)
    status = give(ONE[kind], given)
    assert (
        (("Right: " in status or "Close enough: " in status) if right else "No. The answer: " in status)
        and "Yes" not in status
        and "About" not in status
    )


def test_an_incomplete_answer_is_none_and_a_new_run_forgets_the_old_answer_once_its_result_was_shown(shown):
    for text in ("", "no idea", ".", "1/0"):
        asking.ask("number")
        give(ONE["number"], "5")
        assert "No complete answer" in give(ONE["number"], text) and ONE["number"].given is None
    asking.ask("order")
    assert "No complete answer" in give(ONE["order"], ("z",)) and "1. z" in str(ONE["order"].buttons)
    give(ONE["order"], ("z",))  # pressed again: taken out
    assert ONE["order"].picked == []
    asking.ask("choice")
    give(ONE["choice"], 0)
    before = ONE["choice"].box
    asking.ask("choice")  # who answers has selected this cell
    assert ONE["choice"].given == 0 and before.comm is None and "Your answer: a. " in ONE["choice"].status.value
    asking.answer("choice")
    asking.ask("choice")
    assert ONE["choice"].given is None


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
def test_a_question_of_a_lesson_can_be_asked(shown, question):
    asking.ask(question.name)
    data = shown[-1]
    assert isinstance(question.box.children[1], ipywidgets.DOMWidget)
    if not isinstance(question, asking.Number):
        assert 2 <= len(question.choices) <= 5 and len(set(question.choices)) == len(question.choices)
        assert all(f"- {one}" in data["text/markdown"] for one in question.choices)
    answers = range(len(question.choices)) if isinstance(question, asking.Choice) else [question.answer]
    sentences = {question.sentence(given) for given in answers} | {
        sentence for key, sentence in question.parts.items() if key in ("near", "low", "high", "yes", "no")
    }
    assert len(sentences) == {asking.Choice: len(question.choices), asking.Number: 3, asking.Order: 2}[type(question)]
    assert not any(sentence in str(data) for sentence in sentences)  # nothing is given away
    asking.recall(question.name)
    if isinstance(question, asking.Choice):  # asked back in another order, and still judged rightly
        back = asking.BACK[question.name]
        assert [text for text, _ in back.box.children[1].options] == sorted(question.choices)
        assert f"{question.parts.get('lead', 'Right')}: " in give(back, question.answer)
    assert not re.search(r"[$\\]", str(question.parts)), "a button shows no formulas: write z₁, ∂L/∂z"
