"""A file that is read or written as a whole, as a method of `Path` in a thread."""

from __future__ import annotations

import ast
import re

from roadworthy.findings import Edit, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.block_names import read_outside
from roadworthy.fixes.event_loop.grounds import is_free, is_plain, needs_parentheses
from roadworthy.fixes.event_loop.threads import IMPORT, TO_THREAD
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Const

Rewriting = tuple[tuple[Edit, ...], tuple[Import, ...]]

_READING = ("r", "rb", "rt")


def whole_file(
    review: Review, file: ReviewedFile, statement: ast.With, function: FunctionNode
) -> Rewriting | None:
    """Return the edits for a block that only reads or writes one file as a whole."""
    if len(statement.items) != 1 or len(statement.body) != 1:
        return None
    item = statement.items[0]
    call, handle = item.context_expr, item.optional_vars
    if not isinstance(call, ast.Call) or not isinstance(handle, ast.Name):
        return None
    if review.static_names(file, call) != {"builtins.open"} or len(call.args) > 2:
        return None
    opened = _open_arguments(call)
    if opened is None:
        return None
    path, mode, options = opened
    if "#" in places.source_text(file, statement).replace("# expect", ""):
        return None  # A comment would be lost.
    if handle.id in read_outside(function, statement):
        return None
    body = statement.body[0]
    used = [n for n in ast.walk(body) if isinstance(n, ast.Name) and n.id == handle.id]
    inner = _handle_call(body)
    if inner is None or len(used) != 1:
        return None
    attribute = inner.func
    if not isinstance(attribute, ast.Attribute) or attribute.value is not used[0]:
        return None
    binary = "b" in mode
    kind = mode.replace("b", "").replace("t", "") or "r"
    arguments: list[str] = []
    if attribute.attr == "read" and kind == "r" and not inner.args:
        method = "read_bytes" if binary else "read_text"
    elif attribute.attr == "write" and kind == "w" and len(inner.args) == 1:
        if not isinstance(body, ast.Expr) or not is_plain(inner.args[0]):
            return None
        method = "write_bytes" if binary else "write_text"
        arguments.append(places.source_text(file, inner.args[0]))
    else:
        return None
    if inner.keywords or (binary and options):
        return None
    owner = _path_text(review, file, path)
    if owner is None:
        return None
    text, statements = owner
    arguments += [places.source_text(file, option) for option in options]
    awaited = f"await {TO_THREAD}({', '.join([f'{text}.{method}', *arguments])})"
    begin = places.before(file, body, "")
    call_begin = places.before(file, inner, "")
    call_end = places.after(file, inner, "")
    if begin.line != places.after(file, body, "").line:
        return None
    line = file.lines[begin.line - 1]
    head = line[begin.column - 1 : call_begin.column - 1]
    tail = line[call_end.column - 1 : places.after(file, body, "").column - 1]
    if tail.strip() or not re.fullmatch(r"(return |[\w.\[\]'\": ]+ = )?", head):
        return None
    edit = places.replace(file, statement, f"{head}{awaited}")
    return (edit,), tuple(
        Import(file.relative, needed) for needed in (IMPORT, *statements)
    )


def read_at_once(
    review: Review, file: ReviewedFile, call: ast.Call
) -> Rewriting | None:
    """Return the edits for `open(path).read()`; None for any other use of `open`."""
    attribute = file.parent(call)
    if not isinstance(attribute, ast.Attribute) or attribute.value is not call:
        return None
    outer = file.parent(attribute)
    if (
        attribute.attr not in ("read", "readlines", "write")
        or not isinstance(outer, ast.Call)
        or outer.func is not attribute
    ):
        return None
    opened = _open_arguments(call)
    imports: tuple[str, ...] = (IMPORT,)
    put = ""
    if attribute.attr == "read" and not outer.args and opened is not None:
        path, mode, options = opened
        owner = _path_text(review, file, path) if mode in _READING else None
        if owner is not None and not ("b" in mode and options):
            text, statements = owner
            method = "read_bytes" if "b" in mode else "read_text"
            given = [places.source_text(file, option) for option in options]
            put = f"await {TO_THREAD}({', '.join([f'{text}.{method}', *given])})"
            imports = (IMPORT, *statements)
    if not put:
        parts = [*call.args, *outer.args, *(k.value for k in call.keywords)]
        if not all(is_plain(part) for part in parts):
            return None
        put = f"await {TO_THREAD}(lambda: {places.source_text(file, outer)})"
    if needs_parentheses(file, outer):
        put = f"({put})"
    return (places.replace(file, outer, put),), tuple(
        Import(file.relative, needed) for needed in imports
    )


def _open_arguments(
    call: ast.Call,
) -> tuple[ast.expr, str, tuple[ast.keyword, ...]] | None:
    path: ast.expr | None = call.args[0] if call.args else None
    mode = "r"
    options: list[ast.keyword] = []
    given: ast.expr | None = call.args[1] if len(call.args) > 1 else None
    for keyword in call.keywords:
        if keyword.arg == "mode":
            given = keyword.value
        elif keyword.arg == "file":
            path = keyword.value
        elif keyword.arg in ("encoding", "errors") and is_plain(keyword.value):
            options.append(keyword)
        else:
            return None
    if given is not None:
        if not isinstance(given, ast.Constant) or not isinstance(given.value, str):
            return None
        mode = given.value
    if path is None or isinstance(path, ast.Starred):
        return None
    return path, mode, tuple(options)


def _handle_call(body: ast.stmt) -> ast.Call | None:
    """Return the call whose result a statement hands on as it is."""
    value: ast.expr | None = None
    if isinstance(body, (ast.Expr, ast.Return)) or (
        isinstance(body, ast.Assign) and len(body.targets) == 1
    ):
        value = body.value
    return value if isinstance(value, ast.Call) else None


def _path_text(
    review: Review, file: ReviewedFile, path: ast.expr
) -> tuple[str, tuple[str, ...]] | None:
    """Return a path as a `Path`, and the imports for it; None if it may be a number."""
    text = places.source_text(file, path)
    value = review.value(file, path)
    if kinds.all_are(value, lambda atom: kinds.inherits(atom, ("pathlib.Path",))):
        if not isinstance(path, (ast.Name, ast.Attribute, ast.Call)):
            text = f"({text})"
        return text, ()
    if not kinds.all_are(
        value,
        lambda atom: (isinstance(atom, Const) and isinstance(atom.value, str))
        or kinds.inherits(atom, ("builtins.str", "pathlib.Path")),
    ):
        return None
    if _imports_path(file) and is_free_name(file, path, "Path"):
        return f"Path({text})", ()
    source = file.source
    if source is not None and not re.search(r"\bPath\b", source.text):
        return f"Path({text})", ("from pathlib import Path",)
    if is_free(file, path, "pathlib"):
        return f"pathlib.Path({text})", ("import pathlib",)
    return None


def _imports_path(file: ReviewedFile) -> bool:
    """Whether `Path` is `pathlib.Path` at the top of a file."""
    return any(
        isinstance(statement, ast.ImportFrom)
        and statement.module == "pathlib"
        and any(a.name == "Path" and a.asname is None for a in statement.names)
        for statement in file.tree.body
    )


def is_free_name(file: ReviewedFile, node: ast.AST, name: str) -> bool:
    """Whether no function around a node binds a name."""
    return not any(
        name in file.local_names(scope)
        for scope in file.ancestors(node)
        if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
    )
