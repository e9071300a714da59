"""Lesson 8: which activation and which loss fit a task, and what a wrong pair breaks."""

import numpy as np

from helpers import figures, live
from helpers.softmax import sigmoid, softmax, softmax_jacobian

TASKS = {  # name: the questions and the targets of one example
    "binary": (["Gentoo?"], np.array([1.0])),
    "single-label": (["Adelie", "Chinstrap", "Gentoo"], np.array([1.0, 0.0, 0.0])),
    "multi-label": (["even?", "≥ 5?", "loop?"], np.array([0.0, 1.0, 1.0])),  # the digit 9
}
RIGHT = {
    ("binary", "sigmoid", "binary"),
    ("single-label", "softmax", "categorical"),
    ("multi-label", "sigmoid", "binary"),
}
STEPS = 100
START = (-2.0, 2.0, 1.0)


def loss_and_slope(z, y, activation, loss):
    """The loss of one example and its derivative by the scores: dL/da through the activation's derivative."""
    if activation == "softmax":
        a, J = softmax(z), softmax_jacobian(z)
    else:
        a = sigmoid(z)
        J = np.diag(a * (1 - a))
    if loss == "categorical":
        value, by_a = -(y * np.log(a)).sum(), -y / a
    elif loss == "binary":
        no = sigmoid(-z) if activation == "sigmoid" else 1 - a
        no = np.maximum(no, np.finfo(float).tiny)  # softmax of one score: 1 - a is 0, and so is J
        value, by_a = -(y * np.log(a) + (1 - y) * np.log(no)).sum(), -y / a + (1 - y) / no
    else:
        value, by_a = ((a - y) ** 2).sum() / 2, a - y
    return value, by_a @ J


def descend(z, y, activation, loss):
    """Scores (STEPS + 1, m) and losses (STEPS + 1,) on the way down, each step once the slope."""
    path, losses = [], []
    for _ in range(STEPS + 1):
        value, slope = loss_and_slope(z, y, activation, loss)
        path.append(z)
        losses.append(value)
        z = z - slope
    return np.array(path), np.array(losses)


def verdict(task, activation, loss):
    """What this pair does with this task, in one or two sentences."""
    if (task, activation, loss) in RIGHT:
        return "The right pair: each score is pushed by y − a, and the loss can fall towards 0."
    if activation == "softmax" and task == "binary":
        return "Wrong: softmax of a single score is always 1, so nothing is ever pushed."
    if activation == "softmax" and task == "multi-label":
        return "Wrong: the answers share a sum of 1, so two of them cannot both be yes."
    if loss == "squared error":
        factor = "a factor a (1 − a)" if activation == "sigmoid" else "the entries of softmax's Jacobian"
        return f"Weak: the push carries {factor} and fades where the answer is sure and wrong."
    if activation == "sigmoid" and loss == "categorical":
        if task == "binary":
            return "Wrong: this example works, but with y = 0 the loss would be 0 whatever the answer."
        return "Wrong: the loss sees only the answers that should be yes, and nothing pushes the others down."
    if activation == "sigmoid":
        return "It learns, but each answer stands alone: the three need not sum to 1."
    return "It learns, but each class is counted twice, and the push is no longer y − a."


def problem_types():
    """One example, its scores, and the push that a pair of activation and loss gives them."""
    task = live.choice("task", list(TASKS), "multi-label")
    activation = live.choice("activation", ["sigmoid", "softmax"], "softmax")
    loss = live.choice("loss", [("binary cross entropy", "binary"), ("categorical cross entropy", "categorical"),
                                ("squared error", "squared error")], "categorical")  # fmt: skip
    z = [live.slider(f"start score z{'₁₂₃'[k]}", -6, 6, 0.5, START[k]) for k in range(3)]
    step = live.whole_slider("steps of descent t", 0, STEPS, 0)

    fig, (left, middle, right) = figures.subplots(1, 3, height=3.3, width_ratios=[4, 4, 5])
    a_bars, a_texts = figures.bars(left, np.ones(3), [""] * 3)
    (targets,) = left.plot([], [], color=figures.INK, linewidth=5, solid_capstyle="butt", clip_on=False)
    left.set(ylim=(0, 1.2), ylabel="answer $a_k$")
    left.set_title("answers (bars), targets $y$ (thick lines)", fontsize=10)
    push_bars, push_texts = figures.bars(middle, np.ones(3), [""] * 3)
    middle.set(ylim=(-1.3, 1.3), ylabel="$-\\partial L / \\partial z_k$")
    middle.set_title("push on each score", fontsize=10)
    (curve,) = right.plot([], [], color=figures.INK, linewidth=2)
    (here,) = right.plot([], [], "o", color=figures.COLOURS[1], markersize=9)
    right.set(xlim=(0, STEPS), xlabel="steps of descent $t$", ylabel="loss $L$")
    right.set_title("loss along the descent", fontsize=10)

    def show_questions(questions):
        """Name the answers and hide the bars that this task does not have."""
        for ax, bars, texts in ((left, a_bars, a_texts), (middle, push_bars, push_texts)):
            ax.set_xticks(range(len(questions)), questions)
            ax.set_xlim(-0.6, len(questions) - 0.4)
            for k in range(3):
                z[k].disabled = k >= len(questions)
                bars[k].set_visible(k < len(questions))
                texts[k].set_visible(k < len(questions))
        update.shown = questions

    def update():
        questions, y = TASKS[task.value]
        m, pair = len(y), (activation.value, loss.value)
        if update.shown is not questions:
            show_questions(questions)
        path, losses = descend(np.array([slider.value for slider in z[:m]]), y, *pair)
        now = path[step.value]
        a = softmax(now) if pair[0] == "softmax" else sigmoid(now)
        push = 0 - loss_and_slope(now, y, *pair)[1]
        figures.set_bars(a_bars[:m], a_texts[:m], a, digits=2)
        figures.set_bars(push_bars[:m], push_texts[:m], push)
        targets.set_data((np.arange(m)[:, None] + [-0.35, 0.35, np.nan]).ravel(), np.repeat(y, 3))
        top = next(limit for limit in (1.5, 4, 12, 24) if losses.max() < limit)
        if right.get_ylim() != (0, top):
            right.set_ylim(0, top)
        curve.set_data(range(STEPS + 1), losses)
        here.set_data([step.value], [losses[step.value]])
        later = f"; after {STEPS} steps the loss is {live.number(losses[-1])}" if step.value < STEPS else ""
        return (
            f"{task.value}, y = {live.numbers(y, 0)}; {pair[0]} with {loss.label}: {verdict(task.value, *pair)} "
            f"After {step.value} steps z = {live.numbers(now, 2)}, a = {live.numbers(a, 2)}, push "
            f"{live.numbers(push)}, loss {live.number(losses[step.value])}{later}."
        )

    update.shown = None
    rows = [[task], [activation], [loss], [z[0], z[1]], [z[2], step]]
    moving = [*a_bars, *a_texts, targets, *push_bars, *push_texts, curve, here]
    return live.Explorer("problem_types", fig, rows, moving, update)
