"""What the training player and the digits explorer share: the student's step, checked, on one batch after the other."""

import numpy as np


class Training:
    """W and b on their way: zero at the start, moved by the student's `sgd_step` only.

    Parameters
    ----------
    sgd_step : callable
        sgd_step(W, b, X, Y, learning_rate) -> (W, b), new arrays.
    X, Y : arrays, shapes (N, n) and (N, m)
        The training examples and their one-hot targets.
    """

    def __init__(self, sgd_step, X, Y):
        """Start at zero."""
        self.sgd_step, self.X, self.Y = sgd_step, X, Y
        self.reset()

    def reset(self):
        """Back to zero, with the same order of the examples as the first time."""
        self.W, self.b = np.zeros((self.Y.shape[1], self.X.shape[1])), np.zeros(self.Y.shape[1])
        self.steps = self.epochs = 0
        self.rng = np.random.default_rng(0)
        self.order = self.batch = np.array([], dtype=int)

    def step(self, learning_rate, batch_size):
        """One step on the next batch; every epoch takes the examples in a new order."""
        order, rng_state = self.order, self.rng.bit_generator.state
        if len(order) == 0:
            order = self.rng.permutation(len(self.X))
        batch = order[:batch_size]
        try:
            W, b = self.result(self.sgd_step(self.W.copy(), self.b.copy(), self.X[batch], self.Y[batch], learning_rate))
        except BaseException as problem:  # as if the step had not begun
            self.rng.bit_generator.state = rng_state
            if isinstance(problem, NotImplementedError):
                raise NotImplementedError("sgd_step is not written yet: write it first, in exercise 4") from problem
            raise
        self.W, self.b, self.batch, self.order = W, b, batch, order[batch_size:]
        self.steps += 1
        self.epochs += len(self.order) == 0

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
                raise ValueError(
                    f"step {self.steps + 1}: sgd_step returned {name} with NaN or infinity. "
                    "Press Reset; a smaller learning rate may help"
                )
        return W, b
