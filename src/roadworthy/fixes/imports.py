"""Imports that fixes need: added at the top of a file, in the order of isort.

What stands there already stays as it is. The order is that of isort's profile "black",
or the one that the file's own imports show; the project's formatter goes over the
added lines afterwards.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from roadworthy.findings import Edit
from roadworthy.fixes import edits as text_edits
from roadworthy.syntax.source import SourceFile, UnreadableSource, parse_source

ImportNode = ast.Import | ast.ImportFrom

_FUTURE, _STANDARD, _THIRD_PARTY, _FIRST_PARTY, _LOCAL = range(5)


@dataclass(frozen=True, slots=True)
class Name:
    """One imported name: `import module`, or `from module import name`, as `alias`."""

    module: str
    """With its leading dots."""
    name: str = ""
    alias: str = ""

    @property
    def bound(self) -> str:
        """The name that the import binds."""
        return self.alias or self.name or self.module.partition(".")[0]

    @property
    def text(self) -> str:
        """What stands after the `import` of the statement."""
        base = self.name or self.module
        return f"{base} as {self.alias}" if self.alias else base

    @property
    def statement(self) -> str:
        """The statement on a line of its own."""
        return (
            f"from {self.module} import {self.text}"
            if self.name
            else f"import {self.text}"
        )


def parse(statement: str) -> Name:
    """Return what a statement imports.

    Raises:
        ValueError: it is not the import of one name.
    """
    try:
        body = ast.parse(statement).body
    except SyntaxError as error:
        raise ValueError(f"no import statement: {statement!r}") from error
    if len(body) != 1 or not isinstance(body[0], (ast.Import, ast.ImportFrom)):
        raise ValueError(f"no import statement: {statement!r}")
    found = names(body[0])
    if len(found) != 1 or found[0].name == "*":
        raise ValueError(f"not the import of one name: {statement!r}")
    return found[0]


def names(node: ImportNode) -> list[Name]:
    """Return the names that an import statement binds."""
    if isinstance(node, ast.Import):
        return [Name(alias.name, "", alias.asname or "") for alias in node.names]
    module = "." * node.level + (node.module or "")
    return [Name(module, alias.name, alias.asname or "") for alias in node.names]


def bound_name(tree: ast.Module, statement: str) -> str | None:
    """Return the name under which a module has an import already, at its top level.

    `import asyncio as aio` gives `aio` for `import asyncio`. Imports under a condition
    do not count.
    """
    wanted = parse(statement)
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name in names(node):
                if (name.module, name.name) == (wanted.module, wanted.name):
                    dotted = "." in name.module and not name.name and not name.alias
                    return name.module if dotted else name.bound
    return None


def binds(tree: ast.Module, name: str) -> bool:
    """Tell whether anything in a module, at any depth, is called by a name."""
    return name in _all_names(tree)


@lru_cache(maxsize=8)
def _all_names(tree: ast.Module) -> frozenset[str]:
    """Return all names in a module; findings of one file are fixed one after another."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update(imported.bound for imported in names(node))
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return frozenset(found)


def add(
    text: str,
    statements: Iterable[str],
    first_party: frozenset[str] = frozenset(),
    tree: ast.Module | None = None,
) -> str:
    """Return a file's text with imports added; each that it has already is left out.

    `first_party` are the top-level modules of the project; `tree` is that of the text,
    where the caller has it.

    Raises:
        ValueError: a statement is not the import of one name.
        UnreadableSource: the text is no Python.
    """
    if tree is None:
        tree = parse_source(text, _NOWHERE).tree
    wanted = [parse(statement) for statement in dict.fromkeys(statements)]
    wanted = [
        name
        for name in wanted
        if name.alias or bound_name(tree, name.statement) is None
    ]
    if not wanted:
        return text
    head, rest = _split_head(text, tree)
    if not rest:
        for name in wanted:
            text = _add_one(parse_source(text, _NOWHERE), name, first_party)
        return text
    # What stands below the imports is not read again for each that is added: a line
    # stands for it meanwhile.
    for name in wanted:
        source = parse_source(head + _REST, _NOWHERE)
        head = _add_one(source, name, first_party).removesuffix(_REST)
    return head + rest


