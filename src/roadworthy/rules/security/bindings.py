"""What local names hold: their assignments, those that reach a use, call arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk
from roadworthy.rules.trees import dotted, names_in
from roadworthy.values.atoms import Function


class Element(ast.expr):
    """One element of what an expression gives, as in `a, b = f()`."""

    _fields = ("value",)

    def __init__(self, value: ast.expr, index: int) -> None:
        self.value = value
        self.index = index


def assignments(
    file: ReviewedFile, function: FunctionNode, name: str
) -> list[tuple[ast.AST, ast.expr]]:
    """Return what a name is bound to in a function, each with the binding statement."""
    known = file.bindings.get(function)
    if known is None:
        known = file.bindings[function] = {}
        for bound, statement, value in _bindings(function):
            known.setdefault(bound, []).append((statement, value))
    return known.get(name, [])


def _bindings(function: FunctionNode) -> Iterator[tuple[str, ast.AST, ast.expr]]:
    for part in own_nodes(function):
        if isinstance(part, ast.Assign):
            for target in part.targets:
                for bound, value in _pairs(target, part.value):
                    yield bound, part, value
        elif isinstance(part, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
            if isinstance(part.target, ast.Name) and part.value is not None:
                yield part.target.id, part, part.value
        elif isinstance(part, (ast.For, ast.AsyncFor, ast.comprehension)):
            counted = _counter(part.target, part.iter)
            for bound in names_in(part.target):
                yield bound, part, (ast.Constant(0) if bound == counted else part.iter)
        elif isinstance(part, (ast.With, ast.AsyncWith)):
            for item in part.items:
                if item.optional_vars is not None:
                    for bound in names_in(item.optional_vars):
                        yield bound, part, item.context_expr


def _counter(target: ast.expr, iterated: ast.expr) -> str | None:
    """Return the name that counts in `for number, item in enumerate(items)`."""
    if (
        isinstance(iterated, ast.Call)
        and isinstance(iterated.func, ast.Name)
        and iterated.func.id == "enumerate"
        and isinstance(target, ast.Tuple)
        and isinstance(target.elts[0], ast.Name)
    ):
        return target.elts[0].id
    return None


def reaching(
    file: ReviewedFile, function: FunctionNode, node: ast.Name
) -> tuple[list[ast.expr], bool]:
    """Return what a name may hold where it is used, and whether it may be a parameter."""
    found: list[ast.expr] = []
    around = {id(parent) for parent in file.ancestors(node)}
    bindings = [
        (statement, value)
        for statement, value in assignments(file, function, node.id)
        if _comes_before(statement, node, around)
    ]
    for statement, value in reversed(bindings):
        found.append(value)
        if isinstance(statement, (ast.AugAssign, ast.NamedExpr)):
            continue
        if isinstance(statement, (ast.For, ast.AsyncFor, ast.comprehension)):
            if id(statement) in around or isinstance(statement, ast.comprehension):
                return found, False
            continue
        parent = file.parent(statement)
        if id(parent) in around and not _in_other_branch(file, statement, node):
            return found, False
    arguments = function.args
    names = {
        argument.arg
        for argument in (
            *arguments.posonlyargs,
            *arguments.args,
            *arguments.kwonlyargs,
            *(a for a in (arguments.vararg, arguments.kwarg) if a is not None),
        )
    }
    return found, node.id in names


def _comes_before(statement: ast.AST, node: ast.Name, around: set[int]) -> bool:
    if isinstance(statement, ast.comprehension):
        return True
    line = getattr(statement, "lineno", 0)
    if isinstance(statement, (ast.With, ast.AsyncWith, ast.For, ast.AsyncFor)):
        return bool(line <= node.lineno)
    if id(statement) in around and not isinstance(statement, ast.AugAssign):
        return False
    return bool(line < node.lineno) or (
        line == node.lineno and isinstance(statement, ast.NamedExpr)
    )


def _in_other_branch(file: ReviewedFile, statement: ast.AST, node: ast.AST) -> bool:
    """Whether a statement stands in another branch of the block that both are in."""
    parent = file.parent(statement)
    if not isinstance(parent, (ast.If, ast.Try)):
        return False
    inner: ast.AST = node
    for above in file.ancestors(node):
        if above is parent:
            break
        inner = above
    for name in ("body", "orelse", "finalbody", "handlers"):
        block = getattr(parent, name, [])
        if any(each is statement for each in block):
            return not any(each is inner for each in block)
    return False


def arguments_for(call: ast.Call, callee: Function, name: str) -> Iterator[ast.expr]:
    """Yield what a call gives for a parameter of what it calls."""
    parameters = list(callee.function.code.parameters)
    if callee.receiver is not None and parameters:
        parameters = parameters[1:]
    for keyword in call.keywords:
        if keyword.arg == name:
            yield keyword.value
            return
        if keyword.arg is None:
            yield keyword.value
    for position, parameter in enumerate(parameters):
        if parameter.name == name and position < len(call.args):
            if not any(isinstance(a, ast.Starred) for a in call.args[: position + 1]):
                yield call.args[position]


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(
            target.elts
        ):
            for inner, part in zip(target.elts, value.elts, strict=True):
                yield from _pairs(inner, part)
        else:
            for index, inner in enumerate(target.elts):
                element = value
                if not isinstance(value, Element):
                    element = ast.copy_location(Element(value, index), value)
                yield from _pairs(inner, element)
    elif isinstance(target, ast.Starred):
        yield from _pairs(target.value, value)


def carriers_of(
    file: ReviewedFile, function: FunctionNode, node: ast.expr
) -> frozenset[str]:
    """Return the places that hold a value, or what is made of it, in a function.

    Dotted names as they are written: `data.url` is another place than `data.name`.
    """
    root = dotted(node)
    if root is None:
        return frozenset()
    found = {root}
    for _ in range(3):
        before = len(found)
        for part in own_nodes(function):
            if isinstance(part, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
                if part.value is not None and mentions(part.value, found):
                    targets = (
                        part.targets if isinstance(part, ast.Assign) else [part.target]
                    )
                    for target in targets:
                        found |= names_in(target)
        if len(found) == before:
            break
    return frozenset(found)


def mentions(node: ast.AST, places: frozenset[str] | set[str]) -> bool:
    """Whether one of some dotted names is written anywhere in a node."""
    return any(
        dotted(part) in places
        for kind in (ast.Name, ast.Attribute)
        for part in walk(node, kind)
    )


def is_renamed(file: ReviewedFile, name: str) -> bool:
    """Whether a file imports something under this name that has another at home."""
    return name in _renamed(file)


@lru_cache(maxsize=64)
def _renamed(file: ReviewedFile) -> frozenset[str]:
    return frozenset(
        alias.asname
        for imported in file.nodes(ast.ImportFrom)
        for alias in imported.names
        if alias.asname and alias.name != alias.asname
    )
