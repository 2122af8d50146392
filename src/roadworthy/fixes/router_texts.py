"""The texts of modules whose definitions move: the new ones, and what is left."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from roadworthy.app.model import METHODS
from roadworthy.findings import Edit
from roadworthy.fixes import imports
from roadworthy.rules.files import FunctionNode, ReviewedFile

ROUTING = frozenset({*METHODS, "websocket", "api_route"})


@dataclass(slots=True)
class Definition:
    """A statement of the module that binds names, and what it needs of the module."""

    node: ast.stmt
    names: frozenset[str]
    needs: frozenset[str]
    group: str = ""
    """For a handler: the module that it moves to."""


@dataclass(slots=True)
class Plan:
    """Which definitions move, by the name of the module that they move to."""

    modules: dict[str, list[Definition]] = field(default_factory=dict)

    @property
    def moved(self) -> dict[str, str]:
        """The moved names, and their new modules."""
        return {
            name: module
            for module, definitions in self.modules.items()
            for definition in definitions
            for name in definition.names
        }


def routes_on(node: FunctionNode, application: str) -> list[ast.Call]:
    """Return the decorators with which a function is a route of the application."""
    return [
        decorator
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ROUTING
        and isinstance(decorator.func.value, ast.Name)
        and decorator.func.value.id == application
    ]


def text_of(
    file: ReviewedFile, plan: Plan, name: str, application: str, package: str
) -> str:
    """Return the source of a new module."""
    definitions = plan.modules[name]
    own = {n for d in definitions for n in d.names}
    needed = {n for d in definitions for n in d.needs} - own
    lines = [
        _deeper(imported).statement
        for node in file.tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for imported in imports.names(node)
        if imported.module == "__future__" or imported.bound in needed
    ]
    has_routes = any(d.group for d in definitions)
    if has_routes:
        lines.append("from fastapi import APIRouter")
    for other, where in sorted(plan.moved.items()):
        if other in needed and where != name:
            lines.append(f"from {package}.{where} import {other}")
    future = [line for line in lines if "__future__" in line]
    rest = [line for line in dict.fromkeys(lines) if line not in future]
    text = "\n".join([*dict.fromkeys(future), *sorted(rest, key=_as_isort)])
    if has_routes:
        text += "\n\nrouter = APIRouter()"
    previous: ast.stmt | None = None
    for definition in definitions:
        node = definition.node
        simple = (ast.Assign, ast.AnnAssign)
        close = isinstance(node, simple) and (
            isinstance(previous, simple) or (previous is None)
        )
        text += (
            "\n" if close and previous is not None else "\n\n" if close else "\n\n\n"
        )
        text += _moved_text(file, definition, application)
        previous = node
    return text.lstrip("\n") + "\n"


def _deeper(imported: imports.Name) -> imports.Name:
    """Return an import as a module one package further down writes it."""
    if not imported.module.startswith("."):
        return imported
    return imports.Name(f".{imported.module}", imported.name, imported.alias)


def _as_isort(line: str) -> tuple[bool, str]:
    return line.startswith("from"), line.lower()


def _moved_text(file: ReviewedFile, definition: Definition, application: str) -> str:
    node = definition.node
    first, last = lines_of(file, node)
    lines = list(file.lines[first - 1 : last])
    if definition.group and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        for route in routes_on(node, application):
            assert isinstance(route.func, ast.Attribute) and file.source is not None
            owner = route.func.value
            line = owner.lineno
            start = file.source.column(line, owner.col_offset)
            text = lines[line - first]
            lines[line - first] = (
                f"{text[:start]}router{text[start + len(application):]}"
            )
    return "\n".join(lines)


def lines_of(file: ReviewedFile, node: ast.stmt) -> tuple[int, int]:
    """Return the first and last line of a definition, comments above it included."""
    first = node.lineno
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        first = min([first, *(d.lineno for d in node.decorator_list)])
    while first > 1 and file.lines[first - 2].startswith("#"):
        first -= 1
    return first, node.end_lineno or node.lineno


def taken_out(
    file: ReviewedFile, plan: Plan, application: str, routers: Sequence[str]
) -> Iterator[Edit]:
    """Yield the edits that take the moved definitions out, the routers put in."""
    spans = sorted(
        (*lines_of(file, d.node), bool(d.group))
        for definitions in plan.modules.values()
        for d in definitions
    )
    included = "\n".join(
        f"{application}.include_router({router}.router)" for router in routers
    )
    is_first = True
    for first, last, is_route in spans:
        start = first
        while start > 1 and not file.lines[start - 2].strip():
            start -= 1
        end = (last + 1, 1)
        if last >= len(file.lines):
            end = (last, len(file.lines[last - 1]) + 1)
        if is_route and is_first:
            is_first = False
            gap = (
                ""
                if start == first
                else "\n" * (2 if _follows_block(file, start) else 1)
            )
            yield Edit(file.relative, start, 1, *end, f"{gap}{included}\n")
        else:
            yield Edit(file.relative, start, 1, *end, "")


def _follows_block(file: ReviewedFile, line: int) -> bool:
    """Tell whether what stands above a line is the body of a definition."""
    return line > 1 and file.lines[line - 2].startswith((" ", "\t"))
