"""Breaks every function of the mathematics on purpose and sees the tests fail.

A mutant is one replacement in the text of one file of helpers/. For each, a fresh copy of the helpers is imported with
that one change, and the tests of the file run on it. They must fail, in a test and not by a name that is missing. The
unchanged text must pass the same way. `pytest -v tests/test_mutants.py` lists what was broken.
"""

import importlib.machinery
import importlib.util
import pathlib
import sys

import pytest

TESTS = pathlib.Path(__file__).parent
HELPERS = TESTS.parent / "helpers"
SUITES = {
    "softmax": ["test_softmax.py", "test_arguments.py"],
    "cross_entropy": ["test_cross_entropy.py", "test_arguments.py"],
    "network": ["test_network.py", "test_arguments.py"],
    "numerical": ["test_numerical.py", "test_arguments.py"],
    "datasets": ["test_datasets.py"],
    "arguments": ["test_arguments.py", "test_cross_entropy.py"],
}

# Stop at the first failure, and leave out what only costs time here: 190 runs take a minute.
WITHOUT = ("cacheprovider", "nbval", "hypothesispytest", "unraisableexception", "threadexception")
OPTIONS = ["-x", "-q", "-s", "--no-header", "--tb=line", "--assert=plain", *(f"-pno:{plugin}" for plugin in WITHOUT)]

