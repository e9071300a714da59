"""Breaks the functions of helpers/ on purpose, one change at a time, and sees whether their tests notice.

`mutants` makes every change that `changes` knows, in the syntax tree of a module. `survivors` collects the module's
tests once, puts each mutant's code into the living function and runs the tests up to the first that fails.
"""

import ast
import importlib
import inspect
import signal
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FILES = ["softmax", "cross_entropy", "network", "arguments", "numerical"]
OPTIONS = ["-q", "-s", "--tb=native", "--no-summary", "-pno:faulthandler", "-pno:cacheprovider", "-pno:nbval"]
SECONDS = 3  # of CPU time: a mutant whose tests take longer hangs in a loop, which counts as noticed

PAIRS = [(ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitAnd, ast.BitOr), (ast.And, ast.Or)]
PAIRS += [(ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq)]
SWAPS = dict(PAIRS) | {new: old for old, new in PAIRS} | {ast.FloorDiv: ast.Mult}
NAMES = {"max": "min", "sum": "mean", "mean": "sum", "argmax": "argmin", "all": "any", "exp": "exp2", "log": "log2"}
NAMES |= {"eye": "ones", "copy": "view", "isfinite": "isnan"}


def changes(node, parameters):
    """What may stand in the place of `node`, in a function with these parameters: nodes."""
    match node:
        case ast.BinOp(left, op, right):
            yield from [ast.BinOp(left, SWAPS[type(op)](), right)] if type(op) in SWAPS else []
            yield from [ast.BinOp(right, op, left)] if isinstance(op, ast.Sub | ast.Div | ast.MatMult) else []
        case ast.BoolOp(op, values):
            yield from [ast.BoolOp(SWAPS[type(op)](), values), *values]
        case ast.Compare(left, ops, right):
            for i, op in enumerate(ops):
                if type(op) in SWAPS:
                    yield ast.Compare(left, [*ops[:i], SWAPS[type(op)](), *ops[i + 1 :]], right)
        case ast.UnaryOp(_, operand):
            yield operand
        case ast.Constant(bool(value) | int(value) | float(value)):
            yield ast.Constant(1 - value if value in (0, 1) else 1000 * value)
        case ast.Constant(str(text)):
            yield ast.Constant(text[:-1])
        case ast.Attribute(value, name, context) if name in NAMES:
            yield ast.Attribute(value, NAMES[name], context)
        case ast.IfExp(_, body, rest):
            yield from (body, rest)
        case ast.If(_, body, rest):
            yield ast.If(ast.Constant(False), body, rest)
        case ast.Call(function, arguments, keywords):
            yield from (ast.Call(function, arguments, keywords[:i] + keywords[i + 1 :]) for i in range(len(keywords)))
            if [keyword.arg for keyword in keywords][:1] == ["axis"]:
                yield ast.Call(function, arguments, [ast.keyword("axis", ast.Constant(0)), *keywords[1:]])
            for i in range(len(arguments) - 1):
                yield ast.Call(function, [*arguments[:i], *arguments[i : i + 2][::-1], *arguments[i + 2 :]], keywords)
        case ast.Expr() | ast.AugAssign():
            yield ast.Pass()
        case ast.Assign([ast.Name(name)]) if name in parameters:
            yield ast.Pass()


class Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else self.generic_visit(node)


def mutants(module, one_each):
    """Mutants of a module, one or all of each function: its name, what stood there -> what stands there, the code."""
    tree = ast.parse(inspect.getsource(module))
    for function in [node for node in tree.body if isinstance(node, ast.FunctionDef)]:
        parameters = [argument.arg for argument in function.args.args]
        body = function.body[1:] if ast.get_docstring(function) else function.body
        sites = [(node, new) for part in body for node in ast.walk(part) for new in changes(node, parameters)]
        sites += [(decorator, ast.parse("np.errstate()").body[0].value) for decorator in function.decorator_list]
        for old, new in sites[-1:] if one_each else sites:
            before, after = ast.unparse(old), ast.unparse(ast.fix_missing_locations(new))
            Replace(old, new).visit(tree)
            if before != after:
                code = compile(ast.fix_missing_locations(tree), module.__file__, "exec")
                yield function.name, f"{before} -> {after}", code
            Replace(new, old).visit(tree)


def exchange(one, other):
    """Two functions change places, whoever holds them; a decorated one holds itself in its cells."""
    one.__code__, other.__code__ = other.__code__, one.__code__
    for mine, its in zip(one.__closure__ or (), other.__closure__ or (), strict=True):
        mine.cell_contents, its.cell_contents = its.cell_contents, mine.cell_contents


class Judge:
    """A pytest plugin that runs the collected tests once for every mutant."""

    def __init__(self, module, one_each):
        self.module, self.one_each, self.survived = module, one_each, set()

    def pytest_runtest_logreport(self, report):
        self.failed |= report.failed

    def notices(self, items):
        """Whether a test fails; it goes to the front, because it may notice the next mutant too."""
        for i, item in enumerate(items):
            self.failed = False
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.failed:
                items.insert(0, items.pop(i))
                return True
        return False

    def pytest_runtestloop(self, session):
        assert not self.notices(session.items), f"{session.items[0].nodeid} fails without a mutant"
        for name, change, code in mutants(self.module, self.one_each):
            changed = {"__name__": self.module.__name__, "__file__": self.module.__file__}
            exec(code, changed)
            exchange(vars(self.module)[name], changed[name])
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            try:
                if not self.notices(session.items):
                    self.survived.add(f"{name}: {change}")
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
                exchange(vars(self.module)[name], changed[name])
        return True


def alarm(signum, frame):
    raise TimeoutError("the mutant does not end")


def survivors(file, one_each=False):
    """The mutants of helpers/<file>.py that no test notices, as "function: what stood there -> what stands there"."""
    judge, before = Judge(importlib.import_module(f"helpers.{file}"), one_each), signal.signal(signal.SIGVTALRM, alarm)
    try:
        suites = [str(TESTS / f"test_{name}.py") for name in dict.fromkeys([file, "arguments"])]
        code = pytest.main([*OPTIONS, *suites], plugins=[judge])
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert code == pytest.ExitCode.TESTS_FAILED, f"pytest ended with {code!r}"
    return judge.survived
