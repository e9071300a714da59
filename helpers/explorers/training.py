"""What the training player and the digits explorer share: the student's step, played on batches drawn at random."""

import types

import numpy as np

from helpers.cross_entropy import one_hot
from helpers.exercises.calls import own_line
from helpers.exercises.exercise import read
from helpers.explorers.explorer import Explorer


class Trainer(Explorer):
    """A layer on its way: W and b are zero at the start and moved by the student's `sgd_step` only.

    `sgd_step(W, b, X, Y, learning_rate)` returns (W, b), new arrays. A subclass says how to `load` the examples; its
    `build` makes the controls `rate`, the learning rate, and `size`, the batch size, and calls `reset`.
    """

    def __init__(self, sgd_step):
        """Load the examples; `build` makes everything else."""
        self.sgd_step, self.data = sgd_step, self.load()
        self.Y = one_hot(self.data.labels, len(self.data.class_names))
        super().__init__()

    def reset(self):
        """Back to zero, with the same batches as the first time."""
        self.W, self.b, self.steps = np.zeros((self.Y.shape[1], self.data.X.shape[1])), np.zeros(self.Y.shape[1]), 0
        self.rng, self.batch = np.random.default_rng(0), np.array([], dtype=int)

    def step(self, count=1):
        """Some steps, each on a batch of its own: examples drawn without order and without replacement."""
        for _ in range(count):
            batch = self.rng.choice(len(self.Y), self.size.value, replace=False)
            X, Y = self.data.X[batch], self.Y[batch]
            try:
                returned = self.sgd_step(self.W.copy(), self.b.copy(), X, Y, self.rate.value)
            except NotImplementedError as error:
                name = (own_line(error) or ["sgd_step"])[0]
                raise NotImplementedError(f"{name} is not written yet: do that exercise first") from error
            self.W, self.b = self.result(returned)  # only now: a step that fails leaves the layer where it was
            self.batch, self.steps = batch, self.steps + 1
            self.record()

    def record(self):
        """What a subclass remembers after every step."""

    def result(self, returned):
        """What `sgd_step` returned as (W, b), or a sentence about what is wrong with it."""
        m, n = self.W.shape
        arrays, complaint = read(returned, {"W": "m n", "b": "m"}, types.SimpleNamespace(sizes={"m": m, "n": n}))
        if complaint:
            raise TypeError(f"sgd_step: {complaint.text}")
        for name, new, old in zip("Wb", arrays, (self.W, self.b), strict=True):
            if new.shape != old.shape:
                raise ValueError(f"sgd_step returned {name} of shape {new.shape}, expected {old.shape}")
            if not np.isfinite(new).all():
                advice = "Press Reset; a smaller learning rate may help"
                raise ValueError(f"step {self.steps + 1}: sgd_step returned {name} with NaN or infinity. {advice}")
        return arrays
