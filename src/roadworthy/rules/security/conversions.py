"""Whether a block only reads a number, key or date out of a text, or fails to."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review

_BUILTINS = frozenset(
    {
        "abs",
        "bool",
        "bytes",
        "chr",
        "dict",
        "float",
        "int",
        "len",
        "list",
        "max",
        "min",
        "ord",
        "round",
        "set",
        "sorted",
        "str",
        "sum",
        "tuple",
    }
)
_MODULES = (
    "datetime.",
    "decimal.",
    "fractions.",
    "ipaddress.",
    "math.",
    "uuid.",
    "zoneinfo.",
    "builtins.str.",
    "builtins.bytes.",
    "builtins.int.",
    "builtins.float.",
    "builtins.dict.get",
)
_OF_TEXTS = frozenset(
    {
        "casefold",
        "decode",
        "encode",
        "endswith",
        "find",
        "get",
        "group",
        "isoformat",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "timestamp",
        "upper",
    }
)
"""Methods that change nothing, whatever they are called on."""


def only_converts(review: Review, file: ReviewedFile, body: Iterable[ast.stmt]) -> bool:
    """Whether all calls of a block make numbers, keys or dates, by the standard library."""
    found = False
    for statement in body:
        if not isinstance(
            statement, (ast.Return, ast.Assign, ast.AnnAssign, ast.Expr, ast.If)
        ):
            return False
        for node in walk(statement):
            if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.Raise)):
                return False
            if isinstance(node, ast.Call):
                if not _converts(review, file, node):
                    return False
                found = True
    return found


def _converts(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    function = call.func
    names = review.static_names(file, call)
    if names:
        return all(
            name.startswith(_MODULES) or name.removeprefix("builtins.") in _BUILTINS
            for name in names
        )
    if isinstance(function, ast.Name):
        return function.id in _BUILTINS
    return isinstance(function, ast.Attribute) and function.attr in _OF_TEXTS
