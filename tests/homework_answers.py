"""Right and wrong answers to the homework, to measure its checks by. The only place with the formulas.

`wrong(exercise, words)` registers an answer whose name says what is wrong with it; the feedback must match `words`.
`right(exercise)` registers one that the check must accept. `wrong_w` and `wrong_b` take one slope of a batch and add
the other, right one.
"""

from dataclasses import dataclass

import numpy as np

WRONG, RIGHT = [], []


@dataclass(frozen=True)
class Answer:
    exercise: str
    function: callable
    words: str = ""

    @property
    def id(self):
        return f"{self.exercise}-{self.function.__name__}"


def wrong(exercise, words):
    def register(function):
        WRONG.append(Answer(exercise, function, words))
        return function

    return register


def right(exercise):
    def register(function):
        RIGHT.append(Answer(exercise, function))
        return function

    return register


def activations(W, b, X):
    e = np.exp(X @ W.T + b - (X @ W.T + b).max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def slopes(W, b, X, Y):
    delta = activations(W, b, X) - Y
    return delta.T @ X / len(X), delta.mean(axis=0)


def step(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W - learning_rate * dW, b - learning_rate * db


def with_b(dW):
    """A batch answer from a function that returns dL/dW; dL/db is right."""

    def batch_gradients(X, A, Y):
        return dW(X, A, Y), (A - Y).mean(axis=0)

    batch_gradients.__name__ = dW.__name__
    return batch_gradients


def with_w(db):
    def batch_gradients(X, A, Y):
        return (A - Y).T @ X / len(X), db(X, A, Y)

    batch_gradients.__name__ = db.__name__
    return batch_gradients


def wrong_w(words):
    return lambda function: wrong("batch_gradients", words)(with_b(function))


def wrong_b(words):
    return lambda function: wrong("batch_gradients", words)(with_w(function))


def loop(order, use=None):
    """A mini-batch loop with the order of each epoch from order(N, rng) and one step use(W, b, X, Y, learning_rate)."""

    def sgd(W, b, X, Y, learning_rate, epochs, batch_size, rng):
        for _ in range(epochs):
            rows = order(len(X), rng)
            for k in range(0, len(X), batch_size):
                batch = rows[k : k + batch_size]
                W, b = (use or step)(W, b, X[batch], Y[batch], learning_rate)
        return W, b

    return sgd


SHOWN_X, SHOWN_A, SHOWN_Y = np.array([1.0, 2.0]), np.array([0.2, 0.5, 0.3]), np.array([0.0, 1.0, 0.0])

# ---------------------------------------------------------------- one example, weights


@wrong("weight_gradient", "sign|opposite")
def w_sign(x, a, y):
    return np.outer(y - a, x)


@wrong("weight_gradient", "transpos")
def w_transposed(x, a, y):
    return np.outer(x, a - y)


@wrong("weight_gradient", "input x is missing")
def w_without_x(x, a, y):
    return np.repeat((a - y)[:, None], len(x), axis=1)


@wrong("weight_gradient", "label")
def w_without_y(x, a, y):
    return np.outer(a, x)


@wrong("weight_gradient", "squared error")
def w_squared_error(x, a, y):
    return np.outer((a - y) * a * (1 - a), x)


@wrong("weight_gradient", "dL/da.*softmax")
def w_stops_at_dL_da(x, a, y):
    return np.outer(-y / a, x)


@wrong("weight_gradient", "elementwise")
def w_elementwise(x, a, y):
    return (a - y) * x


@wrong("weight_gradient", "whatever the input")
def w_stored(x, a, y):
    return np.outer(SHOWN_A - SHOWN_Y, SHOWN_X)


@wrong("weight_gradient", "return.*None")
def w_printed(x, a, y):
    print(np.outer(a - y, x))


@wrong("weight_gradient", "changes its argument a ")
def w_in_place(x, a, y):
    a -= y
    return np.outer(a, x)


@wrong("weight_gradient", "flat")
def w_flat(x, a, y):
    return np.outer(a - y, x).ravel()


@wrong("weight_gradient", "integer")
def w_integers(x, a, y):
    G = np.zeros((len(y), len(x)), dtype=int)
    G[:] = np.outer(a - y, x)
    return G


@wrong("weight_gradient", "column too many")
def w_bias_column(x, a, y):
    return np.outer(a - y, np.append(x, 1.0))


@wrong("weight_gradient", "random")
def w_random(x, a, y):
    return np.outer(a - y, x) * (np.random.random((len(y), len(x))) < 0.5) * 2  # noqa: NPY002


@wrong("weight_gradient", "made of y alone. The activations a are missing: the chain rule")
def w_of_y_alone(x, a, y):
    return np.outer(y, x)


@wrong("weight_gradient", "log a in place of a")
def w_log_a(x, a, y):
    return np.outer(np.log(a) - y, x)


@wrong("weight_gradient", "The number of the right class")
def w_class_number(x, a, y):
    return np.outer(a - np.argmax(y), x)


@wrong("weight_gradient", "Only the right class has a slope in your answer")
def w_diagonal(x, a, y):
    return np.outer(-y / a * a * (1 - a), x)


@wrong("weight_gradient", "squared")
def w_x_squared(x, a, y):
    return np.outer(a - y, x**2)


@wrong("weight_gradient", "without its sign")
def w_x_absolute(x, a, y):
    return np.outer(a - y, abs(x))


@wrong("weight_gradient", "reversed")
def w_features_reversed(x, a, y):
    return np.outer(a - y, x[::-1])


@wrong("weight_gradient", "twice")
def w_softmax_twice(x, a, y):
    e = np.exp(a)
    return np.outer(e / e.sum() - y, x)


@wrong("weight_gradient", "off by one")
def w_label_from_one(x, a, y):
    g = a.copy()
    g[(np.argmax(y) + 1) % len(a)] -= 1
    return np.outer(g, x)


@wrong("weight_gradient", "error.*IndexError|past the end")
def w_index_from_one(x, a, y):
    G = np.zeros((len(a), len(x)))
    for j in range(1, len(a) + 1):
        G[j] = (a[j] - y[j]) * x
    return G


@wrong("weight_gradient", "last row")
def w_last_row_missing(x, a, y):
    G = np.zeros((len(a), len(x)))
    for j in range(len(a) - 1):
        G[j] = (a[j] - y[j]) * x
    return G


@wrong("weight_gradient", "first column")
def w_first_column_missing(x, a, y):
    G = np.zeros((len(a), len(x)))
    for i in range(1, len(x)):
        G[:, i] = (a - y) * x[i]
    return G


@wrong("weight_gradient", "length 1")
def w_normalised(x, a, y):
    G = np.outer(a - y, x)
    return G / np.linalg.norm(G)


@wrong("weight_gradient", "constant factor")
def w_doubled(x, a, y):
    return 2 * np.outer(a - y, x)


@wrong("weight_gradient", "factor m|mean over the classes")
def w_mean_over_classes(x, a, y):
    return np.outer(a - y, x) / len(a)


@wrong("weight_gradient", "without plus or minus|lost its sign")
def w_error_absolute(x, a, y):
    return np.outer(abs(a - y), x)


@wrong("weight_gradient", "predicted class")
def w_predicted_class(x, a, y):
    return np.outer(np.eye(len(a))[a.argmax()] - y, x)


@wrong("weight_gradient", "cut off|clip")
def w_clipped(x, a, y):
    return np.clip(np.outer(a - y, x), -0.5, 0.5)


@wrong("weight_gradient", "remember")
def w_adds_up(x, a, y, total={}):  # noqa: B006
    total["sum"] = total.get("sum", 0) + 1
    return np.outer(a - y, x) * total["sum"]


@wrong("weight_gradient", "remember|whatever the input|same")
def w_first_answer_kept(x, a, y, kept={}):  # noqa: B006
    return kept.setdefault((len(x), len(a)), np.outer(a - y, x))


@wrong("weight_gradient", "half precision|float16")
def w_half_precision(x, a, y):
    return np.outer(a - y, x).astype(np.float16)


@wrong("weight_gradient", "generator")
def w_yields(x, a, y):
    yield np.outer(a - y, x)


@wrong("weight_gradient", "real numbers|type")
def w_text(x, a, y):
    return str(np.outer(a - y, x))


@wrong("weight_gradient", "wrong sign.*y|y.*wrong sign")
def w_adds_y(x, a, y):
    return np.outer(a + y, x)


@wrong("weight_gradient", r"cross entropy.*equation \(4\)|squared error")
def w_true_squared_error(x, a, y):
    J = np.diag(a) - np.outer(a, a)
    return np.outer(J @ (a - y), x)


@wrong("weight_gradient", "NameError")
def w_undefined_name(x, a, y):
    return np.outer(delta, x)  # noqa: F821


@wrong("weight_gradient", "another order|arguments")
def w_argument_order(x, y, a):
    return np.outer(a - y, x)


@wrong("weight_gradient", "stay zero")
def w_diagonal_filled(x, a, y):
    G = np.zeros((len(a), len(x)))
    for k in range(min(G.shape)):
        G[k, k] = (a[k] - y[k]) * x[k]
    return G


@wrong("weight_gradient", "a part for its class plus one for its feature")
def w_sum_of_parts(x, a, y):
    return np.add.outer(a - y, x)


@wrong("weight_gradient", "missing.*The sign is opposite too")
def w_two_mistakes(x, a, y):
    return np.repeat((y - a)[:, None], len(x), axis=1)


@wrong("weight_gradient", "does not depend on x")
def w_global_instead_of_argument(x, a, y):
    return np.outer(a - y, np.arange(1.0, len(x) + 1))


# ---------------------------------------------------------------- one example, biases


@wrong("bias_gradient", "sign|opposite")
def b_sign(a, y):
    return y - a


@wrong("bias_gradient", r"one number: a sum over too much\. Each class has its own slope")
def b_sum(a, y):
    return np.sum(a - y)


@wrong("bias_gradient", "parameter")
def b_zeros(a, y):
    return np.zeros_like(a)


@wrong("bias_gradient", "one factor|chain")
def b_ones(a, y):
    return np.ones_like(a)


@wrong("bias_gradient", "dL/da.*softmax")
def b_stops_at_dL_da(a, y):
    return -y / a


@wrong("bias_gradient", "factor too many.*a once more")
def b_times_a(a, y):
    return (a - y) * a


@wrong("bias_gradient", "rounded")
def b_rounded(a, y):
    return np.round(a - y, 2)


@wrong("bias_gradient", "rounded")
def b_rounded_finely(a, y):
    return np.round(a - y, 5)


@wrong("bias_gradient", "label")
def b_without_y(a, y):
    return a.copy()


@wrong("bias_gradient", "a are missing|activations")
def b_without_a(a, y):
    return -y


@wrong("bias_gradient", "squared")
def b_squared(a, y):
    return (a - y) ** 2


@wrong("bias_gradient", "table|Jacobian")
def b_spread(a, y):
    return a - y[:, None]


@wrong("bias_gradient", "whatever the input|constant")
def b_stored(a, y):
    return SHOWN_A - SHOWN_Y


@wrong("bias_gradient", "right class is missing")
def b_wrong_classes_only(a, y):
    return np.where(y == 1, 0, a)


@wrong("bias_gradient", "right class is missing, the negative")
def b_negative_cut(a, y):
    return np.maximum(a - y, 0)


@wrong("bias_gradient", "Only the right class has a slope.*wrong classes' scores change the loss too")
def b_masked(a, y):
    return (a - y) * y


@wrong("bias_gradient", "log a in place of a.*The sign is opposite too")
def b_log_a_and_sign(a, y):
    return y - np.log(a)


@wrong("bias_gradient", "The number of the right class")
def b_class_number(a, y):
    return a - np.argmax(y)


@wrong("bias_gradient", "only the sign")
def b_only_sign(a, y):
    return np.sign(a - y)


@wrong("bias_gradient", "too few digits|not equal")
def b_epsilon(a, y):
    return (a - y) * (1 + 1e-5)


@wrong("bias_gradient", "not in the right proportion")
def b_a_twice(a, y):
    return 2 * a - y


@wrong("bias_gradient", "log")
def b_loss_terms(a, y):
    return -y * np.log(a)


@wrong("bias_gradient", "divided by 0")
def b_divides_by_y(a, y):
    return -a / y


@wrong("bias_gradient", "length 1")
def b_normalised(a, y):
    g = a - y
    return g / np.sqrt((g**2).sum())


@wrong("bias_gradient", "reversed")
def b_classes_reversed(a, y):
    return (a - y)[::-1]


@wrong("bias_gradient", "largest activation")
def b_label_from_a(a, y):
    g = a.copy()
    g[a.argmax()] -= 1
    return g


@wrong("bias_gradient", "takes|arguments")
def b_takes_x_too(x, a, y):
    return a - y


@wrong("bias_gradient", "end the program")
def b_exits(a, y):
    raise SystemExit


@wrong("bias_gradient", "without end|RecursionError")
def b_calls_itself(a, y):
    return b_calls_itself(a, y)


@wrong("bias_gradient", r"not of its logarithm")
def b_derivative_of_a(a, y):
    return (np.diag(a) - np.outer(a, a)) @ y


@wrong("bias_gradient", "too small by the factor m.*multiplied by 2")
def b_mean_squared(a, y):
    return 2 * (a - y) / len(a)


# ---------------------------------------------------------------- a batch


@wrong_w("a part for its class plus one for its feature")
def wn_sum_of_parts(X, A, Y):
    return ((A - Y)[:, :, None] + X[:, None, :]).mean(axis=0)


@wrong_w("right direction, and not the right length.*length is 0.695, 0.658, 0.335 times the right one")
def wn_shortened(X, A, Y):
    G = (A - Y).T @ X / len(X)
    return G / (1 + np.linalg.norm(G))


@wrong_w("opposite direction, and not the right length.*length is 0.695,")
def wn_shortened_and_sign(X, A, Y):
    G = (Y - A).T @ X / len(X)
    return G / (1 + np.linalg.norm(G))


@wrong_w("factor N")
def wn_sum(X, A, Y):
    return (A - Y).T @ X


@wrong_w("first example")
def wn_first(X, A, Y):
    return np.outer(A[0] - Y[0], X[0])


@wrong_w("transpos")
def wn_transposed(X, A, Y):
    return X.T @ (A - Y) / len(X)


@wrong_w("product of the means")
def wn_product_of_means(X, A, Y):
    return np.outer((A - Y).mean(axis=0), X.mean(axis=0))


@wrong_w("last example.*|only one")
def wn_last_overwrites(X, A, Y):
    for x, a, y in zip(X, A, Y, strict=True):
        G = np.outer(a - y, x)
    return G


@wrong_w("left out|last example")
def wn_stops_before_last(X, A, Y):
    return (A - Y)[:-1].T @ X[:-1] / len(X)


@wrong_w("once more|N squared|too small")
def wn_divided_twice(X, A, Y):
    return ((A - Y) / len(X)).T @ X / len(X)


@wrong_w("divided by m")
def wn_divided_by_m(X, A, Y):
    return (A - Y).T @ X / A.shape[1]


@wrong_w("belong to their examples")
def wn_labels_shifted(X, A, Y):
    return (A - np.roll(Y, 1, axis=0)).T @ X / len(X)


@wrong_w("one matrix per example")
def wn_not_averaged(X, A, Y):
    return np.einsum("kj,ki->kji", A - Y, X)


@wrong_b("factor N")
def bn_sum(X, A, Y):
    return (A - Y).sum(axis=0)


@wrong_b("wrong axis")
def bn_wrong_axis(X, A, Y):
    return (A - Y).sum(axis=1)


@wrong_b("one row per example")
def bn_not_averaged(X, A, Y):
    return A - Y


@wrong_b("one number.*axis|axis")
def bn_total(X, A, Y):
    return np.full(A.shape[1], np.sum(A - Y) / len(A))


@wrong_b("no x belongs")
def bn_times_x(X, A, Y):
    return ((A - Y) * X.sum(axis=1, keepdims=True)).mean(axis=0)


@wrong_b("mean over the classes|factor m")
def bn_mean_of_all(X, A, Y):
    return (A - Y).sum(axis=0) / A.size


@wrong("batch_gradients", "other one is missing|two arrays")
def n_only_w(X, A, Y):
    return (A - Y).T @ X / len(X)


@wrong("batch_gradients", "wrong order|first")
def n_swapped(X, A, Y):
    return (A - Y).mean(axis=0), (A - Y).T @ X / len(X)


@wrong("batch_gradients", "dictionary")
def n_dictionary(X, A, Y):
    return {"W": (A - Y).T @ X / len(X), "b": (A - Y).mean(axis=0)}


@wrong("batch_gradients", "opposite")
def n_sign(X, A, Y):
    return (Y - A).T @ X / len(X), (Y - A).mean(axis=0)


@wrong("batch_gradients", r"(?s)dL/dW: the first.*seed 1, N = 5: the.*dL/db: the first.*seed 2, N = 4: the")
def n_first(X, A, Y):
    return np.outer(A[0] - Y[0], X[0]), A[0] - Y[0]


@wrong("batch_gradients", "The number of the right class")
def n_class_numbers(X, A, Y):
    delta = A - Y.argmax(axis=1)[:, None]
    return delta.T @ X / len(X), delta.mean(axis=0)


@wrong("batch_gradients", "N - 1")
def n_minus_one(X, A, Y):
    N = max(len(X) - 1, 1)
    return (A - Y).T @ X / N, (A - Y).sum(axis=0) / N


# ---------------------------------------------------------------- one step


@wrong("sgd_step", "uphill")
def s_ascent(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W + learning_rate * dW, b + learning_rate * db


@wrong("sgd_step", "learning rate has no effect")
def s_no_learning_rate(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W - dW, b - db


@wrong("sgd_step", "twice")
def s_learning_rate_twice(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, learning_rate**2)


@wrong("sgd_step", "b has a slope of its own")
def s_b_with_slope_of_w(W, b, X, Y, learning_rate):
    dW, _ = slopes(W, b, X, Y)
    return W - learning_rate * dW, b - learning_rate * dW.sum(axis=1)


@wrong("sgd_step", "b does not change")
def s_b_stays(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, learning_rate)[0], b


@wrong("sgd_step", "W does not change")
def s_w_stays(W, b, X, Y, learning_rate):
    return W, step(W, b, X, Y, learning_rate)[1]


@wrong("sgd_step", "changes its arguments W and b")
def s_in_place(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    W -= learning_rate * dW
    b -= learning_rate * db
    return W, b


@wrong("sgd_step", "old")
def s_old(W, b, X, Y, learning_rate):
    step(W, b, X, Y, learning_rate)
    return W, b


@wrong("sgd_step", "new W")
def s_b_after_w(W, b, X, Y, learning_rate):
    W_new = step(W, b, X, Y, learning_rate)[0]
    return W_new, step(W_new, b, X, Y, learning_rate)[1]


@wrong("sgd_step", "new b")
def s_w_after_b(W, b, X, Y, learning_rate):
    b_new = step(W, b, X, Y, learning_rate)[1]
    return step(W, b_new, X, Y, learning_rate)[0], b_new


@wrong("sgd_step", "sum over the examples")
def s_sum(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, learning_rate * len(X))


@wrong("sgd_step", "integer")
def s_integers(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W - (learning_rate * dW).astype(int), b - (learning_rate * db).astype(int)


@wrong("sgd_step", "return the slope")
def s_returns_slopes(W, b, X, Y, learning_rate):
    return slopes(W, b, X, Y)


@wrong("sgd_step", "change of W")
def s_returns_change(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return -learning_rate * dW, -learning_rate * db


@wrong("sgd_step", "order")
def s_swapped(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, learning_rate)[::-1]


@wrong("sgd_step", "missing|two arrays")
def s_only_w(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, learning_rate)[0]


@wrong("sgd_step", "without b|lack the bias")
def s_scores_without_b(W, b, X, Y, learning_rate):
    dW, db = slopes(W, 0 * b, X, Y)
    return W - learning_rate * dW, b - learning_rate * db


@wrong("sgd_step", "softmax is missing")
def s_no_softmax(W, b, X, Y, learning_rate):
    delta = X @ W.T + b - Y
    return W - learning_rate * delta.T @ X / len(X), b - learning_rate * delta.mean(axis=0)


@wrong("sgd_step", "sigmoid")
def s_sigmoid(W, b, X, Y, learning_rate):
    delta = 1 / (1 + np.exp(-(X @ W.T + b))) - Y
    return W - learning_rate * delta.T @ X / len(X), b - learning_rate * delta.mean(axis=0)


@wrong("sgd_step", "weight decay")
def s_weight_decay(W, b, X, Y, learning_rate):
    W_new, b_new = step(W, b, X, Y, learning_rate)
    return W_new - learning_rate * 0.1 * W, b_new


@wrong("sgd_step", "first example")
def s_first_example(W, b, X, Y, learning_rate):
    return step(W, b, X[:1], Y[:1], learning_rate)


@wrong("sgd_step", "divided by the learning rate")
def s_divided(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, 1 / learning_rate)


@wrong("sgd_step", "Two steps")
def s_two_steps(W, b, X, Y, learning_rate):
    return step(*step(W, b, X, Y, learning_rate), X, Y, learning_rate)


@wrong("sgd_step", r"sum over the examples \(axis 0\)")
def s_softmax_over_examples(W, b, X, Y, learning_rate):
    e = np.exp(X @ W.T + b)
    delta = e / e.sum(axis=0) - Y
    return W - learning_rate * delta.T @ X / len(X), b - learning_rate * delta.mean(axis=0)


@wrong("sgd_step", "step of its own")
def s_example_by_example(W, b, X, Y, learning_rate):
    return loop(lambda N, rng: np.arange(N))(W, b, X, Y, learning_rate, 1, 1, None)


@wrong("sgd_step", r"the scores need the shape \(N, m\)")
def s_scores_of_one_example(W, b, X, Y, learning_rate):
    return W @ X + b


@wrong("sgd_step", "multiplied by their slopes")
def s_scales(W, b, X, Y, learning_rate):
    dW, db = slopes(W, b, X, Y)
    return W * (1 - learning_rate * dW), b * (1 - learning_rate * db)


@wrong("sgd_step", "no effect.*multiplied by 0.1")
def s_fixed_rate(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, 0.1)


@wrong("sgd_step", "uphill")
def s_b_uphill(W, b, X, Y, learning_rate):
    W_new, b_new = step(W, b, X, Y, learning_rate)
    return W_new, 2 * b - b_new


# ---------------------------------------------------------------- the loop


@wrong("sgd", "once, at the initial")
def l_slope_once(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    dW, db = slopes(W, b, X, Y)
    for _ in range(epochs):
        for _ in range(0, len(X), batch_size):
            W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b


@wrong("sgd", "belong")
def l_shuffled_apart(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        X, Y = rng.permutation(X), rng.permutation(Y)
        W, b = loop(lambda N, rng: np.arange(N))(W, b, X, Y, learning_rate, 1, batch_size, rng)
    return W, b


@wrong("sgd", "whole data set")
def l_divided_by_all(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    def one(W, b, x, y, learning_rate):
        return step(W, b, x, y, learning_rate * len(x) / len(X))

    return loop(lambda N, rng: rng.permutation(N), one)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong("sgd", "one epoch too few")
def l_epoch_short(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return shuffled(W, b, X, Y, learning_rate, epochs - 1, batch_size, rng)


@wrong("sgd", "one epoch too many")
def l_epoch_more(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return shuffled(W, b, X, Y, learning_rate, epochs + 1, batch_size, rng)


@wrong("sgd", "really has")
def l_last_divisor(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    def one(W, b, x, y, learning_rate):
        return step(W, b, x, y, learning_rate * len(x) / batch_size)

    return loop(lambda N, rng: rng.permutation(N), one)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong("sgd", "left out")
def l_last_dropped(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for k in range(len(X) // batch_size):
            batch = order[k * batch_size : (k + 1) * batch_size]
            W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


@wrong("sgd", "Only one epoch")
def l_return_inside(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        return shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
    return W, b


@wrong("sgd", "not depend on rng.*order of the rows")
def l_not_shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return loop(lambda N, rng: np.arange(N))(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong("sgd", "Every epoch has the same order")
def l_shuffled_once(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    order = rng.permutation(len(X))
    return loop(lambda N, rng: order)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong("sgd", "another generator")
def l_global_generator(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    order = lambda N, rng: np.random.permutation(N)  # noqa: E731, NPY002
    return loop(order)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong("sgd", "another generator")
def l_own_seed(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return shuffled(W, b, X, Y, learning_rate, epochs, batch_size, np.random.default_rng(0))


@wrong("sgd", "replacement|visited again|Not every example|unequally")
def l_with_replacement(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return loop(lambda N, rng: rng.integers(N, size=N))(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong("sgd", "batch_size has no effect.*all examples")
def l_full_batch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        W, b = step(W, b, X, Y, learning_rate)
    return W, b


@wrong("sgd", "Every step uses all examples.*six should count 1/3 and one should count 1")
def l_all_rows_in_each_step(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return loop(lambda N, rng: rng.permutation(N), lambda w, c, *_: step(w, c, X, Y, learning_rate))(
        W, b, X, Y, learning_rate, epochs, batch_size, rng
    )


@wrong("sgd", "Is a batch still two-dimensional")
def l_rows_without_a_batch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for k in rng.permutation(len(X)):
        W, b = step(W, b, X[k], Y[k], learning_rate)
    return W, b


@wrong("sgd", "one example alone")
def l_single_examples(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return shuffled(W, b, X, Y, learning_rate, epochs, 1, rng)


@wrong("sgd", "learning rate the same|times the learning rate")
def l_rate_decays(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for epoch in range(epochs):
        W, b = shuffled(W, b, X, Y, learning_rate / (1 + epoch), 1, batch_size, rng)
    return W, b


@wrong("sgd", "changes its arguments X and Y")
def l_shuffles_in_place(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        X[:], Y[:] = X[order], Y[order]
        W, b = loop(lambda N, rng: np.arange(N))(W, b, X, Y, learning_rate, 1, batch_size, rng)
    return W, b


@wrong("sgd", "changes its arguments W and b")
def l_in_place(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for k in range(0, len(X), batch_size):
            dW, db = slopes(W, b, X[order[k : k + batch_size]], Y[order[k : k + batch_size]])
            W -= learning_rate * dW
            b -= learning_rate * db
    return W, b


@wrong("sgd", "Only one batch")
def l_one_batch_per_epoch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        batch = rng.permutation(len(X))[:batch_size]
        W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


@wrong("sgd", "uphill")
def l_ascent(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return shuffled(W, b, X, Y, -learning_rate, epochs, batch_size, rng)


@wrong("sgd", "momentum")
def l_momentum(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    vW, vb = 0, 0
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for k in range(0, len(X), batch_size):
            dW, db = slopes(W, b, X[order[k : k + batch_size]], Y[order[k : k + batch_size]])
            vW, vb = 0.9 * vW + dW, 0.9 * vb + db
            W, b = W - learning_rate * vW, b - learning_rate * vb
    return W, b


@wrong("sgd", "start of the epoch")
def l_stale_epoch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        W0, b0, order = W, b, rng.permutation(len(X))
        for k in range(0, len(X), batch_size):
            dW, db = slopes(W0, b0, X[order[k : k + batch_size]], Y[order[k : k + batch_size]])
            W, b = W - learning_rate * dW, b - learning_rate * db
    return W, b


@wrong("sgd", "not the batches")
def l_shuffles_batches(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        for k in rng.permutation(np.arange(0, len(X), batch_size)):
            W, b = step(W, b, X[k : k + batch_size], Y[k : k + batch_size], learning_rate)
    return W, b


@wrong("sgd", "empty batch")
def l_empty_batch(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for k in range(len(X) // batch_size + 1):
            batch = order[k * batch_size : (k + 1) * batch_size]
            delta = activations(W, b, X)[batch] - Y[batch]
            W, b = W - learning_rate * delta.T @ X[batch] / len(batch), b - learning_rate * delta.mean(axis=0)
    return W, b


@wrong("sgd", "3 things|two arrays")
def l_returns_losses(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return *shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng), []


@wrong("sgd", "zeros")
def l_starts_at_zero(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return shuffled(0 * W, 0 * b, X, Y, learning_rate, epochs, batch_size, rng)


@wrong("sgd", "3, 2 and 2")
def l_even_batches(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        for batch in np.array_split(rng.permutation(len(X)), -(-len(X) // batch_size)):
            W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


@wrong("sgd", r"0\.5")
def l_averages(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    W1, b1 = shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng)
    return (W + W1) / 2, (b + b1) / 2


@wrong("sgd", "Yours are those after 1")
def l_keeps_the_best(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    best = (np.inf, W, b)
    for _ in range(epochs):
        W, b = shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
        loss = -np.log((activations(W, b, X) * Y).sum(axis=1)).mean()
        best = min(best, (loss, W, b), key=lambda state: state[0])
    return best[1:]


@wrong("sgd", "no early stop")
def l_stops_early(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        before = W
        W, b = shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
        if abs(W - before).max() < 1e-4:
            break
    return W, b


@wrong("sgd", "smaller mini-batch comes first")
def l_small_batch_first(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for batch in np.split(order, range(len(X) % batch_size or batch_size, len(X), batch_size)):
            W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


@wrong("sgd", "visited again")
def l_first_batch_again(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for _ in range(0, len(X), batch_size):
            W, b = step(W, b, X[order[:batch_size]], Y[order[:batch_size]], learning_rate)
    return W, b


@wrong("sgd", "begin at the first W and b again")
def l_restarts(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        W_new, b_new = shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
    return W_new, b_new


# ---------------------------------------------------------------- right answers


@right("weight_gradient")
def ok_w_outer(x, a, y):
    return np.outer(a - y, x)


@right("weight_gradient")
def ok_w_lists(x, a, y):
    return [[(a[j] - y[j]) * x[i] for i in range(len(x))] for j in range(len(y))]


@right("weight_gradient")
def ok_w_columns(x, a, y):
    return (a.reshape(-1, 1) - y.reshape(-1, 1)) @ x.reshape(1, -1)


@right("weight_gradient")
def ok_w_float32(x, a, y):
    return np.outer((a - y).astype(np.float32), x.astype(np.float32))


@right("weight_gradient")
def ok_w_minus_minus(some, other, third):
    return -np.multiply.outer(third - other, some)


@right("weight_gradient")
def ok_w_matrix(x, a, y):
    return np.matrix(a - y).T * np.matrix(x)


@right("weight_gradient")
def ok_w_chain_rule(x, a, y):
    J = np.diag(a) - np.outer(a, a)
    return np.kron((-y / a) @ J, x).reshape(len(a), len(x))


@right("weight_gradient")
def ok_w_prints_and_warns(x, a, y):
    print("x", x)
    np.log(np.zeros(1))
    return np.einsum("j,i->ji", a - y, x)


@right("bias_gradient")
def ok_b(a, y):
    return a - y


@right("bias_gradient")
def ok_b_list(a, y):
    g = a.copy()
    g[np.argmax(y)] -= 1
    return list(g)


@right("bias_gradient")
def ok_b_tuple(a, y):
    return tuple(p - t for p, t in zip(a, y, strict=True))


@right("bias_gradient")
def ok_b_column(a, y):
    return (a - y).reshape(-1, 1)


@right("bias_gradient")
def ok_b_sum_over_k(a, y):
    m = len(a)
    return np.array([sum(y[k] * (a[j] - (k == j)) for k in range(m)) for j in range(m)])


@right("bias_gradient")
def ok_b_numpy_imported_inside(a, y, *, scale=1.0):
    import numpy

    return numpy.subtract(a, y) * scale


@right("batch_gradients")
def ok_n_einsum(X, A, Y):
    return np.einsum("ki,kj->ij", A - Y, X) / X.shape[0], np.mean(A - Y, axis=0)


@right("batch_gradients")
def ok_n_delta_first(X, A, Y):
    delta = (A - Y) / len(X)
    return [delta.T @ X, delta.sum(axis=0)]


@right("batch_gradients")
def ok_n_loop(X, A, Y):
    dW, db = np.zeros((A.shape[1], X.shape[1])), np.zeros(A.shape[1])
    for x, a, y in zip(X, A, Y, strict=True):
        dW += np.outer(a - y, x) / len(X)
        db += (a - y) / len(X)
    return dW, db


@right("batch_gradients")
def ok_n_ones_column(X, A, Y):
    G = (A - Y).T @ np.column_stack([X, np.ones(len(X))]) / len(X)
    return G[:, :-1], G[:, -1]


@right("batch_gradients")
def ok_n_mean_of_outers(X, A, Y):
    return np.mean([np.outer(a - y, x) for x, a, y in zip(X, A, Y, strict=True)], axis=0), (A - Y).mean(0)


@right("sgd_step")
def ok_s(W, b, X, Y, learning_rate):
    return step(W, b, X, Y, learning_rate)


@right("sgd_step")
def ok_s_plus(W, b, X, Y, learning_rate):
    E = Y - activations(W, b, X)
    return W + learning_rate * E.T @ X / len(X), b + learning_rate * E.mean(axis=0)


@right("sgd_step")
def ok_s_copies(W, b, X, Y, learning_rate):
    W, b = W.copy(), b.copy()
    dW, db = slopes(W, b, X, Y)
    W -= learning_rate * dW
    b -= learning_rate * db
    return [W, b]


@right("sgd_step")
def ok_s_helpers(W, b, X, Y, learning_rate):
    from helpers.cross_entropy import softmax_crossentropy_grad
    from helpers.network import weighted_inputs

    delta = softmax_crossentropy_grad(weighted_inputs(X, W, b), Y)
    return W - learning_rate * delta.T @ X, b - learning_rate * delta.sum(axis=0)


@right("sgd_step")
def ok_s_float32(W, b, X, Y, learning_rate):
    W_new, b_new = step(W, b, X, Y, learning_rate)
    return W_new.astype(np.float32), b_new.astype(np.float32)


@right("sgd_step")
def ok_s_lists(W, b, X, Y, learning_rate):
    W_new, b_new = step(W, b, X, Y, learning_rate)
    return W_new.tolist(), b_new.tolist()


@right("sgd_step")
def ok_s_naive_softmax(W, b, X, Y, learning_rate):
    A = np.array([np.exp(W @ x + b) / sum(np.exp(W @ x + b)) for x in X])
    return W - learning_rate / len(X) * (A - Y).T @ X, b - learning_rate / len(X) * (A - Y).sum(0)


shuffled = loop(lambda N, rng: rng.permutation(N))


@right("sgd")
def ok_l_permutation(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@right("sgd")
def ok_l_shuffle(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    order = np.arange(len(X))

    def draw(N, rng):
        rng.shuffle(order)
        return order

    return loop(draw)(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@right("sgd")
def ok_l_choice(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return loop(lambda N, rng: rng.choice(N, N, replace=False))(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@right("sgd")
def ok_l_sorted_keys(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return loop(lambda N, rng: np.argsort(rng.random(N)))(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@right("sgd")
def ok_l_orders_in_advance(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    orders = iter(rng.permuted(np.tile(np.arange(len(X)), (epochs, 1)), axis=1))
    return loop(lambda N, rng: next(orders))(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@right("sgd")
def ok_l_rows_with_labels(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    together = np.hstack([X, Y])
    for _ in range(epochs):
        together = rng.permutation(together)
        x, y = together[:, : X.shape[1]], together[:, X.shape[1] :]
        W, b = loop(lambda N, rng: np.arange(N))(W, b, x, y, learning_rate, 1, batch_size, rng)
    return W, b


@right("sgd")
def ok_l_pool(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        left = list(range(len(X)))
        while left:
            batch = [left.pop(rng.integers(len(left))) for _ in range(min(batch_size, len(left)))]
            W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b


@right("sgd")
def ok_l_reversed(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    return loop(lambda N, rng: rng.permutation(N)[::-1])(W, b, X, Y, learning_rate, epochs, batch_size, rng)


@right("sgd")
def ok_l_float32(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    W, b = shuffled(W, b, X, Y, learning_rate, epochs, batch_size, rng)
    return W.astype(np.float32), b.astype(np.float32)


@right("sgd")
def ok_l_prints_loss(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for epoch in range(epochs):
        W, b = shuffled(W, b, X, Y, learning_rate, 1, batch_size, rng)
        print("epoch", epoch, "loss", -np.log((activations(W, b, X) * Y).sum(axis=1)).mean())
    return W, b


@right("sgd")
def ok_l_split(W, b, X, Y, learning_rate, epochs, batch_size, rng):
    for _ in range(epochs):
        for batch in np.split(rng.permutation(len(X)), range(batch_size, len(X), batch_size)):
            W, b = step(W, b, X[batch], Y[batch], learning_rate)
    return W, b
