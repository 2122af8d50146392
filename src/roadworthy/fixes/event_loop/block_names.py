"""Which names a block of statements binds and reads, and in what order."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.rules.files import FunctionNode


def inner_nodes(statement: ast.With) -> Iterator[ast.AST]:
    """Yield all nodes of a `with` statement, the statement itself left out."""
    for item in statement.items:
        yield from ast.walk(item)
    for part in statement.body:
        yield from ast.walk(part)


def bound_names(nodes: list[ast.AST]) -> set[str]:
    """Return the names that nodes bind in their function."""
    found: set[str] = set()
    # The names of comprehensions are their own.
    own = {
        id(name)
        for node in nodes
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
    }
    for node in nodes:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if id(node) not in own:
                found.add(node.id)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(a.asname or a.name.partition(".")[0] for a in node.names)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
            if node.name:
                found.add(node.name)
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found.add(node.rest)
    return found


def read_outside(function: FunctionNode, statement: ast.With) -> set[str]:
    """Return the names that the function reads (or deletes) outside a statement."""
    inside = {id(node) for node in ast.walk(statement)}
    found: set[str] = set()
    for node in ast.walk(function):
        if id(node) in inside:
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Nonlocal):
            found.update(node.names)
    return found


def bound_before_end(statement: ast.With) -> set[str]:
    """Return the names that a block binds while more of it is to come.

    What its last statement binds, and only that, is bound when all is done.
    """
    last = statement.body[-1]
    inner = [node for node in inner_nodes(statement) if node is not last]
    found: set[str] = set()
    own = {id(node) for node in ast.walk(last)}
    if not isinstance(last, (ast.Assign, ast.AnnAssign)):
        own = set()
    for node in inner:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if id(node) not in own:
                found.add(node.id)
    return found


def read_before_bound(statement: ast.With, bound: set[str]) -> set[str]:
    """Return the names that a block binds and may read before it does."""
    found: set[str] = set()
    known: set[str] = set()
    for kind, name in _events(statement):
        if name not in bound:
            continue
        if kind == "read" and name not in known:
            found.add(name)
        elif kind == "bind":
            known.add(name)
    return found


def _events(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what a statement reads and binds, about in the order that it runs."""
    if isinstance(node, ast.Assign):
        yield from _events(node.value)
        for target in node.targets:
            yield from _events(target)
    elif isinstance(node, ast.AnnAssign):
        if node.value is not None:
            yield from _events(node.value)
        yield from _events(node.target)
    elif isinstance(node, ast.AugAssign):
        for name in ast.walk(node.target):
            if isinstance(name, ast.Name):
                yield "read", name.id
        yield from _events(node.value)
        yield from _events(node.target)
    elif isinstance(node, ast.For):
        yield from _events(node.iter)
        yield from _events(node.target)
        for part in (*node.body, *node.orelse):
            yield from _events(part)
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
        for generator in node.generators:
            yield from _events(generator.iter)
            yield from _events(generator.target)
            for condition in generator.ifs:
                yield from _events(condition)
        if isinstance(node, ast.DictComp):
            yield from _events(node.key)
            yield from _events(node.value)
        else:
            yield from _events(node.elt)
    elif isinstance(node, ast.NamedExpr):
        yield from _events(node.value)
        yield from _events(node.target)
    elif isinstance(node, ast.Name):
        yield ("bind" if isinstance(node.ctx, ast.Store) else "read"), node.id
    elif isinstance(node, ast.ExceptHandler):
        if node.type is not None:
            yield from _events(node.type)
        if node.name:
            yield "bind", node.name
        for part in node.body:
            yield from _events(part)
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        for alias in node.names:
            yield "bind", alias.asname or alias.name.partition(".")[0]
    else:
        for child in ast.iter_child_nodes(node):
            yield from _events(child)


def certainly_bound(statement: ast.With) -> set[str]:
    """Return the names that the statements of a block itself bind."""
    return set(binding_order(statement))


def binding_order(statement: ast.With) -> Iterator[str]:
    """Yield the names that the statements of a block itself bind, in order."""
    for part in statement.body:
        targets: list[ast.expr] = []
        if isinstance(part, ast.Assign):
            targets = part.targets
        elif isinstance(part, ast.AnnAssign) and part.value is not None:
            targets = [part.target]
        elif isinstance(part, ast.With):
            yield from binding_order(part)
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id
