"""Lesson 9: loss and gradient that keep their digits."""

from decimal import Decimal, localcontext

import numpy as np

from helpers.cross_entropy import categorical_crossentropy_grad, one_hot, softmax_crossentropy
from helpers.exercises.exercise import ONE, Exercise, Factor, Idea
from helpers.exercises.problems import Given
from helpers.softmax import softmax, softmax_jacobian


def example(about, label, *z):
    """Scores with loss and gradient from 200 digits: at a lead of 300, a_y differs from 1 in the 131st."""
    with localcontext(prec=200):
        e = [Decimal(z_k).exp() for z_k in z]
        loss, gradient = -(e[label] / sum(e)).ln(), [e_k / sum(e) - (k == label) for k, e_k in enumerate(e)]
    exact = {"loss": float(loss), "gradient": np.array(gradient, dtype=float)}
    return Given(about, "m", z=np.array(z), label=label, y=one_hot(label, len(z)), exact=exact)


PROBLEMS = (
    example("no class is far ahead", 1, 2.0, 1.0, -1.0),
    example("the right class is ahead by 20", 2, 0.5, -1.0, 20.5, 0.0),
    example("the right class is ahead by 40", 0, 40.0, 0.0, 0.0),
    example("the right class is ahead by 300", 1, -150.0, 150.0),
    example("the right class is behind by 30", 2, 30.0, 29.0, 0.0),
    example("the right class is behind by 800", 0, 0.0, 800.0, 799.0),
    example("all scores are near 1000", 1, 1000.0, 960.0, 999.0),
)
EPSILONS = 10.0 ** -np.arange(6, 17)


def share(p, **parts):
    """Numbers divided by the exact ones: 1 is right, and 0 is digits lost, even if only some of the first 13."""
    shares = {f"{part} / exact {part}": np.divide(values, p.exact[part]) for part, values in parts.items()}
    return {name: np.where((abs(s - 1) > 1e-13) & (abs(s - 1) < 1e-3), 0, s) for name, s in shares.items()}


def shifted(p, shift):
    """The exponentials of the scores less a shift, and their sum without the right class."""
    return np.exp(p.z - shift), np.exp(np.delete(p.z, p.label) - shift).sum()


def by_ratio(p):
    """From the sum over the others divided by the right class, with either score subtracted, or none."""
    ways = [shifted(p, shift) for shift in (p.z[p.label], p.z.max(), 0)]
    return share(p, loss=[np.log1p(rest / e[p.label]) for e, rest in ways],
                 gradient=[np.where(p.y > 0, -rest, e) / e.sum() for e, rest in ways])  # fmt: skip


def one_too_many(p):
    """log1p of the sum over all, and over all but the right class, with the largest score put back in two orders."""
    (e, rest), top, own = shifted(p, p.z.max()), p.z.max(), p.z[p.label]
    return share(p, loss=[way for part in np.log1p([e.sum(), rest]) for way in (top - own + part, part - own + top)])


accurate = Exercise(
    name="accurate",
    parameters=("z", "label"),
    returns={"loss": "", "gradient": "m"},
    problems=lambda: PROBLEMS,
    asked=lambda p: share(p, **p.exact),
    reading=lambda p, returned: share(p, loss=returned[0], gradient=returned[1]),
    ideas=(
        Idea("1 + r", "Where the right class is far ahead, 1 or a large score is added to a tiny number, whose digits "
             "are then gone.", lambda p: share(p, loss=softmax_crossentropy(p.z, p.y))),
        Idea("cancels", "Where the right class is far ahead, 1 is subtracted from a number that was rounded to 1.",
             lambda p: share(p, gradient=softmax(p.z) - p.y)),
        Idea("log of softmax", "It takes the logarithm of a probability, which is rounded to 1 if the right class is "
             "far ahead, and to 0 if it is far behind.", lambda p: share(p, loss=-np.log(softmax(p.z)[p.label]))),
        Idea("1 - q", "It takes the others' probability from 1. Where they are far ahead, nothing is left.",
             lambda p: share(p, loss=-np.log1p(-np.delete(softmax(p.z), p.label).sum()))),
        Idea("unfused", "Equations (5) and (2) are multiplied: it divides by a probability that was rounded to 0.",
             lambda p: share(p, gradient=categorical_crossentropy_grad(softmax(p.z), p.y) @ softmax_jacobian(p.z))),
        Idea("overflow", "The digits are kept until something leaves the range of a double: the right class may be far "
             "behind, and scores may be near 1000.", by_ratio),
        Idea("whose 1", "The 1 in log1p stands for the class whose score you subtracted. Is it that class, and no "
             "other, that the sum leaves out?", one_too_many),
        Idea("epsilon", "The probability is changed before the logarithm is taken: something is added, or cut off.",
             lambda p: share(p, loss=-np.log([*(softmax(p.z)[p.label] + EPSILONS),
                                              *np.clip(softmax(p.z)[p.label], EPSILONS, 1 - EPSILONS)]))),
        Idea("sign of y", "The entry of the right class must be negative: a higher score lowers the loss.",
             lambda p: share(p, gradient=[softmax(p.z), p.exact["gradient"] * (1 - 2 * p.y)])),
    ),
    factors=(ONE, Factor("-1", "The sign is opposite.", lambda p: -1)),
    where="the table of the four operations, above the exercise",
    hints=("Subtract the largest score. Which class has the exponential 1 then? Leave that one out of the sum: log1p "
           "puts it back.",
           "A right class that is not the largest has a larger loss, by a difference of two scores.",
           "Only the right class's entry subtracts. All entries sum to 0, so what is it?"),
    otherwise="It is not the exact number. Which operation loses the digits?",
)  # fmt: skip
