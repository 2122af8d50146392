"""Small questions about syntax trees alone: names, keywords, targets, what is returned."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.nodes import walk


def last_name(function: ast.AST) -> str:
    """Return the last part of a dotted expression; empty for what is no such thing."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def dotted(node: ast.AST) -> str | None:
    """Return a name or attribute chain as it is written; None for anything else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value)
        return f"{owner}.{node.attr}" if owner is not None else None
    return None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return what a call passes for a keyword."""
    return next((k.value for k in call.keywords if k.arg == name), None)


def names_in(node: ast.AST) -> set[str]:
    """Return the plain names in an expression, target or statement."""
    return {part.id for part in walk(node, ast.Name)}


def targets_of(statement: ast.AST) -> list[ast.expr]:
    """Return what an assignment binds, annotated or not; nothing for anything else."""
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def results(function: FunctionNode) -> Iterator[ast.expr]:
    """Yield the expressions that a function returns or yields."""
    for node in own_nodes(function):
        if isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
            yield node.value


def is_waited_for(file: ReviewedFile, call: ast.AST) -> bool:
    """Whether a call is awaited or entered."""
    return isinstance(file.parent(call), (ast.Await, ast.withitem))
