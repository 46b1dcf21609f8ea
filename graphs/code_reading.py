"""Finds in a candidate's code what is worth a question: by its syntax tree, never by running it.

A finding names something that stands in the code. It is no fault that was proven: an interviewer asks about it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Function = ast.FunctionDef | ast.AsyncFunctionDef
Rule = Literal[
    "stub", "threads", "division", "first", "unused", "swallowed", "nested", "shifting", "sorts", "whole"
]
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Finding:
    rule: Rule
    name: str
    """The function, as it is written."""
    what: str = ""
    """As one says it."""


def findings(code: str, statement: str) -> list[Finding]:
    """In the order in which they are worth asking about; none where the code cannot be read."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    functions = [node for node in ast.walk(tree) if isinstance(node, Function)]
    whole = [f for f in functions if not _is_stub(f)]
    found = [Finding("stub", f.name) for f in functions if _is_stub(f) and not f.name.startswith("__")]
    found += _threads(tree, code, statement)
    for rule in (_divisions, _firsts, _unused, _swallowed, _nested, _shifting, _sorts):
        found += [finding for function in whole for finding in rule(function)]
    longest = max(whole, key=lambda f: (f.end_lineno or 0) - f.lineno, default=None)
    return [*found, *([Finding("whole", longest.name)] if longest else [])]


def _body(function: Function) -> list[ast.stmt]:
    """Without the docstring."""
    return function.body if ast.get_docstring(function, clean=False) is None else function.body[1:]


def _is_stub(function: Function) -> bool:
    return all(
        isinstance(node, ast.Pass | ast.Raise)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in _body(function)
    )


def _inside(function: Function) -> Iterator[ast.AST]:
    for statement in _body(function):
        yield from ast.walk(statement)


def _threads(tree: ast.Module, code: str, statement: str) -> list[Finding]:
    """A method that changes its object, where the problem speaks of threads and the code has no lock."""
    if "thread" not in statement.lower() or "lock" in code.lower():
        return []
    return [
        Finding("threads", method.name)
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for method in owner.body
        if isinstance(method, Function) and not method.name.startswith("__") and _changes_itself(method)
    ]


def _changes_itself(method: Function) -> bool:
    own = [n for n in _inside(method) if isinstance(n, ast.Attribute) and _is_self(n.value)]
    stored = any(isinstance(node.ctx, ast.Store) for node in own)
    filled = any(
        isinstance(n, ast.Subscript)
        and isinstance(n.ctx, ast.Store | ast.Del)
        and isinstance(n.value, ast.Attribute)
        for n in _inside(method)
    )
    return stored or filled


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"


def _divisions(function: Function) -> Iterator[Finding]:
    for node in _inside(function):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div | ast.FloorDiv | ast.Mod):
            spoken = _spoken(node.right)
            if spoken and not isinstance(node.left, ast.JoinedStr) and not _guarded(function, node.right):
                yield Finding("division", function.name, spoken)


def _firsts(function: Function) -> Iterator[Finding]:
    """The first or last element, the largest or the smallest, of something that nothing has looked at before."""
    for node in _inside(function):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            place = {"0": "first", "-1": "last"}.get(ast.unparse(node.slice))
            spoken = _spoken(node.value)
            if place and spoken and not _guarded(function, node.value):
                yield Finding("first", function.name, f"the {place} element of {spoken}")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
            kind = {"max": "largest", "min": "smallest"}.get(node.func.id)
            spoken = _spoken(node.args[0])
            sure = any(keyword.arg == "default" for keyword in node.keywords)
            if kind and spoken and not sure and not _guarded(function, node.args[0]):
                yield Finding("first", function.name, f"the {kind} of {spoken}")


def _spoken(node: ast.expr) -> str | None:
    """A name, an attribute or a length; None for anything longer."""
    if isinstance(node, ast.Name):
        return f'"{plain(node.id)}"'
    if isinstance(node, ast.Attribute):
        return f'"{plain(node.attr)}"'
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "len" and len(node.args) == 1:
        inner = _spoken(node.args[0])
        return f"the length of {inner}" if inner else None
    return None


def _guarded(function: Function, node: ast.expr) -> bool:
    """Whether a condition of the function, or a loop over it, mentions it: then it may be taken care of."""
    names = {ast.unparse(n) for n in ast.walk(node) if isinstance(n, ast.Name | ast.Attribute)} - {
        "len",
        "self",
    }
    for found in _inside(function):
        conditions: list[ast.AST] = []
        if isinstance(found, ast.If | ast.IfExp | ast.While | ast.Assert):
            conditions = [found.test]
        elif isinstance(found, ast.For | ast.comprehension):
            conditions = [found.target, found.iter]
        elif isinstance(found, ast.BoolOp | ast.Try):
            conditions = [found]
        if names & {ast.unparse(n) for c in conditions for n in ast.walk(c) if isinstance(n, ast.expr)}:
            return True
    return False


def _unused(function: Function) -> Iterator[Finding]:
    used = {node.id for node in _inside(function) if isinstance(node, ast.Name)}
    for argument in [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]:
        name = argument.arg
        if name not in used and name not in ("self", "cls") and not name.startswith("_"):
            yield Finding("unused", function.name, f'"{plain(name)}"')


def _swallowed(function: Function) -> Iterator[Finding]:
    for node in _inside(function):
        if isinstance(node, ast.ExceptHandler) and not any(isinstance(n, ast.Raise) for n in ast.walk(node)):
            every = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
            if every:
                yield Finding("swallowed", function.name)


def _nested(function: Function) -> Iterator[Finding]:
    for outer in _inside(function):
        if isinstance(outer, _LOOPS) and any(
            isinstance(inner, (*_LOOPS, *_COMPREHENSIONS))
            for statement in outer.body
            for inner in ast.walk(statement)
        ):
            yield Finding("nested", function.name)
            return


def _shifting(function: Function) -> Iterator[Finding]:
    """Calls that move every element of a list."""
    for node in _inside(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            first = ast.unparse(node.args[0])
            if (node.func.attr, first) in (("pop", "0"), ("insert", "0")):
                yield Finding("shifting", function.name, f"{node.func.attr} at position zero")


def _sorts(function: Function) -> Iterator[Finding]:
    for node in _inside(function):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in ("sorted", "sort"):
            yield Finding("sorts", function.name)
            return


def plain(name: str) -> str:
    """A name of the code as one says it: `_drop_expired` is `drop expired`."""
    return " ".join(name.replace("_", " ").split())
