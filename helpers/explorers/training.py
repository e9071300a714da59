"""What the training player and the digits explorer share: the student's step, checked, on one batch after the other."""

import numpy as np

from helpers.cross_entropy import one_hot
from helpers.explorers.explorer import Explorer


class Trainer(Explorer):
    """A layer on its way: W and b are zero at the start and moved by the student's `sgd_step` only.

    `sgd_step(W, b, X, Y, learning_rate)` returns (W, b), new arrays; `data` holds the examples. A subclass makes the
    controls `rate`, the learning rate, and `size`, the batch size.
    """

    def __init__(self, sgd_step, data):
        """Start at zero."""
        self.sgd_step, self.data, self.Y = sgd_step, data, one_hot(data.labels, len(data.class_names))
        self.reset()
        super().__init__()

    def reset(self):
        """Back to zero, with the same order of the examples as the first time."""
        self.W, self.b = np.zeros((self.Y.shape[1], self.data.X.shape[1])), np.zeros(self.Y.shape[1])
        self.steps = self.epochs = 0
        self.rng = np.random.default_rng(0)
        self.order = self.batch = np.array([], dtype=int)

    def step(self):
        """One step on the next batch; every epoch takes the examples in a new order."""
        if len(self.order) == 0:
            self.order = self.rng.permutation(len(self.Y))
        batch = self.order[: self.size.value]
        X, Y = self.data.X[batch], self.Y[batch]
        try:
            returned = self.sgd_step(self.W.copy(), self.b.copy(), X, Y, self.rate.value)
        except NotImplementedError as error:
            raise NotImplementedError("sgd_step is not written yet: write it first, in exercise 4") from error
        self.W, self.b = self.result(returned)  # only now: a step that fails is as if it had not begun
        self.batch, self.order = batch, self.order[len(batch) :]
        self.steps += 1
        self.epochs += len(self.order) == 0

    def run(self, epochs=1):
        """Steps until every example has been seen `epochs` times more."""
        end = self.epochs + epochs
        while self.epochs < end:
            self.step()

    def result(self, returned):
        """What `sgd_step` returned as (W, b), or a sentence about what is wrong with it."""
        if returned is None or returned is NotImplemented or returned is Ellipsis:
            raise TypeError(f"sgd_step returned {returned}, expected (W, b): is it written yet?")
        if not isinstance(returned, (tuple, list)) or len(returned) != 2:
            raise TypeError(f"sgd_step returned a {type(returned).__name__}, expected two arrays (W, b)")
        W, b = (np.array(part, dtype=float) for part in returned)
        for name, new, old in (("W", W, self.W), ("b", b, self.b)):
            if new.shape != old.shape:
                raise ValueError(f"sgd_step returned {name} of shape {new.shape}, expected {old.shape}")
            if not np.isfinite(new).all():
                advice = "Press Reset; a smaller learning rate may help"
                raise ValueError(f"step {self.steps + 1}: sgd_step returned {name} with NaN or infinity. {advice}")
        return W, b
