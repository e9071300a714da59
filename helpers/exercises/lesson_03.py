"""Lesson 3: the cross entropy of two distributions that may hold zeros."""

import numpy as np

from helpers.cross_entropy import cross_entropy, quiet
from helpers.exercises.exercise import Exercise, Factor, Idea
from helpers.exercises.problems import Given

PROBLEMS = (
    Given("no zeros", "m", p=np.array([0.45, 0.2, 0.35]), q=np.array([0.25, 0.5, 0.25])),
    Given("only p holds a zero", "m", p=np.array([0.0, 0.4, 0.6]), q=np.array([0.2, 0.3, 0.5])),
    Given("a zero of both", "m", p=np.array([0.4, 0.5, 0.1, 0.0]), q=np.array([0.1, 0.3, 0.6, 0.0])),
    Given("only q holds a zero", "m", p=np.array([0.5, 0.2, 0.3]), q=np.array([0.6, 0.4, 0.0])),
    Given("all kinds of zeros", "m", p=np.array([0.5, 0.0, 0.0, 0.5]), q=np.array([0.3, 0.7, 0.0, 0.0])),
)
every, occurring, believed = (lambda p: p.p >= 0), (lambda p: p.p > 0), (lambda p: p.q > 0)


def sums(term, *classes):
    """The sum of term(p, q) over some classes; sums over others too are alternatives."""
    add = quiet(lambda p, some: term(p.p, p.q)[some(p)].sum())
    return lambda p: {"H": np.squeeze([add(p, some) for some in classes])}


cross_entropy_nats = Exercise(
    "cross_entropy_nats", parameters=("p", "q"), returns={"H": ""}, problems=PROBLEMS,
    asked=lambda p: {"H": np.array(cross_entropy(p.p, p.q))},
    ideas=(
        Idea("0 log 0", "Where p_k and q_k are both 0, the computer takes 0 times infinity, and that is NaN.",
             sums(lambda p, q: -p * np.log(q), every)),
        Idea("zeros of q", "All classes with q_k = 0 are left out. But if one of them occurs, what does it cost?",
             sums(lambda p, q: -p * np.log(q), believed)),
        Idea("never infinite", "What occurs although q calls it impossible costs infinitely much. Here the cost is a "
             "finite number: is something tiny added to q, or a number cut off?",
             lambda p, yours: {"H": np.where(np.all(p.q[p.p > 0]), cross_entropy(p.p, p.q), yours[0])}, looks=True),
        Idea("swapped", "p and q are swapped: which says how often, and which how surprising?",
             sums(lambda p, q: -q * np.log(p), every, believed)),
        Idea("entropy", "It is the entropy of p: q is missing.", sums(lambda p, q: -p * np.log(p), every, occurring)),
        Idea("KL", "It is KL, what the wrong belief adds. H(p, q) holds the entropy of p too.",
             sums(lambda p, q: p * np.log(p / q), every, occurring)),
        Idea("no p", "The surprisals are added as if each class occurred every time: give them weights.",
             sums(lambda p, q: -np.log(q), every, occurring)),
    ),
    factors=(Factor("-1", "The sign is opposite: no surprisal is negative.", lambda p: -1),
             Factor("bits", "It counts in bits: nats take another logarithm.", lambda p: 1 / np.log(2)),
             Factor("1/m", "It is divided by m. The p_k are the weights of a mean already.", lambda p: 1 / len(p.p))),
    shapes=(("H", "m", "These are the m terms. H is one number: add them."),),
    where="equation (3), and what sections 2 and 3 say about zeros",
    hints=("Write it for two classes without zeros first. Which of p and q stands inside the logarithm?",
           "Two rules: where p_k is 0 the term is 0, whatever q_k is. Where only q_k is 0 the answer is infinite.",
           "Which classes occur at all? Add up over these alone: with a mask, p > 0, or with an if in a loop."),
)  # fmt: skip