_NOWHERE = Path("module.py")
_REST = "pass"


def _split_head(text: str, tree: ast.Module) -> tuple[str, str]:
    """Split a text before the statement that ends the imports at its top.

    The second part is empty where there is none, or where it begins within a line.
    """
    header = _header(tree)
    last = header[-1] if header else None
    following = (
        tree.body[tree.body.index(last) + 1 :]
        if last is not None
        else [node for node in tree.body[:1] if not _is_docstring(node)]
        or tree.body[1:2]
    )
    if not following:
        return text, ""
    first = following[0]
    decorators: list[ast.expr] = getattr(first, "decorator_list", [])
    line = min([first.lineno, *(d.lineno for d in decorators)])
    before = (last or tree.body[0]).end_lineno or 0
    if first.col_offset or (first is not tree.body[0] and before >= line):
        return text, ""
    lines = text_edits.split(text)
    return "".join(lines[: line - 1]), "".join(lines[line - 1 :])


def _add_one(source: SourceFile, name: Name, first_party: frozenset[str]) -> str:
    text = source.text
    if bound_name(source.tree, name.statement) is not None and not name.alias:
        return text
    nodes = _header(source.tree)
    if any(name in names(node) for node in nodes):
        return text
    if name.name:
        for node in nodes:
            if _can_take(node, name, source):
                assert isinstance(node, ast.ImportFrom)
                return _into(source, node, name)
    return _as_line(source, nodes, name, first_party)


