"""The two tables of lesson 7: wrong ideas about the slopes of the loss, and factors that they may be multiplied by."""

import itertools

import numpy as np

from helpers.cross_entropy import binary_crossentropy, categorical_crossentropy_grad, softmax_crossentropy
from helpers.exercises.exercise import ONE, Factor, Idea
from helpers.softmax import sigmoid, softmax, softmax_jacobian

NAMES = ("dL/dW", "dL/db")
LARGE, SMALL, MEAN = "It is too large by the factor", "It is too small by the factor", "where the mean divides by N."
NO_RATE = "The learning rate has no effect on your step: multiply the slope by learning_rate."
SIZES = (
    Factor("N", f"{LARGE} N, the number of examples: a sum over the batch, but the loss is a mean.",
           lambda p: p.sizes["N"]),
    Factor("1/N", f"{SMALL} N: it is divided by N once more than the mean is.", lambda p: 1 / p.sizes["N"]),
    Factor("1/m", f"{SMALL} m: a mean over the classes where none belongs.", lambda p: 1 / p.sizes["m"]),
    Factor("1/n", f"{SMALL} n: a mean over the features where none belongs.", lambda p: 1 / p.sizes["n"]),
    Factor("N/m", f"It is divided by m, the number of classes, {MEAN}", lambda p: p.sizes["N"] / p.sizes["m"]),
    Factor("N/(N-1)", f"It is divided by N - 1, {MEAN}", lambda p: p.sizes["N"] / max(p.sizes["N"] - 1, 1)),
)  # fmt: skip
RATES = (
    Factor("1/rate", NO_RATE, lambda p: 1 / p.learning_rate),
    Factor("rate", "The learning rate is in your step twice (squared): use it once.", lambda p: p.learning_rate),
    Factor("1/rate²", "Your step is divided by the learning rate: multiply by it.", lambda p: 1 / p.learning_rate**2),
)


def with_sign(sentence, factors):
    """The factors, and each of them and 1 times -1, which `sentence` explains."""
    opposite = lambda f: Factor(f"-{f.key}", f"{sentence} {f.sentence}".strip(), lambda p: -f.size(p))  # noqa: E731
    return *factors, *map(opposite, (ONE, *factors))


UPHILL = "Your step goes uphill, along the slope instead of against it: the loss increases. Check the sign."
FACTORS = with_sign("The sign is opposite: check which of two is subtracted from which.", SIZES)
STEP_FACTORS = with_sign(UPHILL, (*SIZES, *RATES))


def at_scores(V):
    """Other slopes V(p), shape (N, m), at the scores of each example, carried back to W and b."""
    return lambda p: p.carried_back(V(p))


def at_features(X):
    """For W alone: other features X(p) where x belongs."""
    return lambda p: {"dL/dW": p.carried_back(p.score_slopes, X(p))["dL/dW"]}


def labelled(Y):
    """The slopes of the same loss with other labels Y(p)."""
    return lambda p: p.slopes_of(lambda z: softmax_crossentropy(z, Y(p)))


def predicted(scores):
    """The slopes of the same loss, measured where the scores are others than the problem's."""
    return lambda p: p.slopes_of(lambda z: softmax_crossentropy(scores(p) + (z - p.Z), p.Y))


def squared_error(prediction):
    """The slopes of the squared error of a prediction from the scores."""
    return lambda p: p.slopes_of(lambda z: ((prediction(z) - p.Y) ** 2).sum() / (2 * len(p.X)))


def by_activations(p):
    """dL/da of each example, equation (5)."""
    return categorical_crossentropy_grad(p.A, p.Y) * len(p.X)


def either(*quantities):
    """Alternatives."""
    return lambda p: {name: np.stack([quantity(p)[name] for quantity in quantities]) for name in NAMES}


def entrywise(change):
    """Each slope changed after it is computed."""
    return lambda p: {name: change(slope) for name, slope in p.slopes.items()}


def of_examples(weights):
    """Sums of the examples' own slopes, one for each row of weights(N), shape (ways, N)."""
    return lambda p: {n: np.tensordot(weights(len(p.X)), [one.slopes[n] for one in p.examples], 1) for n in NAMES}


def drawn_again(N):
    """The weights of batches in which some examples stand twice and others not at all."""
    rows = itertools.combinations_with_replacement(range(N), N)
    return np.array([np.bincount(row, minlength=N) / N for row in rows])


