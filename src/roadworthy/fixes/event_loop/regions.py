"""A `with` block whose work blocks as a whole, moved into a function for a thread.

    with open(path) as file:                def read_data():
        data = json.load(file)                  with open(path) as file:
                                                    return json.load(file)

                                            data = await asyncio.to_thread(read_data)

The function closes over what the block reads: the coroutine waits meanwhile, so none of
it changes. A block that reads or writes one file whole becomes a method of `Path`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.findings import Edit, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.grounds import is_free, is_plain, needs_parentheses
from roadworthy.fixes.event_loop.outcome import Left
from roadworthy.fixes.event_loop.threads import IMPORT, TO_THREAD
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Const, ExternalInstance

Rewriting = tuple[tuple[Edit, ...], tuple[Import, ...]]

_WAITS = (ast.Await, ast.Yield, ast.YieldFrom, ast.AsyncFor, ast.AsyncWith)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_READING = ("r", "rb", "rt")
_SIMPLE = frozenset({"str", "bytes", "int", "float", "bool"})


@dataclass(frozen=True, slots=True)
class _Region:
    """What a block of statements binds and needs."""

    given: tuple[str, ...]
    """Names that are bound in the block and read after it."""
    returns: ast.expr | None
    """What the block's last statement returns from the whole function."""
    has_return: bool


def rewrite(
    review: Review, file: ReviewedFile, statement: ast.With, function: FunctionNode
) -> Rewriting | Left:
    """Return the edits that move a whole `with` statement to a thread."""
    short = _whole_file(review, file, statement, function)
    if short is not None:
        return short
    region = _examine(file, statement, function)
    if isinstance(region, Left):
        return region
    return _extract(review, file, statement, region)


# -- the block as a function -------------------------------------------------------------


def _examine(
    file: ReviewedFile, statement: ast.With, function: FunctionNode
) -> _Region | Left:
    inside = list(_inner(statement))
    if any(isinstance(node, _WAITS) for node in inside) or any(
        isinstance(node, ast.comprehension) and node.is_async for node in inside
    ):
        return Left("its `with` block awaits or yields")
    last = statement.body[-1]
    returns = [node for node in inside if isinstance(node, ast.Return)]
    if returns and returns != [last]:
        return Left("its `with` block returns from several places")
    for node in inside:
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return Left("its `with` block binds names of an outer scope")
        if isinstance(node, (ast.Import, ast.ImportFrom)) and any(
            alias.name == "*" for alias in node.names
        ):
            return Left("its `with` block imports names")
        if isinstance(node, (ast.Break, ast.Continue)) and not _is_within_loop(
            file, node, statement
        ):
            return Left("its `with` block leaves a loop around it")
        if isinstance(node, ast.Raise) and node.exc is None:
            if not _is_within(file, node, ast.ExceptHandler, statement):
                return Left("its `with` block raises an outer exception again")
        if isinstance(node, ast.Name) and node.id in ("super", "locals", "__class__"):
            return Left(f"its `with` block uses `{node.id}`")
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return Left("its `with` block defines functions or classes")
    declared = {
        name
        for node in own_nodes(function)
        if isinstance(node, (ast.Global, ast.Nonlocal))
        for name in node.names
    }
    bound = _bound(inside)
    if bound & declared:
        return Left("its `with` block binds names of an outer scope")
    after = _read_outside(function, statement) & bound
    if _is_caught(file, statement) and after & _bound_before_end(statement):
        return Left("an exception in its `with` block would lose what it has bound")
    early = _read_before_bound(statement, bound)
    if early:
        names = ", ".join(f"`{name}`" for name in sorted(early))
        return Left(f"its `with` block changes {names} of the function around it")
    certain = _certainly_bound(statement)
    if after - certain:
        return Left("what its `with` block binds, and when, is not certain")
    for item in statement.items:
        if item.optional_vars is not None and after & {
            n.id for n in ast.walk(item.optional_vars) if isinstance(n, ast.Name)
        }:
            return Left("what it opens is used after the `with` block")
    order = [name for name in _binding_order(statement) if name in after]
    value = last.value if isinstance(last, ast.Return) else None
    return _Region(tuple(dict.fromkeys(order)), value, bool(returns))