# File of helpers/: function: what is broken: (text, its replacement). The text stands exactly once in the file.
MUTANTS = {
    "softmax": {
        "shift": {
            "no shift": ("    z -= top\n", ""),
            "the maximum is added": ("z -= top", "z += top"),
            "one maximum for the whole batch": ("z.max(axis=0)", "z.max()"),
            "the maximum of a class, not of an example": ("z.max(axis=0)", "z.max(axis=-1, keepdims=True)"),
            "the smallest score is subtracted": ("z.max(axis=0)", "z.min(axis=0)"),
            "the scores are changed in place": (".T.copy()", ".T"),
            "one row is not copied": (".T.copy()", ".T; z = np.ascontiguousarray(z)"),
            "NaN and infinity are let through": ('"largest score of z", top, np.isfinite(top)', '"", top, top == top'),
        },
        "softmax": {
            "the sum runs over the batch": ("e /= e.sum(axis=0)", "e /= e.sum()"),
            "the sum runs over the examples": ("e /= e.sum(axis=0)", "e /= e.sum(axis=-1, keepdims=True)"),
            "not normalised": ("    e /= e.sum(axis=0)\n", ""),
            "powers of 2 instead of e": ("np.exp(e, e)  # in place\n    e /=", "np.exp2(e, e)\n    e /="),
            "transposed": ("    return e.T\n", "    return e\n"),
            "epsilon in the denominator": ("e.sum(axis=0)\n    return e.T", "e.sum(axis=0) + 1e-12\n    return e.T"),
            "underflow warns": ("@quiet\ndef softmax(", "def softmax("),
        },
        "log_softmax": {
            "the sign": ("(shifted - np.log1p", "(shifted + np.log1p"),
            "log of the whole sum, which rounds": (
                "np.put_along_axis(e, shifted.argmax(axis=0, keepdims=True), 0, axis=0)\n"
                "    return (shifted - np.log1p(e.sum(axis=0))).T",
                "return (shifted - np.log(e.sum(axis=0))).T",
            ),
            "the log of softmax": ("return (shifted - np.log1p(e.sum(axis=0))).T", "return np.log(softmax(z))"),
            "every class at the maximum is left out": (
                "np.put_along_axis(e, shifted.argmax(axis=0, keepdims=True), 0, axis=0)",
                "e[shifted == 0] = 0",
            ),
            "the largest is counted twice": (
                "    np.put_along_axis(e, shifted.argmax(axis=0, keepdims=True), 0, axis=0)\n",
                "",
            ),
        },
        "softmax_jacobian": {
            "diagonal only": ("return a_k * (delta - a_j)", "return delta * a_k * (1 - a_j)"),
            "the sign": ("a_k * (delta - a_j)", "a_k * (a_j - delta)"),
            "no delta": ("a_k * (delta - a_j)", "-a_k * a_j"),
            "a_j in both places": ("a_k * (delta - a_j)", "a_j * (delta - a_j)"),
            "delta everywhere": ("np.eye(a.shape[-1], dtype=a.dtype)", "np.ones((a.shape[-1],) * 2, dtype=a.dtype)"),
            "float32 is not kept": ("np.eye(a.shape[-1], dtype=a.dtype)", "np.eye(a.shape[-1])"),
        },
        "sigmoid": {
            "the sign": ("np.where(z >= 0, 1, e)", "np.where(z <= 0, 1, e)"),
            "NaN is let through": ('    arguments.require("sigmoid", "z", z, ~np.isnan(z), "a number")\n', ""),
            "inf / inf": ("e = np.exp(-abs(z))", "e = np.exp(z); return e / (1 + e)"),
            "always the larger half": ("np.where(z >= 0, 1, e)", "1"),
            "0 counts as negative, and its e is doubled": ("np.where(z >= 0, 1, e)", "np.where(z > 0, 1, 2 * e)"),
        },
    },
    "cross_entropy": {
        "one_hot": {
            "classes counted from 1": ("np.eye(m)[labels]", "np.eye(m)[labels - 1]"),
            "every class": ("np.eye(m)[labels]", "np.ones((m, m))[labels]"),
            "transposed": ("np.eye(m)[labels]", "np.eye(m)[labels].T"),
            "labels from the end are let through": ("(labels >= 0) & (labels < m)", "labels < m"),
            "one class too many": ("(labels >= 0) & (labels < m)", "(labels >= 0) & (labels <= m)"),
            "True is a number of classes": ("isinstance(m, bool) or ", ""),
            "no classes": ("if m < 1:", "if m < 0:"),
        },
        "cross_entropy": {
            "the sign": ("return 0 - (p * log_q)", "return (p * log_q)"),
            "p and q exchanged": ("np.log(q, where=p > 0, out=np.zeros_like(q))", "np.log(p); p = q"),
            "entropy of p": ("np.log(q, where=p > 0, out=np.zeros_like(q))", "np.log(p, where=p > 0, out=p * 0)"),
            "epsilon in the logarithm": ("np.log(q, where", "np.log(q + 1e-12, where"),
            "0 log 0 is NaN": ("np.log(q, where=p > 0, out=np.zeros_like(q))", "np.log(q)"),
            "bits": ("np.log(q, where", "np.log2(q, where"),
            "the sum runs over the batch": ("(p * log_q).sum(axis=-1)", "(p * log_q).sum()"),
            "the mean over the classes": ("(p * log_q).sum(axis=-1)", "(p * log_q).mean(axis=-1)"),
            "p may be any numbers": ('arguments.probabilities("cross_entropy", "p", p)', "np.asarray(p, float)"),
            "q is broadcast": ('    arguments.same_shape("cross_entropy", "p", p, "q", q)\n', ""),
        },
        "activations_and_targets": {
            "y is broadcast": ('    arguments.same_shape(caller, "a", a, "y", y)\n', ""),
            "scores are let through": ("(a >= 0) & (a < np.inf)", "(a == a)"),
            "the right class of another example": (
                "a.shape[-1] * np.arange(labels.size) + labels",
                "labels.size * np.arange(labels.size) + labels",
            ),
        },
        "categorical_crossentropy": {
            "the sign": ("return 0 - np.log(a.take(right)).mean()", "return np.log(a.take(right)).mean()"),
            "the sum instead of the mean": ("np.log(a.take(right)).mean()", "np.log(a.take(right)).sum()"),
            "the mean over the classes too": ("np.log(a.take(right)).mean()", "np.log(a.take(right)).sum() / a.size"),
            "epsilon in the logarithm": ("np.log(a.take(right))", "np.log(a.take(right) + 1e-7)"),
            "clipped": ("np.log(a.take(right))", "np.log(np.maximum(a.take(right), 1e-15))"),
            "no logarithm": ("np.log(a.take(right))", "a.take(right)"),
        },
        "categorical_crossentropy_grad": {
            "the sign": ("-1 / (right.size * a.take(right))", "1 / (right.size * a.take(right))"),
            "no 1/N": ("-1 / (right.size * a.take(right))", "-1 / a.take(right)"),
            "1/N squared": ("-1 / (right.size * a.take(right))", "-1 / (right.size**2 * a.take(right))"),
            "the mean over the classes too": ("right.size * a.take(right)", "a.size * a.take(right)"),
            "epsilon in the denominator": ("right.size * a.take(right)", "right.size * (a.take(right) + 1e-7)"),
            "every class": (
                "gradient.put(right, -1 / (right.size * a.take(right)))",
                "gradient[...] = -1 / right.size / a",
            ),
        },
        "split": {
            "y is broadcast": ('    arguments.same_shape(caller, "z", e.T, "y", y)\n', ""),
            "the right class is left in": ("    e.put(right, 0)\n", ""),
            "the right class of another example": ("right = labels.size * labels +", "right = labels +"),
            "the maximum is taken for the right class": (
                "z_right = e.take(right)",
                "z_right = e.max(axis=0) + 0 * right",
            ),
        },
        "softmax_crossentropy": {
            "the sign": ("others.sum(axis=0)) - z_right).mean()", "others.sum(axis=0)) + z_right).mean()"),
            "the sum instead of the mean": (" - z_right).mean()", " - z_right).sum()"),
            "log of the whole sum, which rounds": (
                "np.log1p(np.expm1(z_right) + others.sum(axis=0))",
                "np.log(np.exp(z_right) + others.sum(axis=0))",
            ),
            "the right class is always taken for the maximum": ("np.expm1(z_right) + others", "others"),
            "the sum runs over the batch": (
                "np.expm1(z_right) + others.sum(axis=0)",
                "np.expm1(z_right) + others.sum()",
            ),
            "no score": (" - z_right).mean()", ").mean()"),
        },
        "softmax_crossentropy_grad": {
            "no 1/N": ("    e /= (np.exp(z_right) + rest) * right.size\n", "    e /= np.exp(z_right) + rest\n"),
            "the mean over the classes too": (
                "(np.exp(z_right) + rest) * right.size",
                "(np.exp(z_right) + rest) * e.size",
            ),
            "the sign": ("    return e.T\n", "    return -e.T\n"),
            "y is not subtracted": ("e.put(right, -rest)", "e.put(right, np.exp(z_right))"),
            "the right class cancels": (
                "    e.put(right, -rest)\n    e /= (np.exp(z_right) + rest) * right.size\n",
                "    e.put(right, np.exp(z_right))\n    e /= np.exp(z_right) + rest\n"
                "    e.put(right, e.take(right) - 1)\n    e /= right.size\n",
            ),
            "the right class is pushed down": ("e.put(right, -rest)", "e.put(right, rest)"),
            "the right class is missing from the sum": ("(np.exp(z_right) + rest) * right", "rest * right"),
            "transposed": ("    return e.T\n", "    return e.reshape(e.T.shape)\n"),
        },
        "answers": {
            "y is broadcast": ('    arguments.same_shape(caller, name, values, "y", y)\n', ""),
            "y may be any number": ('    arguments.require(caller, "y", y, (y == 0) | (y == 1), "0 or 1")\n', ""),
        },
        "binary_crossentropy": {
            "the sign": ("losses = -np.where", "losses = np.where"),
            "yes and no exchanged": (
                "np.where(y == 1, np.log(a), np.log1p(-a))",
                "np.where(y == 0, np.log(a), np.log1p(-a))",
            ),
            "no is not counted": ("np.log(a), np.log1p(-a))", "np.log(a), 0)"),
            "the mean over the questions": ("0 + losses.sum(axis=-1).mean()", "0 + losses.mean()"),
            "the sum over the batch": ("0 + losses.sum(axis=-1).mean()", "0 + losses.sum()"),
            "epsilon in the logarithm": ("np.log(a), np.log1p(-a)", "np.log(a + 1e-7), np.log1p(1e-7 - a)"),
        },
        "sigmoid_crossentropy": {
            "yes and no exchanged": ("s = np.where(y == 1, -z, z)", "s = np.where(y == 0, -z, z)"),
            "no maximum": ("np.maximum(s, 0) + np.log1p(np.exp(-abs(s)))", "np.log1p(np.exp(s))"),
            "log of 1 + e, which rounds": ("np.log1p(np.exp(-abs(s)))", "np.log(1 + np.exp(-abs(s)))"),
            "the mean over the questions": ("np.exp(-abs(s)))).sum(axis=-1).mean()", "np.exp(-abs(s)))).mean()"),
            "float32 is not kept": ("s = np.where(y == 1, -z, z)", "s = np.where(y == 1, -1, 1) * z"),
        },
        "sigmoid_crossentropy_grad": {
            "the sign": ("np.where(y == 1, -sigmoid(-z), sigmoid(z))", "-np.where(y == 1, -sigmoid(-z), sigmoid(z))"),
            "y is not subtracted": ("np.where(y == 1, -sigmoid(-z), sigmoid(z))", "sigmoid(z)"),
            "a - 1 cancels": ("-sigmoid(-z), sigmoid(z)", "sigmoid(z) - 1, sigmoid(z)"),
            "no 1/N": ("-sigmoid(-z), sigmoid(z)) / N", "-sigmoid(-z), sigmoid(z))"),
            "the mean over the questions too": ("N = z.size // z.shape[-1]", "N = z.size"),
        },
    },
    "network": {
        "weighted_inputs": {
            "W is not transposed where it is square": ("x @ W.T + b", "x @ (W if len(W) == len(W.T) else W.T) + b"),
            "no bias": ("x @ W.T + b", "x @ W.T"),
            "the bias is subtracted": ("x @ W.T + b", "x @ W.T - b"),
            "the bias of the first class for all": ("x @ W.T + b", "x @ W.T + b[0]"),
            "shapes are not compared": ("if W.shape != (len(b), x.shape[-1])", "if False"),
            "the bias is broadcast": ("if W.shape != (len(b), x.shape[-1])", "if W.shape[1] != x.shape[-1]"),
            "infinite features": ('arguments.finite("weighted_inputs", "x"', 'arguments.floats("weighted_inputs", "x"'),
            "infinite weights": ('arguments.finite("weighted_inputs", "W"', 'arguments.floats("weighted_inputs", "W"'),
            "infinite biases": ('arguments.finite("weighted_inputs", "b"', 'arguments.floats("weighted_inputs", "b"'),
        },
        "predict": {
            "the smallest": ("a.argmax(axis=-1)", "a.argmin(axis=-1)"),
            "over the examples": ("a.argmax(axis=-1)", "a.argmax(axis=0)"),
            "over everything": ("a.argmax(axis=-1)", "a.argmax()"),
            "classes counted from 1": ("a.argmax(axis=-1)", "a.argmax(axis=-1) + 1"),
            "the last of a tie": ("a.argmax(axis=-1)", "a.shape[-1] - 1 - a[..., ::-1].argmax(axis=-1)"),
            "NaN is let through": ('    arguments.require("predict", "a", a, ~np.isnan(a), "a number")\n', ""),
        },
        "accuracy": {
            "the share of mistakes": ("(predicted == labels).mean()", "(predicted != labels).mean()"),
            "the number of hits": ("(predicted == labels).mean()", "(predicted == labels).sum()"),
            "labels are broadcast": (
                '    arguments.same_shape("accuracy", "predicted", predicted, "labels", labels)\n',
                "",
            ),
            "labels may be floats": ('arguments.integers("accuracy", "labels", labels)', "np.asarray(labels)"),
        },
    },
    "numerical": {
        "gradient": {
            "f may return an array": ('"f(x)", f(x), (0,), "(), one number"', '"f(x)", f(x), **ANY'),
            "h is ignored": ('differences("gradient", number, x, h)', 'differences("gradient", number, x, STEP)'),
        },
        "jacobian": {
            "h is ignored": ('differences("jacobian", values, x, h)', 'differences("jacobian", values, x, STEP)'),
            "integers wrap": ('return arguments.floats("jacobian", "f(x)", f(x), **ANY)', "return np.asarray(f(x))"),
        },
        "differences": {
            "forward only": ("        down[index] -= h\n", ""),
            "half as large": ("(f(up) - f(down)) / width", "(f(up) - f(down)) / (2 * width)"),
            "the sign": ("f(up) - f(down)", "f(down) - f(up)"),
            "the width without rounding": ("width = up[index] - down[index]", "width = 2 * h"),
            "the width after f has changed its argument": (
                "(f(up) - f(down)) / width",
                "(f(up) - f(down)) / (up[index] - down[index])",
            ),
            "x is changed": ("up, down = x.copy(), x.copy()", "up, down = x, x.copy()"),
            "the entries of x first": ("np.stack(columns, axis=-1)", "np.stack(columns, axis=0)"),
            "integers are not made floats": (".astype(np.float64)\n    if", "\n    if"),
            "any step": ("if not (0 < h < np.inf and np.all((x + h > x) & (x - h < x))):", "if False:"),
            "a step too small for x": (" and np.all((x + h > x) & (x - h < x))", ""),
        },
        "compare": {
            "cannot fail": ("if error <= tolerance:", "if error <= tolerance or True:"),
            "no absolute value": ("errors = abs(formula - measured)", "errors = (formula - measured)"),
            "relative to small numbers": ("max(1.0, abs(measured).max())", "abs(measured).max()"),
            "not relative to large numbers": (" / max(1.0, abs(measured).max())", " / 1.0"),
            "NaN agrees": ("np.where(np.isnan(errors), np.inf, errors)", "np.where(np.isnan(errors), 0, errors)"),
            "the first entry": ("errors >= errors.max()", "errors <= errors.max()"),
            "rounding decides": ("errors.max() * (1 - 1e-6)", "errors.max()"),
            "the mean error": ("error = float(errors[worst])", "error = float(errors.mean())"),
            "shapes are broadcast": (
                '    arguments.same_shape("compare", "formula", formula, "measured", measured)\n',
                "",
            ),
            "formula and measured exchanged": (
                "formula {formula[worst]:.{digits}g}, measured {measured[worst]:.{digits}g}",
                "formula {measured[worst]:.{digits}g}, measured {formula[worst]:.{digits}g}",
            ),
            "too few digits": ("while digits < 17", "while digits < 4"),
        },
        "Comparison": {"always true": ("        return self.agree\n", "        return True\n")},
    },
    "datasets": {
        "read": {
            "the first bird is dropped": ("_, *rows = csv.reader(file)", "_, _, *rows = csv.reader(file)"),
            "training and test exchanged": ('row[0] == "train"', 'row[0] == "test"'),
        },
        "penguins": {
            "standardised by all examples": (
                "X[train].mean(axis=0), X[train].std(axis=0)",
                "X.mean(axis=0), X.std(axis=0)",
            ),
            "not centred": ("X = (X - mean) / std", "X = X / std"),
            "not scaled": ("X = (X - mean) / std", "X = X - mean"),
            "one mean for all features": ("X[train].mean(axis=0), ", "X[train].mean() + 0 * X[0], "),
            "features in the order of the file": (
                "MEASUREMENTS.index(feature) for feature in features",
                "i for i, feature in enumerate(MEASUREMENTS) if feature in features",
            ),
            "a feature twice": (" or len(set(features)) != len(features)", ""),
            "no features": ("if not features or ", "if "),
            "labels of the others": (
                "X[train], labels[train], X[~train], labels[~train], names, features",
                "X[train], labels[~train], X[~train], labels[train], names, features",
            ),
        },
        "digits": {
            "not scaled": ("X[train] / 16", "X[train]"),
            "scaled twice": ("X[~train] / 16", "X[~train] / 256"),
            "class numbers as text": ("labels = digit.astype(int)", "labels = digit"),
            "pictures turned": ('f"pixel ({row}, {column})"', 'f"pixel ({column}, {row})"'),
        },
    },
    "arguments": {
        "array": {
            "anything is a number": ("if values.dtype.kind not in kinds:", "if False:"),
            "empty arrays": (" or values.size == 0", ""),
            "any number of axes": ("values.ndim not in ndims or ", ""),
            "NumPy's words for ragged rows": ("except ValueError:", "except KeyError:"),
        },
        "floats": {
            "integers stay integers": ("values.astype(np.float64)", "values"),
            "complex numbers": ('"fiub"', '"fiubc"'),
            "booleans are refused": ('"fiub"', '"fiu"'),
            "float32 becomes float64": ('if values.dtype.kind == "f" else', "if values.dtype == np.float64 else"),
        },
        "integers": {"booleans are class numbers": ('"iu"', '"iub"'), "floats are class numbers": ('"iu"', '"iuf"')},
        "require": {
            "nothing is refused": ("if np.count_nonzero(good) < good.size:", "if False:"),
            "one good entry is enough": ("if np.count_nonzero(good) < good.size:", "if np.count_nonzero(good) == 0:"),
            "the wrong entry is named": ("np.argwhere(~good)[0]", "np.argwhere(good | ~good)[0]"),
            "the last bad entry is named": ("np.argwhere(~good)[0]", "np.argwhere(~good)[-1]"),
        },
        "finite": {"infinity": ("np.isfinite(values)", "~np.isnan(values)")},
        "same_shape": {"the number of entries is enough": ("values.shape != other.shape", "values.size != other.size")},
        "probabilities": {
            "below 0": ("(p >= 0) & (p <= 1)", "p <= 1"),
            "above 1": ("(p >= 0) & (p <= 1)", "p >= 0"),
            "any sum": ("abs(total - 1) <= tolerance", "total == total"),
            "a sum below 1": ("abs(total - 1) <= tolerance", "total - 1 <= tolerance"),
            "a sum far off": ("1e-8 if", "1e-2 if"),
            "no rounding": ("1e-8 if p.dtype == np.float64 else 1e-3", "0"),
        },
        "one_hot": {
            "any numbers": ('    require(caller, name, y, (y == 0) | (y == 1), "0 or 1 (one-hot)")\n', ""),
            "any number of ones": ("y @ np.ones(m) == 1", "y @ np.ones(m) >= 0"),
            "no ones": ("y @ np.ones(m) == 1", "y @ np.ones(m) <= 1"),
            "two ones": ("y @ np.ones(m) == 1", "y @ np.ones(m) >= 1"),
            "as many ones as rows": ("y @ np.ones(m) == 1", "np.asarray(y.sum() == y.size / m)"),
            "classes counted from 1": ("(y @ np.arange(m)).astype(int)", "(y @ np.arange(1, m + 1)).astype(int)"),
        },
    },
}
CASES = [
    pytest.param(file, old, new, id=f"{file}.{function}: {idea}")
    for file, functions in MUTANTS.items()
    for function, ideas in functions.items()
    for idea, (old, new) in ideas.items()
]


