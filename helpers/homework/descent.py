"""The check of the loop: which examples each step used is reconstructed from the W and b that come out.

Every right loop is accepted, however it draws its order. On small problems all ways to visit the examples are
simulated with measured slopes; the student's result must be one of them, and tells which one it was.
"""

import itertools
from dataclasses import replace
from functools import lru_cache

import numpy as np

from helpers.cross_entropy import one_hot
from helpers.homework import problems
from helpers.homework.answers import wrong
from helpers.homework.problems import Problem, packed, simulate, visits
from helpers.homework.slopes import OLD, step_finding

SEEDS = (1, 2, 3, 4)
ONCE = "Every epoch visits each example exactly once."


@lru_cache
def one_each():
    """Seven examples with a feature of their own: example k is the only one that moves column k of W."""
    rng = np.random.default_rng(11)
    labels = np.array([0, 2, 1, 1, 0, 2, 0])
    W, b, Y = rng.normal(size=(3, 7)), rng.normal(size=3), one_hot(labels, 3)
    return Problem("seed 11: each example has a feature of its own", W, b, np.eye(7), Y, learning_rate=1e-4)


@lru_cache
def rising():
    """A problem whose loss is higher after four long steps than after one."""
    return problems.make("numbers of both signs, long steps", 23, m=3, n=2, N=3, learning_rate=8.0)


@lru_cache
def all_ways(N, batch_size, epochs):
    """A problem, all sequences of batches, and [W | b] after each of them."""
    problem = problems.make("numbers of both signs", 12, m=3, n=3, N=N, learning_rate=1.0)
    ways = [tuple(itertools.chain(*epoch)) for epoch in itertools.product(visits(N, batch_size), repeat=epochs)]
    return problem, ways, simulate(problem, ways)