def _extract(
    review: Review, file: ReviewedFile, statement: ast.With, region: _Region
) -> Rewriting | Left:
    begin = places.before(file, statement, "")
    end = places.after(file, statement, "")
    indent = places.indent_of(file, statement)
    first = file.lines[statement.lineno - 1]
    if first[: begin.column - 1].strip():
        return Left("it shares its line with another statement")
    rest = file.lines[end.line - 1][end.column - 1 :].strip()
    if rest and not rest.startswith("#"):
        return Left("it shares its line with another statement")
    for node in _inner(statement):
        if (
            isinstance(node, (ast.Constant, ast.JoinedStr))
            and node.end_lineno != node.lineno
            and re.search(r"\"\"\"|'''|\\\n", places.source_text(file, node))
        ):
            return Left("its `with` block holds text of several lines")
    unit = _unit(file, statement)
    name = _name(file, statement, region)
    moved = [
        f"{unit}{line}" if line.strip() else line
        for line in file.lines[statement.lineno - 1 : end.line]
    ]
    target, tail = "", ""
    last = statement.body[-1]
    if region.has_return:
        target = "return "
    elif region.given:
        single = _single_assignment(last, region.given)
        if single is not None:
            # `data = expression` becomes `return expression`, whatever its lines.
            value, target = single
            value_start = places.before(file, value, "")
            last_start = places.before(file, last, "")
            at = last_start.line - statement.lineno
            moved_line = moved[at]
            prefix = moved_line[: len(moved_line) - len(moved_line.lstrip())]
            if value_start.line != last_start.line:
                return Left("its last assignment is spread over lines")
            line = file.lines[last_start.line - 1]
            moved[at] = f"{prefix}return {line[value_start.column - 1 :]}"
            opened = line[last_start.column - 1 : value_start.column - 1]
            if opened.rstrip().endswith("("):
                moved[at] = f"{prefix}return ({line[value_start.column - 1 :]}"
        else:
            target = f"{', '.join(region.given)} = "
            tail = f"\n{indent}{unit}return {', '.join(region.given)}"
    returns = _returned_type(review, file, statement, region)
    lines = [f"{indent}def {name}() -> {returns}:", *moved]
    above = file.lines[begin.line - 2] if begin.line > 1 else ""
    if above.strip() and file.parent(statement) is not None:
        parent_body = getattr(file.parent(statement), "body", [])
        if not (parent_body and parent_body[0] is statement):
            lines.insert(0, "")
    text = "\n".join(lines) + tail
    text += f"\n\n{indent}{target}await {TO_THREAD}({name})"
    edit = Edit(
        file.relative, begin.line, 1, end.line, len(file.lines[end.line - 1]) + 1, text
    )
    imports = [Import(file.relative, IMPORT)]
    if "Any" in re.findall(r"\w+", returns):
        imports.append(Import(file.relative, "from typing import Any"))
    return (edit,), tuple(imports)


def _returned_type(
    review: Review, file: ReviewedFile, statement: ast.With, region: _Region
) -> str:
    """Return the annotation of what a moved block returns, as far as values tell."""
    if region.has_return:
        return _type(review, file, region.returns) if region.returns else "None"
    types: list[str] = []
    for name in region.given:
        values = [
            part.value
            for part in ast.walk(statement)
            if isinstance(part, ast.Assign)
            and any(isinstance(t, ast.Name) and t.id == name for t in part.targets)
        ]
        known = {_type(review, file, value) for value in values}
        types.append(known.pop() if len(known) == 1 else "Any")
    if not types:
        return "None"
    return types[0] if len(types) == 1 else f"tuple[{', '.join(types)}]"


def _type(review: Review, file: ReviewedFile, node: ast.expr) -> str:
    names: set[str] = set()
    for atom in review.value(file, node):
        if isinstance(atom, Const):
            names.add(type(atom.value).__name__)
        else:
            path = kinds.path_of(atom) if isinstance(atom, ExternalInstance) else None
            names.add((path or "").removeprefix("builtins."))
    found = names.pop() if len(names) == 1 else ""
    return found if found in _SIMPLE else "Any"


