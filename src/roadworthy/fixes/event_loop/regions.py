"""A `with` block whose work blocks as a whole, moved into a function for a thread.

    with open(path) as file:                def read_data():
        data = json.load(file)                  with open(path) as file:
                                                    return json.load(file)

                                            data = await asyncio.to_thread(read_data)

The function closes over what the block reads: the coroutine waits meanwhile, so none of
it changes. A block that reads or writes one file whole becomes a method of `Path`
(`whole_files`).
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from roadworthy.findings import Edit, Import
from roadworthy.fixes import places
from roadworthy.fixes.event_loop.block_names import (
    binding_order,
    bound_before_end,
    bound_names,
    certainly_bound,
    inner_nodes,
    read_before_bound,
    read_outside,
)
from roadworthy.fixes.event_loop.outcome import Left
from roadworthy.fixes.event_loop.threads import IMPORT, TO_THREAD
from roadworthy.fixes.event_loop.whole_files import whole_file
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.values.atoms import Const, ExternalInstance

Rewriting = tuple[tuple[Edit, ...], tuple[Import, ...]]

_WAITS = (ast.Await, ast.Yield, ast.YieldFrom, ast.AsyncFor, ast.AsyncWith)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
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
    short = whole_file(review, file, statement, function)
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
    inside = list(inner_nodes(statement))
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
    bound = bound_names(inside)
    if bound & declared:
        return Left("its `with` block binds names of an outer scope")
    after = read_outside(function, statement) & bound
    if _is_caught(file, statement) and after & bound_before_end(statement):
        return Left("an exception in its `with` block would lose what it has bound")
    early = read_before_bound(statement, bound)
    if early:
        names = ", ".join(f"`{name}`" for name in sorted(early))
        return Left(f"its `with` block changes {names} of the function around it")
    certain = certainly_bound(statement)
    if after - certain:
        return Left("what its `with` block binds, and when, is not certain")
    for item in statement.items:
        if item.optional_vars is not None and after & {
            n.id for n in ast.walk(item.optional_vars) if isinstance(n, ast.Name)
        }:
            return Left("what it opens is used after the `with` block")
    order = [name for name in binding_order(statement) if name in after]
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
    for node in inner_nodes(statement):
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