def shuffled(p):
    """The slopes with each of the orders that the labels can have."""
    orders = itertools.permutations(range(len(p.X)))
    return either(*(labelled(lambda p, order=order: p.Y[list(order)]) for order in orders))(p)


CHAIN = "the chain rule goes on from a through the softmax to the scores"
TOO_MANY = "There is a factor too many: it is the measured slope multiplied by"
EVERY = "the mean counts every example once: sum over all N, then divide."
UPDATED = "was already updated. Compute both slopes before the update."

IDEAS = (
    Idea("zero", "It is zero everywhere, but the loss changes when W and b are nudged: they are no constants. Is it "
         "summed over the classes (each keeps its own entry), or cut off (integers)?", entrywise(np.zeros_like)),
    Idea("score alone", "It is only one factor of the chain rule, the derivative of the score, (9). The other one is "
         "missing.", at_scores(lambda p: np.ones_like(p.A))),
    Idea("no y", "The label y is missing: what has to be subtracted?", at_scores(lambda p: p.A)),
    Idea("y alone", f"It is made of y alone. The activations a are missing: {CHAIN}.", at_scores(lambda p: p.Y)),
    Idea("stops at (5)", f"It stops at equation (5), dL/da = -y/a: {CHAIN}.", at_scores(by_activations)),
    Idea("k = j alone", "Only the right class has a slope. The wrong classes' scores change the loss too.",
         at_scores(lambda p: by_activations(p) * np.diagonal(softmax_jacobian(p.Z), axis1=1, axis2=2))),
    Idea("no right class", "The entry of the right class is missing: its score changes the loss too.",
         at_scores(lambda p: p.score_slopes * (1 - p.Y))),
    Idea("a (1 - a)", f"{TOO_MANY} a (1 - a). It belongs to the squared error; with cross entropy it cancels.",
         at_scores(lambda p: p.score_slopes * p.A * (1 - p.A))),
    Idea("no 1/a", "It is the derivative of the right class's activation, not of its logarithm: where is equation (5)?",
         at_scores(lambda p: -p.score_slopes * (p.A * p.Y).sum(axis=1, keepdims=True))),
    Idea("times a", f"{TOO_MANY} a once more.", at_scores(lambda p: p.score_slopes * p.A)),
    Idea("y log a", "It is built from y log a: the loss, not its derivative.", at_scores(lambda p: p.Y * np.log(p.A))),
    Idea("log a for a", "It holds log a in place of a: the logarithm belongs to the loss, not to its slope.",
         at_scores(lambda p: p.score_slopes + np.log(p.A) - p.A)),
    Idea("argmax for y", "The number of the right class, np.argmax(y), stands where the one-hot vector y belongs.",
         at_scores(lambda p: p.score_slopes + p.Y - p.Y.argmax(axis=1, keepdims=True))),
    Idea("a and y", "It is made of a and y, but not in the right proportion, or y has the wrong sign.",
         either(at_scores(lambda p: p.score_slopes + 2 * p.Y), at_scores(lambda p: p.score_slopes + p.A))),
    Idea("no signs", "Every class's slope has lost its sign, its size, or is squared.",
         either(*(at_scores(lambda p, f=f: f(p.score_slopes)) for f in (abs, np.sign, np.square)))),
    Idea("label off by one", "The label is off by one. Classes count from 0 in NumPy.",
         either(labelled(lambda p: np.roll(p.Y, 1, axis=1)), labelled(lambda p: np.roll(p.Y, -1, axis=1)))),
    Idea("softmax twice", "Softmax is applied twice: it is the slope for softmax of a.", predicted(lambda p: p.A)),
    Idea("squared error", "It is the derivative of the squared error, another loss.", squared_error(softmax)),
    Idea("no softmax", "The softmax is missing: the scores z stand where a belongs.", squared_error(lambda z: z)),
    Idea("sigmoid", "It is the slope for a sigmoid in place of the softmax: the classes must share one sum.",
         lambda p: p.slopes_of(lambda z: binary_crossentropy(sigmoid(z), p.Y))),
    Idea("no bias", "The scores lack the bias: a was computed without b.", predicted(lambda p: p.Z - p.b)),
    Idea("softmax over examples", "Softmax divides by the sum over the examples (axis 0). The sum in (1) runs over the "
         "classes of one example, the last axis.", at_scores(lambda p: p.score_slopes + softmax(p.Z.T).T - p.A)),
    # the features
    Idea("no x", "The input x is missing: every column is the same. How much does a nudge of w_ji move z_j?",
         at_features(lambda p: np.ones_like(p.X))),
    Idea("|x|", "The size of x is used without its sign.", at_features(lambda p: abs(p.X))),
    Idea("x²", "The input x is in it twice (squared).", at_features(lambda p: p.X**2)),
    Idea("means multiplied", "It averages before it multiplies: the mean of products is not the product of means. Work "
         "out each example's part first, then take the mean.", at_features(lambda p: 0 * p.X + p.X.mean(axis=0))),
    Idea("b times x", "It is multiplied by the input x, but a nudge of b moves its score the same whatever x is.",
         lambda p: {"dL/db": p.carried_back(p.score_slopes * p.X.sum(axis=1, keepdims=True))["dL/db"]}),
    # the examples
    Idea("one example", f"Only the first or the last example counts; {EVERY}",
         of_examples(lambda N: np.eye(N)[[0, -1]])),
    Idea("one left out", f"The first or the last example is left out; {EVERY}",
         of_examples(lambda N: np.stack([np.arange(N) > 0, np.arange(N) < N - 1]) / N)),
    Idea("drawn again", f"Some examples count twice, others not at all (replacement?); {EVERY}",
         of_examples(drawn_again)),
    Idea("shuffled", "The labels do not belong to their examples: use one permutation for X and Y.", shuffled),
    # the entries
    Idea("length 1", "It is scaled to length 1: the size matters.", entrywise(lambda s: s / np.linalg.norm(s))),
    Idea("integers", "Only whole numbers are left: an integer array (dtype int) cuts off the digits. Keep floats.",
         either(*map(entrywise, (np.trunc, np.round, np.floor)))),
    Idea("rounded", "The values are rounded to a few digits: return the numbers as they are.",
         either(*(entrywise(lambda slope, digits=digits: np.round(slope, digits)) for digits in range(1, 5)))),
)  # fmt: skip