def _header(tree: ast.Module) -> list[ImportNode]:
    """Return the imports at the top of a module, before its first definition."""
    found: list[ImportNode] = []
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found.append(node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            break
        elif found and not isinstance(node, (ast.If, ast.Try)):
            # Whatever runs between imports may matter to those below it.
            break
    return found


def _can_take(node: ImportNode, name: Name, source: SourceFile) -> bool:
    if not isinstance(node, ast.ImportFrom) or name.alias:
        return False
    if names(node)[0].module != name.module:
        return False
    if any(alias.name == "*" or alias.asname for alias in node.names):
        return False
    # A comment on the statement belongs to a name: it must stay with it.
    lines = source.lines[node.lineno - 1 : node.end_lineno]
    return not any("#" in line or line.rstrip().endswith("\\") for line in lines)


def _into(source: SourceFile, node: ast.ImportFrom, name: Name) -> str:
    """Add a name to a statement that imports from the same module already."""
    key = _member_key
    after = [alias for alias in node.names if key(alias.name) < key(name.name)]
    lines = source.lines
    several = len({alias.lineno for alias in node.names}) == len(node.names) > 1 or (
        node.names[0].lineno != node.lineno
    )
    if len(after) < len(node.names):
        behind = node.names[len(after)]
        line, column = behind.lineno, source.column(behind.lineno, behind.col_offset)
        gap = "\n" + lines[line - 1][:column] if several else " "
        insertion = f"{name.text},{gap}"
    else:
        before = node.names[-1]
        assert before.end_lineno is not None and before.end_col_offset is not None
        line = before.end_lineno
        column = source.column(line, before.end_col_offset)
        start = source.column(before.lineno, before.col_offset)
        gap = "\n" + lines[before.lineno - 1][:start] if several else " "
        insertion = f",{gap}{name.text}"
    return _insert(source.text, line, column + 1, insertion)


def _member_key(name: str) -> tuple[int, str]:
    """Order names as isort does by default: constants, classes, the rest."""
    if name.isupper() and len(name) > 1:
        kind = 0
    elif name[:1].isupper():
        kind = 1
    else:
        kind = 2
    return kind, name.lower()


def _as_line(
    source: SourceFile,
    nodes: Sequence[ImportNode],
    name: Name,
    first_party: frozenset[str],
) -> str:
    section = _section(name.module, first_party)
    if not nodes:
        return _first(source, name)
    groups = _groups(source, nodes)
    own = [
        group
        for group in groups
        if all(_section(names(n)[0].module, first_party) == section for n in group)
    ]
    if not own:
        own = [
            group
            for group in groups
            if any(_section(names(n)[0].module, first_party) == section for n in group)
        ]
    if own:
        group = own[0]
        key = _order(group)
        for node in group:
            if key(names(node)[0]) > key(name) and names(node)[0].module[:10] != (
                "__future__"
            ):
                line = node.lineno
                return _insert(source.text, line, 1, name.statement + "\n")
        return _below(source, group[-1], name.statement + "\n")
    for group in groups:
        if _section(names(group[0])[0].module, first_party) > section:
            return _insert(source.text, group[0].lineno, 1, name.statement + "\n\n")
    return _below(source, groups[-1][-1], "\n" + name.statement + "\n")


def _groups(source: SourceFile, nodes: Sequence[ImportNode]) -> list[list[ImportNode]]:
    """Return runs of imports that nothing separates, not even a blank line."""
    groups: list[list[ImportNode]] = []
    end = -1
    for node in nodes:
        if groups and node.lineno == end + 1:
            groups[-1].append(node)
        else:
            groups.append([node])
        end = node.end_lineno or node.lineno
    return groups


def _order(group: Sequence[ImportNode]) -> Callable[[Name], tuple[int, str]]:
    """Return the key by which a group of imports is sorted."""
    kinds = [isinstance(node, ast.ImportFrom) for node in group]
    modules = [names(node)[0].module.lower() for node in group]
    if kinds != sorted(kinds) and modules == sorted(modules):
        return lambda name: (0, name.module.lower())
    return lambda name: (1 if name.name else 0, name.module.lower())


def _section(module: str, first_party: frozenset[str]) -> int:
    top = module.partition(".")[0]
    if module.startswith("."):
        return _LOCAL
    if top == "__future__":
        return _FUTURE
    if top in first_party:
        return _FIRST_PARTY
    return _STANDARD if top in sys.stdlib_module_names else _THIRD_PARTY


def _first(source: SourceFile, name: Name) -> str:
    """Add the first import of a module: below its docstring and opening comments."""
    body = source.tree.body
    lines = source.lines
    if body and _is_docstring(body[0]):
        line = (body[0].end_lineno or 1) + 1
        text = f"\n{name.statement}\n"
        if line <= len(lines) and lines[line - 1].strip():
            text += "\n"
        if line > len(lines):
            return source.text + "\n" + text
        return _insert(source.text, line, 1, text)
    line = 1
    while line <= len(lines) and re.match(r"#(!|.*coding[:=])", lines[line - 1]):
        line += 1
    if line > len(lines):
        return source.text + f"\n{name.statement}\n"
    gap = "\n" if lines[line - 1].strip() else ""
    return _insert(source.text, line, 1, f"{name.statement}\n{gap}")


def _is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def _below(source: SourceFile, node: ImportNode, insertion: str) -> str:
    line = (node.end_lineno or node.lineno) + 1
    if line > len(source.lines):
        return source.text + text_edits.newline_of(source.text) + insertion
    return _insert(source.text, line, 1, insertion)


def _insert(text: str, line: int, column: int, insertion: str) -> str:
    edit = Edit("", line, column, line, column, insertion)
    return text_edits.apply(text, [edit])


def top_level_modules(names: Iterable[str]) -> frozenset[str]:
    """Return the first parts of dotted module names."""
    return frozenset(name.partition(".")[0] for name in names if name)


__all__ = [
    "Name",
    "UnreadableSource",
    "add",
    "binds",
    "bound_name",
    "parse",
    "top_level_modules",
]
