"""Small questions about calls and where they stand, which several rules ask."""

from __future__ import annotations

import ast
from collections.abc import Container

from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.handlers import Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.trees import keyword, last_name

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LOOPS = (ast.For, ast.AsyncFor, ast.While)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def called_names(
    review: Review, file: ReviewedFile, call: ast.Call, words: Container[str]
) -> frozenset[str]:
    """Return the dotted names of what a call may call.

    What is bound at module level is told by that; the function around the call is only
    evaluated again where the last part of the name is one of the words.
    """
    names = review.static_names(file, call)
    if names or last_name(call.func) not in words:
        return names
    return review.names(file, call)


def entry_at(review: Review, file: ReviewedFile, node: ast.AST) -> Handler | None:
    """Return a handler from which the function around a node is reached."""
    function = file.function_of(node)
    info = review.function_info(file, function) if function is not None else None
    return review.entry_of(info) if info is not None else None


def is_awaited(file: ReviewedFile, call: ast.AST) -> bool:
    """Whether a call stands directly under `await`."""
    return isinstance(file.parent(call), ast.Await)


def loaded_names(node: ast.AST) -> set[str]:
    """Return the plain names that an expression or statement reads."""
    return {n.id for n in walk(node, ast.Name) if isinstance(n.ctx, ast.Load)}


def target_names(target: ast.AST) -> set[str]:
    """Return the plain names that an assignment's target binds."""
    return {n.id for n in walk(target, ast.Name) if isinstance(n.ctx, ast.Store)}


__all__ = [
    "COMPREHENSIONS",
    "FUNCTIONS",
    "LOOPS",
    "called_names",
    "entry_at",
    "is_awaited",
    "keyword",
    "last_name",
    "loaded_names",
    "target_names",
]