def _single_assignment(
    last: ast.stmt, given: tuple[str, ...]
) -> tuple[ast.expr, str] | None:
    """Return the value and the new target of a block's last `x = …`."""
    if len(given) != 1:
        return None
    if (
        isinstance(last, ast.Assign)
        and len(last.targets) == 1
        and isinstance(last.targets[0], ast.Name)
        and last.targets[0].id == given[0]
    ):
        return last.value, f"{given[0]} = "
    return None


def _unit(file: ReviewedFile, statement: ast.With) -> str:
    """Return one level of indentation, as the file has it."""
    outer = places.indent_of(file, statement)
    inner = places.indent_of(file, statement.body[0])
    return inner.removeprefix(outer) if inner.startswith(outer) else "    "


def _name(file: ReviewedFile, statement: ast.With, region: _Region) -> str:
    text = places.source_text(file, statement.items[0].context_expr)
    writes = re.search(r"""['"][rb+]*[wax][bt+]*['"]""", text) is not None
    opens = text.startswith(("open(", "io.open(", "codecs.open(")) or ".open(" in text
    if opens and not region.given:
        base = "write_file" if writes else "read_file"
    elif region.given:
        verb = "read" if opens and not writes else "load"
        base = f"{verb}_{region.given[0].strip('_')}"
    else:
        called = re.match(r"[\w.]*?(\w+)\(", text)
        words = re.findall(
            r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", called[1] if called else ""
        )
        name = "_".join(words).lower() or "block"
        base = f"write_{name}" if writes else f"use_{name}"
    source = file.source
    taken = set(re.findall(r"\w+", source.text)) if source is not None else set()
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}_{number}"
    return name


def _inner(statement: ast.With) -> Iterator[ast.AST]:
    for item in statement.items:
        yield from ast.walk(item)
    for part in statement.body:
        yield from ast.walk(part)


def _bound(nodes: list[ast.AST]) -> set[str]:
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


def _read_outside(function: FunctionNode, statement: ast.With) -> set[str]:
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


def _is_caught(file: ReviewedFile, statement: ast.With) -> bool:
    """Whether a function goes on after an exception in a block."""
    child: ast.AST = statement
    for parent in file.ancestors(statement):
        if type(parent).__name__ in ("Try", "TryStar"):
            # `except*` is newer than the oldest Python that runs this.
            if child in getattr(parent, "body", ()):
                return True
        if isinstance(parent, (ast.With, ast.AsyncWith)) and child in parent.body:
            if any("suppress" in ast.unparse(i.context_expr) for i in parent.items):
                return True
        if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        child = parent
    return False


def _bound_before_end(statement: ast.With) -> set[str]:
    """Return the names that a block binds while more of it is to come.

    What its last statement binds, and only that, is bound when all is done.
    """
    last = statement.body[-1]
    inner = [node for node in _inner(statement) if node is not last]
    found: set[str] = set()
    own = {id(node) for node in ast.walk(last)}
    if not isinstance(last, (ast.Assign, ast.AnnAssign)):
        own = set()
    for node in inner:
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            if id(node) not in own:
                found.add(node.id)
    return found


def _read_before_bound(statement: ast.With, bound: set[str]) -> set[str]:
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


def _certainly_bound(statement: ast.With) -> set[str]:
    return set(_binding_order(statement))


def _binding_order(statement: ast.With) -> Iterator[str]:
    """Yield the names that the statements of a block itself bind, in order."""
    for part in statement.body:
        targets: list[ast.expr] = []
        if isinstance(part, ast.Assign):
            targets = part.targets
        elif isinstance(part, ast.AnnAssign) and part.value is not None:
            targets = [part.target]
        elif isinstance(part, ast.With):
            yield from _binding_order(part)
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    yield node.id


def _is_within_loop(file: ReviewedFile, node: ast.AST, outer: ast.AST) -> bool:
    return any(_is_within(file, node, kind, outer) for kind in _LOOPS)


def _is_within(
    file: ReviewedFile, node: ast.AST, kind: type[ast.AST], outer: ast.AST
) -> bool:
    for parent in file.ancestors(node):
        if parent is outer:
            return False
        if isinstance(parent, kind):
            return True
    return False


# -- one file, read or written whole -----------------------------------------------------


def _whole_file(
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
    if handle.id in _read_outside(function, statement):
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