class Loop:
    """The calls of a student's sgd, and what they show, from one full batch to whole epochs."""

    def __init__(self, exercise, student):
        self.exercise, self.student = exercise, student

    def run(self, problem, epochs, batch_size, seed=1, global_seed=0):
        """(W, b) that the student's loop returns, and the words for what was tried."""
        sizes = ", ".join(f"{name} = {size}" for name, size in problem.sizes.items())
        tried = (
            f"Tried with {sizes} ({problem.about}), learning_rate = {problem.learning_rate:g}, epochs = {epochs}, "
            f"batch_size = {batch_size}, rng = np.random.default_rng({seed})."
        )
        rng = np.random.default_rng(seed)
        arguments = (problem.W, problem.b, problem.X, problem.Y, problem.learning_rate, epochs, batch_size, rng)
        answer = self.student.call(arguments, (problem.W.shape, problem.b.shape), ("W", "b"), tried, global_seed)
        if answer.complaint:
            raise wrong(answer.complaint, tried)
        for name, array, right in zip("Wb", answer.arrays, (problem.W, problem.b), strict=True):
            if array.shape != right.shape:
                raise wrong(f"The {name} returned has shape {array.shape}, expected {right.shape}.", tried)
            if not np.isfinite(array).all():
                whole = len(problem.X) % batch_size == 0
                empty = "is there an empty batch at the end of an epoch, or " if whole else ""
                cause = f"Where do they come from: {empty}does sgd_step return them?"
                raise wrong(f"The {name} returned holds numbers that are not finite.", cause, tried)
        self.remark = answer.remark
        return answer.arrays, tried

    def check(self):
        """The remark to a right loop; Found otherwise."""
        try:
            self.full_batches()
            self.to_the_end()
            self.who_counts()
            self.all_steps()
            self.orders()
        except Exception as found:
            if self.student.changed and hasattr(found, "lines") and found.outcome == "wrong":
                found.lines = (*found.lines, self.changed())
            raise
        if self.student.changed:
            raise wrong(self.changed(), next(iter(self.student.changed.values())))
        return self.remark

    def changed(self):
        """What to say if the loop changed its arguments."""
        return f"{self.student.mutation()} The caller still needs them."

    def full_batches(self):
        """With batch_size = N an epoch is one step, whatever the order: count the steps, then look at one of them."""
        many = [problems.batches()[k] for k in (0, 1, 2, 3, 6)]
        results = [[self.run(p, epochs, len(p.X)) for p in many] for epochs in (1, 2, 3)]
        paths = [simulate_steps(p, 4) for p in many]
        counts = [steps_made([arrays for arrays, _ in result], many, paths) for result in results]
        if counts == [1, 2, 3]:
            return
        tried = results[1][0][1]
        if counts == [0, 0, 0]:
            raise wrong(OLD, tried)
        if counts == [0, 1, 2]:
            raise wrong(
                "It runs one epoch too few: epochs = 2 makes the steps of 1. Where does the range begin?", tried
            )
        if counts == [2, 3, 4]:
            raise wrong("It runs one epoch too many: epochs = 2 makes the steps of 3. Where does the range end?", tried)
        if counts == [1, 1, 1]:
            raise wrong(
                "Only one epoch is run, whatever epochs is: is the return inside the loop, "
                "or does each epoch begin at the first W and b again?",
                tried,
            )
        if None not in counts:
            raise wrong(f"epochs = 1, 2, 3 should make 1, 2, 3 steps here, but yours makes {counts}.", tried)
        one_epoch = [arrays for arrays, _ in results[0]]
        if all(fits(packed(*arrays), packed(*from_zero(p)), p) for arrays, p in zip(one_epoch, many, strict=True)):
            raise wrong("It starts at zeros: start at the W and b that are given.", tried)
        small = [(p, arrays) for p, arrays in zip(many, one_epoch, strict=True) if len(p.X) < 5]
        if all(way_taken(arrays, p, simulate(p, visits(len(p.X), 1))) is not None for p, arrays in small):
            raise wrong("batch_size has no effect: each step uses one example alone, not the mean of a batch.", tried)
        lines, off = step_finding(many, one_epoch)
        if lines:
            lead = "With epochs = 1 and batch_size = N the loop makes one step. " if lines[0] != OLD else ""
            raise wrong(lead + lines[0], *lines[1:], results[0][off][1])
        raise wrong(self.second_step(many, [arrays for arrays, _ in results[1]]), tried)

    def to_the_end(self):
        """All epochs are run, also where hardly anything moves, and where the loss rises."""
        for p, epochs in ((replace(problems.batches()[6], learning_rate=1e-5), 25), (rising(), 4)):
            arrays, tried = self.run(p, epochs, len(p.X))
            path = simulate_steps(p, epochs)
            made = [count for count, there in enumerate(path) if fits(packed(*arrays), there, p)]
            if epochs not in made:
                where = f"Yours are those after {made[0]}." if made else ""
                raise wrong(
                    f"After {epochs} epochs W and b are not those after {epochs} steps. {where} Run all the epochs and "
                    "return the last W and b: no early stop, no best or average one.",
                    tried,
                )

    def second_step(self, many, results):
        """The first step is right and the second is not: where does it point?"""
        coefficients = []
        for p, arrays in zip(many, results, strict=True):
            start, one, two = simulate_steps(p, 2)
            table = np.stack([(two - one).ravel(), (one - start).ravel()], axis=1)
            move = (packed(*arrays) - one).ravel()
            c = np.linalg.lstsq(table, move, rcond=None)[0]
            if abs(table @ c - move).max() > 1e-4 * abs(move).max():
                return "The first step is right, the second is not: with the new W and b, is the slope computed anew?"
            coefficients.append(c)
        new, old = np.mean(coefficients, axis=0)
        if np.isclose(new, 0, atol=1e-3) and np.isclose(old, 1, atol=1e-3):
            return (
                "The slope is computed once, at the initial W and b, and used again in every step. "
                "Compute it anew at the current W and b for each step."
            )
        if np.isclose(old, 0, atol=1e-3):
            return (
                f"The first step is right, the second has {new:.3g} times the learning rate: "
                "keep the learning rate the same in every step. (Or is an average of W returned?)"
            )
        return (
            f"The second step contains {old:.3g} times the first one again (momentum, or an average of old steps): "
            "each step uses the slope of its own batch alone."
        )

    def who_counts(self):
        """One epoch, batches of three, steps so small that their effects add up: which example counted how much?"""
        p = one_each()
        (W, _), tried = self.run(p, 1, 3)
        weights, labels = np.zeros(7), np.zeros(7, dtype=int)
        for k, moved in enumerate(((p.W - W) / p.learning_rate).T):
            weights[k], labels[k] = weight_and_label(p, k, moved)
        sentence = self.about_weights(p, weights, labels, W)
        if sentence:
            raise wrong(sentence, tried)

    def about_weights(self, p, weights, labels, W):
        """What the weights of the examples in one epoch say, "" if they are right: six times 1/3 and once 1."""
        wrong_label = (labels != p.Y.argmax(axis=1)) & (weights > 0.01)
        if wrong_label.any():
            return (
                f"The labels do not belong to their examples: example {wrong_label.argmax()} was used with the "
                "label of another. Shuffle X and Y with the same permutation."
            )
        listed = ", ".join(f"{weight:.2g}" for weight in np.where(weights < 0.01, 0, weights))
        tail = (
            f"How much each of the seven examples counted in one epoch: {listed}. "
            "With batches of 3, 3 and 1, six should count 1/3 and one should count 1."
        )
        thirds = sorted(np.round(weights * 3, 1))
        if thirds == [1] * 6 + [3]:
            return ""
        if np.allclose(weights, 1 / 7, atol=0.01):
            return self.sevenths(p, W) + " " + tail
        if np.allclose(weights, 3 / 7, atol=0.01):  # three steps, each with the mean over all seven
            return f"Every step uses all examples: take only the rows of its batch. {tail}"
        if np.allclose(weights, 1, atol=0.02):
            return f"Every example counts 1: the mini-batch's sum is used where its mean belongs. {tail}"
        if thirds == [1] * 7:
            return (
                "The last, smaller batch is divided by batch_size: divide by the number of examples it really has. "
                f"{tail}"
            )
        if thirds == [0] + [1] * 6:
            return f"The last, smaller batch is left out: N is not a multiple of batch_size here. {ONCE} {tail}"
        if thirds == [0] * 4 + [1] * 3:
            return f"Only one batch is used in each epoch. {ONCE} {tail}"
        if thirds == [0] * 6 + [3]:
            return f"Only the last batch of each epoch counts: is every step kept? {tail}"
        if np.allclose(sorted(weights), [1 / 3] * 3 + [0.5] * 4, atol=0.01):
            return f"The batches have 3, 2 and 2 examples: only the last may have less than batch_size. {tail}"
        if weights.min() < 0.01 and weights.max() > 0.34:
            return f"Some examples are visited again and others not at all (drawn with replacement?). {ONCE} {tail}"
        if weights.min() < 0.01:
            return f"Some examples are never visited. {ONCE} {tail}"
        return f"The examples do not count as they should in one epoch. {ONCE} {tail}"

    def sevenths(self, p, W):
        """All seven count 1/7: one step with all of them, or batches divided by 7?"""
        problem, ways, _ = all_ways(5, 2, 1)
        arrays, _ = self.run(problem, 1, 2)
        if fits(packed(*arrays), packed(*problem.step()), problem):
            return "batch_size has no effect: each epoch makes one step with all examples, not with mini-batches."
        return (
            "Each mini-batch is divided by N, the size of the whole data set: divide by the number of examples "
            "in the mini-batch."
        )

    def all_steps(self):
        """One epoch, then two, must end where one of the possible orders leads."""
        for N, batch_size, epochs in ((4, 2, 1), (5, 2, 1), (5, 2, 2)):
            problem, ways, ends = all_ways(N, batch_size, epochs)
            arrays, tried = self.run(problem, epochs, batch_size)
            if way_taken(arrays, problem, ends) is None:
                raise wrong(self.lost(), tried)

    def lost(self):
        """No right order leads to the result: which wrong rule does, whatever the seed?"""
        problem, ways, _ = all_ways(5, 2, 1)
        ends = [self.run(problem, 1, 2, seed)[0] for seed in SEEDS]
        blocks = itertools.permutations(((0, 1), (2, 3), (4,)))
        rules = (
            (
                simulate(problem, ways, stale=True),
                "Within an epoch every step uses the slope at the start of the epoch. "
                "Compute it anew at the current W and b for each mini-batch.",
            ),
            (
                np.stack([walk(problem, way) for way in blocks]),
                "The mini-batches hold neighbouring rows in every epoch: shuffle the examples, not the batches.",
            ),
            (
                simulate(problem, [way[::-1] for way in ways]),
                "The smaller mini-batch comes first: fill each with batch_size examples, the last takes the rest.",
            ),
        )
        for reached, sentence in rules:
            if all(way_taken(arrays, problem, reached) is not None for arrays in ends):
                return sentence
        return (
            "Each example counts as it should, but no order of mini-batches leads to your W and b. Each step starts "
            "from the W and b of the step before, with the slope of its own mini-batch and the same learning rate."
        )

    def orders(self):
        """The order is drawn from rng, anew in every epoch."""
        problem, ways, ends = all_ways(5, 2, 2)
        first, tried = self.run(problem, 2, 2, seed=SEEDS[0])
        again, _ = self.run(problem, 2, 2, seed=SEEDS[0], global_seed=1)
        if not fits(packed(*first), packed(*again), problem):
            raise wrong(
                "The same rng gives different results: the order is drawn from another generator (np.random?), "
                "or something is remembered between calls. Draw it from the argument rng.",
                tried,
            )
        taken = []
        for seed in SEEDS:
            way = way_taken(self.run(problem, 2, 2, seed=seed)[0], problem, ends)
            if way is None:
                raise wrong(self.lost(), tried)
            taken.append(ways[way])
        if len(set(taken)) == 1:
            in_order = taken[0][:3] == ((0, 1), (2, 3), (4,))
            cause = (
                "it is the order of the rows: shuffle"
                if in_order
                else "it comes from another generator: draw it from rng"
            )
            raise wrong(f"The order of the examples does not depend on rng; {cause}, anew in every epoch.", tried)
        if all(way[:3] == way[3:] for way in taken):
            raise wrong("Every epoch has the same order: draw a new one from rng at the start of each epoch.", tried)
        if len({frozenset(way[:3]) | frozenset(way[3:]) for way in taken}) == 1:
            raise wrong("The mini-batches are the same in every epoch: shuffle the examples, not the batches.", tried)


