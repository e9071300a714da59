"""The problems that answers are tried on: any arrays; for lesson 7 seeded ones and their slopes, measured."""

import functools
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from helpers import numerical
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.network import weighted_inputs
from helpers.softmax import softmax


class Given:
    """What a function is given, by name. `about` says what is special; `letters` are the first array's axes: "N m"."""

    def __init__(self, about, letters, **values):
        vars(self).update(values)
        self.about, self.sizes = about, dict(zip(letters.split(), np.shape(next(iter(values.values()))), strict=True))


@dataclass(frozen=True, eq=False)
class Problem:
    """Parameters and a batch; a parameter of an exercise is an attribute. `about` says what is special about it."""

    about: str
    W: np.ndarray
    b: np.ndarray
    X: np.ndarray
    Y: np.ndarray
    learning_rate: float = 0.5
    epochs: int = 1
    seed: int = 1
    batch: int = 0  # 0: all examples in one

    def __post_init__(self):
        """Nothing that is measured once may change."""
        for array in (self.W, self.b, self.X, self.Y):
            array.setflags(write=False)

    x, y = property(lambda self: self.X[0]), property(lambda self: self.Y[0])  # the first example
    batch_size = property(lambda self: self.batch or len(self.X))
    rng = property(lambda self: np.random.default_rng(self.seed))  # a fresh one, always the same
    loss = property(lambda self: functools.partial(softmax_crossentropy, y=self.Y))  # of this batch, from its scores
    Z = cached_property(lambda self: weighted_inputs(self.X, self.W, self.b))  # scores
    A = cached_property(lambda self: softmax(self.Z))  # activations
    slopes = cached_property(lambda self: self.slopes_of(self.loss))  # of the loss with respect to W and b
    score_slopes = cached_property(lambda self: numerical.gradient(self.loss, self.Z) * len(self.X))  # of each example

    @cached_property
    def sizes(self):
        """The lengths of axes by the letters of the course, and those that wrong shapes have."""
        m, n, N = *self.W.shape, len(self.X)
        return {"m": m, "n": n, "N": N, "m·n": m * n, "n+1": n + 1, "1": 1}

    def slopes_of(self, loss, X=None, W=None, b=None):
        """Slopes of loss(scores) with respect to W and b, by name; other features or parameters can be given."""
        X, W, b = (mine if other is None else other for mine, other in ((self.X, X), (self.W, W), (self.b, b)))
        together = np.column_stack([W, b])
        slopes = numerical.gradient(lambda p: loss(weighted_inputs(X, p[:, :-1], p[:, -1])), together)
        return {"dL/dW": slopes[:, :-1], "dL/db": slopes[:, -1]}

    def carried_back(self, V, X=None):
        """Slopes with respect to W and b if V, shape (N, m), were those of each example's loss at its scores."""
        return self.slopes_of(lambda z: (V * z).sum() / len(V), X)

    @cached_property
    def examples(self):
        """Each example as a problem of its own."""
        return [replace(self, X=self.X[[k]], Y=self.Y[[k]]) for k in range(len(self.X))]


def make(about, seed, m, n, N, features=1.0, weights=1.0, biases=1.0, learning_rate=0.5, zeros=False):
    """A problem of random numbers; `features`, `weights` and `biases` are their sizes."""
    rng = np.random.default_rng(seed)
    X = features * rng.normal(size=(N, n))
    if zeros:
        X[:, 0] = 0.0
    labels = np.concatenate([rng.permutation(m), rng.integers(m, size=N)])[:N]
    W, b = weights * rng.normal(size=(m, n)), biases * rng.normal(size=m)
    return Problem(f"seed {seed}: {about}", W, b, X, one_hot(labels, m), learning_rate)


BATCHES = (  # several examples each; m, n and N differ, so that a wrong axis shows in the shape
    make("numbers of both signs", 1, m=3, n=4, N=5),
    make("one feature is 0 in every example", 2, m=5, n=3, N=4, zeros=True, learning_rate=0.2),
    make("two classes", 3, m=2, n=5, N=3, learning_rate=2.0),
    make("one example only", 4, m=4, n=2, N=1, learning_rate=0.1),
    make("large features", 5, m=3, n=2, N=4, features=20, weights=0.05, learning_rate=20.0),
    make("small features, and nearly certain activations", 6, m=4, n=3, N=2, features=0.01, biases=4.0),
    make("as many examples as features and classes", 7, m=3, n=3, N=3, learning_rate=1.5),
    make("numbers of both signs", 8, m=3, n=4, N=5),
)
