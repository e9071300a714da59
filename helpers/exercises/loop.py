"""The check of the loop: the order in which examples were visited is read from the W and b that come out.

With epochs = 1 and one batch, the student's own loop makes one step, measured like any other. All else is composed of
it: which batches, step after step, lead to the same W and b? Only the student's step is here, and nothing shuffles.
"""

import itertools
from dataclasses import replace

import numpy as np

from helpers.exercises import calls
from helpers.exercises.exercise import Idea, Trial, reason, search, tolerance
from helpers.exercises.panel import Reason
from helpers.exercises.problems import BATCHES, make
from helpers.numerical import equal

FOUR, FIVE = (make("numbers of both signs", 12, m=3, n=3, N=N, learning_rate=1.0) for N in (4, 5))
RUNS = (  # all examples in one batch: one way to go, for several epochs; or batches in any order, for one
    FIVE,
    replace(FIVE, epochs=2),
    replace(FIVE, epochs=3),
    replace(BATCHES[6], learning_rate=1e-5, epochs=25),
    replace(make("long steps", 23, m=3, n=2, N=3), learning_rate=8.0, epochs=4),
    *(replace(p, batch=size, seed=seed) for p, size, seed in ((FOUR, 2, 1), (FOUR, 3, 1), (FIVE, 2, 1), (FIVE, 2, 2))),
)
ORDERS = tuple(replace(FIVE, batch=2, epochs=2, seed=seed) for seed in (1, 2, 3, 4))


def packed(W, b):
    """W and b as one array [W | b], shape (m, n + 1)."""
    return np.column_stack([W, b])


def start(run):
    """Where a run starts."""
    return packed(run.W, run.b)


def cut(run):
    """The sizes of the batches of one epoch; the last may be smaller."""
    return [min(run.batch_size, len(run.X) - k) for k in range(0, len(run.X), run.batch_size)]


def visits(rows, sizes):
    """Every way to visit rows once, in batches of these sizes; the order within a batch does not matter."""
    if not sizes:
        return [()]
    chosen = itertools.combinations(rows, sizes[0])
    return [(batch, *rest) for batch in chosen for rest in visits([r for r in rows if r not in batch], sizes[1:])]


def usual(run):
    """The right ways of one epoch of a run."""
    return visits(range(len(run.X)), cut(run))


def after(step, run, ways, epochs=None, scale=lambda rows, run: 1, stale=""):
    """[W | b] at the ends of a run in which every epoch takes one of `ways`.

    `step(p, rows)` is the student's own step from [W | b] = p with some rows. `scale` lengthens it, `stale` ("run" or
    "epoch") takes its direction where the run or the epoch began.
    """
    ends = []
    for way in ways:
        here = start(run)
        for _ in range(run.epochs if epochs is None else epochs):
            began = start(run) if stale == "run" else here
            for rows in way:
                at = began if stale else here
                here = here + scale(rows, run) * (step(at, rows) - at)
        ends.append(here)
    return np.array(ends)


def rule(key, sentence, *ways, **options):
    """An Idea: runs in other ways(run), or in the right ones with other steps (the options of `after`)."""

    def ends(run, trial):
        tried = [way(run) for way in ways or (usual,)]
        if None in tried:  # no telling: there would be too many ways
            return {"end": None}
        return {"end": np.concatenate([after(trial.step(run), run, way, **options) for way in tried]) - start(run)}

    return Idea(key, sentence, ends, looks=True)


def whole(run):
    """All rows in every step of an epoch."""
    return [[tuple(range(len(run.X)))] * len(cut(run))]


def blocks(run):
    """Batches of neighbouring rows, in any order."""
    edges = np.cumsum([0, *cut(run)])
    return list(itertools.permutations([tuple(range(i, j)) for i, j in itertools.pairwise(edges)]))


ANEW, ONCE = "Compute it anew at the current W and b for each step.", "Every epoch visits each example exactly once."
RULES = (
    rule("one epoch", "Only one epoch is run: is the return inside the loop, or does each epoch begin at the first W?",
         epochs=1),
    rule("stale", f"The slope is computed once, at the initial W and b, and used in every step. {ANEW}", usual, whole,
         stale="run"),
    rule("stale epoch", f"Within an epoch every step uses the slope at the start of the epoch. {ANEW}", stale="epoch"),
    rule("one step", "batch_size has no effect: an epoch makes one step, with all.", lambda run: [whole(run)[0][:1]]),
    rule("all in every step", "Every step uses all examples: take only the rows of its batch.", whole),
    rule("divided by N", "Each mini-batch is divided by N, the size of the whole data set: divide by its own size.",
         scale=lambda rows, run: len(rows) / len(run.X)),
    rule("divided by batch_size", "The last, smaller batch is divided by batch_size: divide by its own size.",
         scale=lambda rows, run: len(rows) / run.batch_size),
    rule("last left out", f"The last, smaller batch is left out. {ONCE}",
         lambda run: [[rows for rows in way if len(rows) == run.batch_size] for way in usual(run)]),
    rule("first alone", f"Only one batch is used in each epoch. {ONCE}", lambda run: [way[:1] for way in usual(run)]),
    rule("first again", "Every step of an epoch has the same batch.", lambda run: [w[:1] * len(w) for w in usual(run)]),
    rule("smaller first", "The smaller mini-batch comes first, not last.", lambda run: [w[::-1] for w in usual(run)]),
    rule("neighbours", "The mini-batches hold neighbouring rows: shuffle the examples, not the batches.", blocks),
    Idea("too early", "It does not run to the end: run all epochs, return the last W and b; no early stop.",
         lambda run, trial: {"end": np.concatenate([after(trial.step(run), run, usual(run), epochs=k) - start(run)
                                                    for k in range(run.epochs + 1)])}, looks=True),
    rule("one by one", "batch_size has no effect: each step uses one example alone, not the mean of a batch.",
         lambda run: visits(range(len(run.X)), [1] * len(run.X)) if run.epochs == 1 else None),
    rule("independent", "Each batch is drawn anew from all examples: cut one order into batches.",
         lambda run: itertools.product(*(itertools.combinations(range(len(run.X)), size) for size in cut(run)))),
)  # fmt: skip