def steps_made(results, many, paths):
    """How many steps down the measured slope lead to the results: 0 to 4, or None."""
    for count in range(5):
        triples = zip(results, many, paths, strict=True)
        if all(fits(packed(*arrays), path[count], p) for arrays, p, path in triples):
            return count
    return None


def simulate_steps(p, count):
    """[W | b] after 0, 1, ... count steps of the whole batch."""
    W, b = p.W, p.b
    path = [packed(W, b)]
    for _ in range(count):
        W, b = p.step(W, b)
        path.append(packed(W, b))
    return path


def from_zero(p):
    """(W, b) after one step of the whole batch from zeros."""
    return Problem("", 0 * p.W, 0 * p.b, p.X, p.Y, p.learning_rate).step()


def walk(p, batches):
    """[W | b] after one step with each of the batches."""
    W, b = p.W, p.b
    for batch in batches:
        W, b = Problem("", W, b, p.X[list(batch)], p.Y[list(batch)], p.learning_rate).step()
    return packed(W, b)


def fits(yours, right, problem):
    """Whether two [W | b] agree as well as float32 numbers can."""
    moved = abs(right - packed(problem.W, problem.b)).max()
    return bool((abs(yours - right) <= 1e-6 * max(1.0, moved, abs(right).max())).all())


def way_taken(arrays, problem, ends):
    """Which of the simulated ends is the student's, or None."""
    off = abs(ends - packed(*arrays)).max(axis=(1, 2))
    best = int(off.argmin())
    return best if fits(packed(*arrays), ends[best], problem) else None


def weight_and_label(p, k, moved):
    """How much example k counted, and with which label: the one whose slope points along the move."""
    best = (np.inf, 0.0, 0)
    for label in range(p.Y.shape[1]):
        example = Problem("", p.W, p.b, p.X[k : k + 1], one_hot(np.array([label]), p.Y.shape[1]))
        slope = example.slopes[0][:, k]
        c = float(moved @ slope / (slope @ slope))
        best = min(best, (float(abs(moved - c * slope).max()), c, label))
    return best[1:]
