"""Where an application is told how to answer errors, and which."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.rules.files import FunctionNode, ReviewedFile

ARGUMENT = "exception_handlers"
"""The parameter of `FastAPI` (and its attribute) that maps errors to handlers."""
_CALL = "add_exception_handler"
_DECORATOR = "exception_handler"


def registrations(
    file: ReviewedFile,
) -> Iterator[tuple[ast.expr | None, ast.expr | FunctionNode | None]]:
    """Yield the errors for which a file registers handlers, and the handlers.

    The errors are None where a mapping is given that is made elsewhere; the handler is
    None where it does not stand in the call.
    """
    if not file.mentions(_DECORATOR):
        return
    for call in file.nodes(ast.Call):
        yield from _by_call(file, call)
        for keyword in call.keywords:
            if keyword.arg == ARGUMENT:
                yield from _of_mapping(keyword.value)
    for mapping in file.nodes(ast.Dict):
        # Arguments that are kept for later: `FastAPI(**options)`.
        for key, value in zip(mapping.keys, mapping.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == ARGUMENT:
                yield from _of_mapping(value)
    for statement in file.nodes(ast.Assign):
        for target in statement.targets:
            if (
                isinstance(target, ast.Subscript)
                and isinstance(target.value, ast.Attribute)
                and target.value.attr == ARGUMENT
            ):
                yield target.slice, statement.value


def _by_call(
    file: ReviewedFile, call: ast.Call
) -> Iterator[tuple[ast.expr | None, ast.expr | FunctionNode | None]]:
    function = call.func
    if not isinstance(function, ast.Attribute):
        return
    if function.attr not in (_CALL, _DECORATOR):
        return
    given = call.args[0] if call.args else None
    handler: ast.expr | FunctionNode | None = None
    for keyword in call.keywords:
        if keyword.arg == "exc_class_or_status_code":
            given = keyword.value
        elif keyword.arg == "handler":
            handler = keyword.value
    if given is None:
        return
    if function.attr == _CALL:
        handler = call.args[1] if len(call.args) > 1 else handler
    else:
        holder = file.parent(call)
        if isinstance(holder, (ast.FunctionDef, ast.AsyncFunctionDef)):
            handler = holder
        elif isinstance(holder, ast.Call) and holder.args:
            handler = holder.args[0]
    yield given, handler


def _of_mapping(
    mapping: ast.expr,
) -> Iterator[tuple[ast.expr | None, ast.expr | None]]:
    if not isinstance(mapping, ast.Dict):
        yield None, None
        return
    yield from zip(mapping.keys, mapping.values, strict=True)