def returned(*news):
    """The slopes that a step seems to go down which returns new(old, slope, rate) in place of the new parameter."""
    return lambda p: {
        name: np.stack([(old - new(old, p.slopes[name], p.learning_rate)) / p.learning_rate for new in news])
        for name, old in zip(NAMES, (p.W, p.b), strict=True)
    }


def from_zero(p):
    """The slopes that a step seems to go down which starts at zeros."""
    slopes = p.slopes_of(p.loss, W=0 * p.W, b=0 * p.b)
    return {name: old / p.learning_rate + slopes[name] for name, old in zip(NAMES, (p.W, p.b), strict=True)}


STEP_IDEAS = (
    Idea("old values", "It does not move: the old value comes back, unchanged. Is what is computed also what is "
         "returned? Or does an integer array (dtype int) cut the update off?", entrywise(np.zeros_like)),
    Idea("sometimes old", "In some problems the old values come back: no early stop, and no best one kept.",
         either(entrywise(np.copy), entrywise(np.zeros_like))),
    Idea("slope returned", "The slope, or the change, is returned in place of the new value.",
         returned(lambda old, slope, rate: slope, *(lambda old, slope, rate, c=c: c * rate * slope for c in (1, -1)))),
    Idea("integer update", "The update is cut to whole numbers: an integer array (dtype int). Keep floats.",
         lambda p: {name: np.trunc(p.learning_rate * slope) / p.learning_rate for name, slope in p.slopes.items()}),
    Idea("scaled", "The parameter is multiplied by its slope: a step adds to it, it does not scale it.",
         lambda p: {"dL/dW": p.W * p.slopes["dL/dW"], "dL/db": p.b * p.slopes["dL/db"]}),
    Idea("from zero", "It starts at zeros: start at the W and b that are given.", from_zero),
    Idea("b at new W", f"The slope of b is taken at the new W: W {UPDATED}",
         lambda p, new: {"dL/db": p.slopes_of(p.loss, W=new[0])["dL/db"]}, looks=True),
    Idea("W at new b", f"The slope of W is taken at the new b: b {UPDATED}",
         lambda p, new: {"dL/dW": p.slopes_of(p.loss, b=new[1])["dL/dW"]}, looks=True),
    Idea("b along W", "b moves along the slope of W (a sum or mean of each row): b has a slope of its own, dL/db.",
         lambda p: {"dL/db": np.stack([p.slopes["dL/dW"].sum(1), p.slopes["dL/dW"].mean(1), p.slopes["dL/dW"][:, 0]])}),
    *IDEAS[1:],
)  # fmt: skip
