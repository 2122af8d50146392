"""Imports that a fix has left unused are removed; others are never touched.

Which imports are unused, ruff says (F401): it knows `__all__`, annotations in quotes
and suppression comments.
"""

from __future__ import annotations

import ast
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadworthy.findings import Edit
from roadworthy.fixes import edits
from roadworthy.rules.language.tools import executable, plain_environment
from roadworthy.syntax.source import SourceFile, UnreadableSource, parse_source

_SECONDS = 120


@dataclass(frozen=True, slots=True)
class _Imported:
    """One name of an import statement: where the statement is, and which name."""

    module: str
    name: str
    alias: str

    @property
    def bound(self) -> str:
        return self.alias or (self.name or self.module).partition(".")[0]


def remove(
    before: Mapping[str, str],
    after: Mapping[str, str],
    is_needed: Callable[[str, str], bool],
) -> dict[str, str]:
    """Return the texts of `after`, by path, without the imports left unused since `before`.

    `is_needed(path, name)` tells whether another module takes the name from this one.
    Packages' `__init__.py` are left as they are: their imports are their interface.
    """
    paths = [
        path
        for path, text in after.items()
        if path in before
        and path.endswith(".py")
        and not path.endswith("__init__.py")
        and "import" in text
    ]
    result = dict(after)
    if not paths:
        return result
    unused_before = _unused({path: before[path] for path in paths})
    unused_after = _unused({path: after[path] for path in paths})
    for path in paths:
        new = unused_after[path] - unused_before[path]
        wanted = {name for name in new if not is_needed(path, name.bound)}
        if wanted:
            result[path] = _without(path, after[path], wanted)
    return result


def _unused(texts: Mapping[str, str]) -> dict[str, set[_Imported]]:
    """Return the unused imports of texts; none where ruff is not to be had."""
    found: dict[str, set[_Imported]] = {path: set() for path in texts}
    ruff = executable("ruff")
    if ruff is None:
        return found
    with tempfile.TemporaryDirectory(prefix="roadworthy-") as folder:
        names = {f"m{number}.py": path for number, path in enumerate(texts)}
        for name, path in names.items():
            (Path(folder) / name).write_bytes(texts[path].encode("utf-8", "replace"))
        command = [ruff, "check", "--isolated", "--select", "F401", "--no-cache"]
        command += ["--output-format", "json", "--exit-zero", "--quiet", "--no-fix"]
        try:
            done = subprocess.run(
                [*command, "."],
                cwd=folder,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                env=plain_environment(),
            )
            entries: Any = json.loads(done.stdout)
        except (OSError, subprocess.SubprocessError, ValueError):
            return found
    places: dict[str, set[tuple[int, int]]] = {}
    for entry in entries:
        if entry.get("code") == "F401":
            path = names[Path(entry["filename"]).name]
            start = entry["location"]
            places.setdefault(path, set()).add((start["row"], start["column"]))
    for path, starts in places.items():
        try:
            source = parse_source(texts[path], Path(path))
        except UnreadableSource:
            continue
        for node, alias in _aliases(source.tree):
            if (alias.lineno, source.column(alias.lineno, alias.col_offset) + 1) in (
                starts
            ):
                found[path].add(_imported(node, alias))
    return found


def _aliases(
    tree: ast.Module,
) -> list[tuple[ast.Import | ast.ImportFrom, ast.alias]]:
    return [
        (node, alias)
        for _, block in _blocks(tree)
        for node in block
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    ]


def _blocks(tree: ast.Module) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Yield every block of statements, with what it is a part of."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        parent = waiting.pop()
        for name in ("body", "orelse", "finalbody"):
            block = getattr(parent, name, None)
            if isinstance(block, list):
                yield parent, block
                waiting += block
        waiting += getattr(parent, "handlers", ())
        waiting += getattr(parent, "cases", ())


def _imported(node: ast.Import | ast.ImportFrom, alias: ast.alias) -> _Imported:
    if isinstance(node, ast.Import):
        return _Imported(alias.name, "", alias.asname or "")
    module = "." * node.level + (node.module or "")
    return _Imported(module, alias.name, alias.asname or "")