class Changed:
    """Finds one module of helpers/ with another text: for sys.meta_path."""

    def __init__(self, file, text):
        self.name, self.path, self.text = f"helpers.{file}", str(HELPERS / f"{file}.py"), text

    def find_spec(self, name, path=None, target=None):
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        exec(compile(self.text, self.path, "exec"), module.__dict__)


class Failures:
    """A pytest plugin that keeps which tests failed, and with which exception."""

    def __init__(self):
        self.tests, self.exceptions = [], []

    def pytest_exception_interact(self, node, call):
        self.tests.append(node.nodeid)
        self.exceptions.append(call.excinfo.type)


def run_tests(file, text):
    """Run the tests of a file of helpers/ with `text` in its place, up to the first failure: exit code and failures."""
    modules = {suite.removesuffix(".py") for suite in SUITES[file]}
    ours = {name: m for name, m in sys.modules.items() if name.partition(".")[0] == "helpers" or name in modules}
    finder, failures = Changed(file, text), Failures()
    for name in ours:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        for suite in SUITES[file]:
            code = pytest.main([*OPTIONS, str(TESTS / suite)], plugins=[failures])
            if code != pytest.ExitCode.OK:
                break
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.partition(".")[0] == "helpers" or name in modules]:
            del sys.modules[name]
        sys.modules.update(ours)
    return code, failures


@pytest.mark.parametrize("file", MUTANTS)
def test_the_unchanged_text_passes(file):
    code, failures = run_tests(file, (HELPERS / f"{file}.py").read_text(encoding="utf-8"))
    assert code == pytest.ExitCode.OK, failures.tests


@pytest.mark.parametrize(("file", "old", "new"), CASES)
def test_the_suite_fails_for(file, old, new):
    text = (HELPERS / f"{file}.py").read_text(encoding="utf-8")
    assert text.count(old) == 1, f"stands {text.count(old)} times in helpers/{file}.py, expected once: {old!r}"
    code, failures = run_tests(file, text.replace(old, new))
    assert code == pytest.ExitCode.TESTS_FAILED, "the tests pass all the same"
    assert failures.exceptions[0] not in (NameError, SyntaxError, ImportError, AttributeError), (
        "the mutant is no program"
    )


def test_every_function_is_broken():
    for file, functions in MUTANTS.items():
        text = (HELPERS / f"{file}.py").read_text(encoding="utf-8")
        defined = {line[4:].partition("(")[0] for line in text.splitlines() if line.startswith("def ")}
        assert defined <= set(functions), f"no mutant of helpers/{file}.py: {defined - set(functions)}"
