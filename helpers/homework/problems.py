"""The seeded problems that answers are tried on, and their slopes, measured by centred differences."""

import itertools
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from helpers import numerical
from helpers.cross_entropy import one_hot, softmax_crossentropy
from helpers.network import weighted_inputs
from helpers.softmax import log_softmax, softmax


@dataclass(frozen=True)
class Problem:
    """Parameters and a batch. `about` says in words what is special about it."""

    about: str
    W: np.ndarray
    b: np.ndarray
    X: np.ndarray
    Y: np.ndarray
    learning_rate: float = 0.5

    @property
    def sizes(self):
        """The numbers m, n and N by their names."""
        return {"m": len(self.b), "n": self.X.shape[1], "N": len(self.X)}

    @cached_property
    def Z(self):
        """Scores."""
        return weighted_inputs(self.X, self.W, self.b)

    @cached_property
    def A(self):
        """Activations."""
        return softmax(self.Z)

    def slopes_of(self, loss, X=None, W=None, b=None):
        """Slopes by W and by b, shapes (m, n) and (m,), of loss(scores), by centred differences.

        Other features or other parameters than the problem's own can be given.
        """
        X, W, b = (mine if other is None else other for mine, other in ((self.X, X), (self.W, W), (self.b, b)))
        together = np.column_stack([W, b])
        slopes = numerical.gradient(lambda p: loss(weighted_inputs(X, p[:, :-1], p[:, -1])), together)
        return slopes[:, :-1], slopes[:, -1]

    def loss(self, z):
        """The loss of this batch, from its scores."""
        return softmax_crossentropy(z, self.Y)

    @cached_property
    def slopes(self):
        """Slopes of the loss by W and by b."""
        return self.slopes_of(self.loss)

    @cached_property
    def score_slopes(self):
        """Slopes of each example's own loss by its scores, shape (N, m)."""
        return numerical.gradient(self.loss, self.Z) * len(self.X)

    def carried_back(self, V, X=None):
        """Slopes by W and b if V, shape (N, m), were the slopes of each example's loss by its scores."""
        return self.slopes_of(lambda z: (V * z).sum() / len(V), X)

    @cached_property
    def examples(self):
        """Each example as a problem of its own."""
        rows = range(len(self.X))
        return [
            Problem(self.about, self.W, self.b, self.X[k : k + 1], self.Y[k : k + 1], self.learning_rate) for k in rows
        ]

    def step(self, W=None, b=None):
        """(W, b) after one step down the measured slope."""
        start = packed(self.W if W is None else W, self.b if b is None else b)
        end = descend(self, start[np.newaxis], np.arange(len(self.X))[np.newaxis])[0]
        return end[:, :-1], end[:, -1]


def make(about, seed, m, n, N, features=1.0, weights=1.0, biases=1.0, learning_rate=0.5, zeros=False):
    """A problem of random numbers; `features`, `weights` and `biases` are their sizes."""
    rng = np.random.default_rng(seed)
    X = features * rng.normal(size=(N, n))
    if zeros:
        X[:, 0] = 0.0
    labels = np.concatenate([rng.permutation(m), rng.integers(m, size=N)])[:N]
    W, b = weights * rng.normal(size=(m, n)), biases * rng.normal(size=m)
    return Problem(f"seed {seed}: {about}", W, b, X, one_hot(labels, m), learning_rate)


@lru_cache
def batches():
    """Problems with several examples each; m, n and N differ, so that a wrong axis shows in the shape."""
    return (
        make("numbers of both signs", 1, m=3, n=4, N=5),
        make("one feature is 0 in every example", 2, m=5, n=3, N=4, zeros=True, learning_rate=0.2),
        make("two classes", 3, m=2, n=5, N=3, learning_rate=2.0),
        make("one example only", 4, m=4, n=2, N=1, learning_rate=0.1),
        make("large features", 5, m=3, n=2, N=4, features=20, weights=0.05, learning_rate=20.0),
        make("small features, and nearly certain activations", 6, m=4, n=3, N=2, features=1e-3, biases=6.0),
        make("as many examples as features and classes", 7, m=3, n=3, N=3, learning_rate=1.5),
    )


@lru_cache
def singles():
    """The same with one example each."""
    return (*(problem.examples[0] for problem in batches()), batches()[0].examples[1])


def packed(W, b):
    """W and b as one array [W | b], shape (m, n + 1)."""
    return np.column_stack([W, b])


def visits(N, batch_size):
    """Every way to visit N examples once, in batches of `batch_size`; the last may be smaller.

    The order within a batch does not matter for a mean, so each way is a tuple of sorted tuples.
    """
    sizes = [min(batch_size, N - start) for start in range(0, N, batch_size)]
    ways = [()]
    for size in sizes:
        ways = [
            (*way, batch)
            for way in ways
            for batch in itertools.combinations([k for k in range(N) if k not in itertools.chain(*way)], size)
        ]
    return ways


def descend(problem, start, group):
    """One measured step for each row of `group`, shape (K, size): row k from start[k] with the examples it names."""
    X, Y = problem.X[group], problem.Y[group]

    def losses(change):
        p = start + change
        z = X @ p[:, :, :-1].transpose(0, 2, 1) + p[:, np.newaxis, :, -1]
        log_a = log_softmax(z.reshape(-1, z.shape[-1])).reshape(z.shape)
        return -(Y * log_a).sum(axis=2).mean(axis=1)

    return start - problem.learning_rate * numerical.jacobian(losses, np.zeros(start.shape[1:]))


def simulate(problem, ways, stale=False):
    """[W | b] after following each of `ways`, a sequence of batches, from the problem's own W and b.

    All ways have batches of the same sizes. `stale`: every slope is measured at the start instead of where the step is.
    """
    origin = np.broadcast_to(packed(problem.W, problem.b), (len(ways), *packed(problem.W, problem.b).shape))
    here = origin
    for group in zip(*ways, strict=True):
        group = np.array(group)
        here = here + descend(problem, origin, group) - origin if stale else descend(problem, here, group)
    return here