def _without(path: str, text: str, wanted: set[_Imported]) -> str:
    source = parse_source(text, Path(path))
    found: list[Edit] = []
    for parent, statements in _blocks(source.tree):
        kept = len(statements)
        for node in statements:
            if not isinstance(node, (ast.Import, ast.ImportFrom)):
                continue
            gone = [a for a in node.names if _imported(node, a) in wanted]
            if len(gone) < len(node.names):
                found += _names_removed(path, source, node, gone)
            elif _stands_alone(source, node):
                kept -= 1
                if kept or isinstance(parent, ast.Module):
                    found.append(_statement_removed(path, source, node))
                else:
                    kept += 1
                    found.append(_replaced(path, source, node, "pass"))
    return edits.apply(text, found)


def _names_removed(
    path: str,
    source: SourceFile,
    node: ast.Import | ast.ImportFrom,
    gone: list[ast.alias],
) -> list[Edit]:
    """Return the edits that take some names out of a statement and leave others."""
    found = []
    names = node.names
    lines = source.lines
    for index, alias in enumerate(names):
        if alias not in gone:
            continue
        line = alias.lineno
        own_line = (
            lines[line - 1].split("#")[0].strip().rstrip(",").strip()
            == _alias_text(alias)
            and line != node.lineno
        )
        if own_line:
            found.append(Edit(path, line, 1, line + 1, 1, ""))
            continue
        later = [a for a in names[index + 1 :] if a not in gone]
        if later or index + 1 < len(names):
            following = names[index + 1]
            end = following.lineno, source.column(
                following.lineno, following.col_offset
            )
            start = line, source.column(line, alias.col_offset)
        else:
            previous = [a for a in names[:index] if a not in gone][-1]
            start = _end(source, previous)
            end = _end(source, alias)
        found.append(Edit(path, start[0], start[1] + 1, end[0], end[1] + 1, ""))
    return _joined(found)


def _joined(found: list[Edit]) -> list[Edit]:
    """Join removals that overlap or meet."""
    result: list[Edit] = []
    for edit in sorted(found, key=lambda e: (e.line, e.column)):
        last = result[-1] if result else None
        if last and (edit.line, edit.column) <= (last.end_line, last.end_column):
            end = max(
                (last.end_line, last.end_column), (edit.end_line, edit.end_column)
            )
            result[-1] = Edit(edit.path, last.line, last.column, *end, "")
        else:
            result.append(edit)
    return result


def _alias_text(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _end(source: SourceFile, node: ast.alias) -> tuple[int, int]:
    line, column = node.end_lineno or node.lineno, node.end_col_offset or 0
    return line, source.column(line, column)


def _stands_alone(source: SourceFile, node: ast.stmt) -> bool:
    """Tell whether nothing else stands on a statement's lines but a comment."""
    line = source.lines[node.lineno - 1]
    end = node.end_lineno or node.lineno
    rest = source.lines[end - 1][source.column(end, node.end_col_offset or 0) :]
    return (
        not line[: source.column(node.lineno, node.col_offset)].strip()
        and not rest.split("#")[0].strip()
    )


def _replaced(path: str, source: SourceFile, node: ast.stmt, text: str) -> Edit:
    end = node.end_lineno or node.lineno
    return Edit(
        path,
        node.lineno,
        source.column(node.lineno, node.col_offset) + 1,
        end,
        source.column(end, node.end_col_offset or 0) + 1,
        text,
    )


def _statement_removed(path: str, source: SourceFile, node: ast.stmt) -> Edit:
    """Return the edit that takes out a statement's lines, and the gap it would leave."""
    lines = source.lines
    first, last = node.lineno, node.end_lineno or node.lineno
    above = first
    while above > 1 and not lines[above - 2].strip():
        above -= 1
    below = last
    while below < len(lines) and not lines[below].strip():
        below += 1
    if below > last and (above < first or first == 1):
        # Alone between blank lines: one of the two gaps goes with it.
        if above > 1 and first - above <= below - last:
            first = above
        else:
            last = below
    end = (last + 1, 1) if last < len(lines) else (last, len(lines[last - 1]) + 1)
    return Edit(path, first, 1, *end, "")