class LoopTrial(Trial):
    """A student's loop: first as one step, then as many."""

    failed = ()  # the reasons why a run did not come to its end

    def stages(self):
        """The stages of every check; before the last, how epochs count; after it, where runs end and in which order."""
        *first, right = super().stages()
        return *first, self.counts, right, self.follows, self.orders

    def end(self, run):
        """How far [W | b] went in a run; NaN if there is no telling."""
        call = self.call(run)
        if call.stopped or call.error is not None:
            self.at, self.failed = (run, self.broken(call)) if not self.failed else (self.at, self.failed)
        arrays, complaint = call.value or ((), True)
        if complaint or [array.shape for array in arrays] != [run.W.shape, run.b.shape]:
            return np.full_like(start(run), np.nan)
        return (packed(*arrays) - start(run)).astype(arrays[0].dtype)

    def step(self, run):
        """The student's loop as one step from [W | b] = p with some rows of the run."""
        memory = {}

        def step(p, rows):
            key = p.tobytes(), tuple(rows)
            if key not in memory:
                rows, W, b, rng = list(rows), p[:, :-1].copy(), p[:, -1].copy(), np.random.default_rng(0)
                new = self.function(W, b, run.X[rows], run.Y[rows], run.learning_rate, 1, len(rows), rng)
                memory[key] = packed(*new)
            return memory[key]

        return step

    def reaches(self, end, run, *ends):
        """Whether a run's end is one of `ends`; single precision rounds W and b, not the way they went."""
        single = end.dtype == np.float32
        exactly = tolerance(end) * (abs(start(run)).max() / abs(end).max() if single else 1)
        return any(equal(end, one - start(run), exactly) for one in ends)

    def counts(self):
        """No epoch makes no step, one epoch makes one."""
        self.at, slopes = FIVE, packed(*FIVE.slopes.values())
        none, one, two = (-self.end(replace(FIVE, epochs=epochs)) / FIVE.learning_rate for epochs in (0, 1, 2))
        few, many = not one.any() and equal(two, slopes), equal(none, slopes)
        self.named = few or many
        if self.failed:
            return self.failed
        return [reason("epoch too few" if few else "epoch too many")] if self.named else []

    def right(self):
        """As every function's; but if batch_size has no effect, only the rules can tell."""
        found = super().right()
        return found if self.named or not found else self.rule("one by one") or found

    def follows(self):
        """Every run ends where one of its ways leads; else a wrong rule says where it goes."""
        for self.at in RUNS:
            right = calls.call(lambda: after(self.step(self.at), self.at, usual(self.at))).value
            end = self.end(self.at)
            if self.failed:
                return self.failed
            if right is None or not self.reaches(end, self.at, *right):
                return self.rule() or [reason("lost")]
        return []

    def rule(self, key=""):
        """The wrong rule that explains where all runs end, if any; only the one with a key, if that is given."""
        ends, rules = [self.end(run) for run in RUNS], [one for one in RULES if key in ("", one.key)]
        found = calls.call(lambda: search(rules, (), "end", RUNS, ends, [self] * len(RUNS))).value
        self.named = found is not None
        return [Reason(found[0].key, found[0].sentence)] if found else []

    def orders(self):
        """The order is drawn from rng, anew in every epoch."""
        self.at, self.named = ORDERS[0], True
        if not equal(self.call(self.at, seed=1).value[0][0], self.call(self.at).value[0][0]):
            return [reason("another generator")]
        taken = [calls.call(lambda run=run: self.way(run)).value for run in ORDERS]
        if None in taken:
            self.named = False
            return [reason("lost")]
        if len(set(taken)) == 1:
            return [reason("not from rng")]
        if all(first == second for first, second in taken):
            return [reason("same order")]
        return [reason("same batches")] if len({frozenset(epoch) for way in taken for epoch in way}) == 1 else []

    def way(self, run):
        """The batches of both epochs, read from where the run ends; None if no way leads there."""
        ways, step, end, half = usual(run), self.step(run), self.end(run), replace(run, epochs=1)
        firsts = after(step, half, ways)
        likely = [self.reaches(self.end(half), run, one) for one in firsts]
        for k in sorted(range(len(ways)), key=lambda k: not likely[k]):  # first where one epoch of the same rng leads
            there = replace(half, W=firsts[k][:, :-1], b=firsts[k][:, -1])
            for second, last in zip(ways, after(step, there, ways), strict=True):
                if self.reaches(end, run, last):
                    return ways[k], second
        return None
