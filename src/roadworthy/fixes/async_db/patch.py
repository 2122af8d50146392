"""Changes to one file: insertions around nodes and replacements, nested as they come."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field, replace

from roadworthy.rules.files import ReviewedFile
from roadworthy.syntax.source import SourceFile

_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    text: str
    rank: tuple[int, int]
    """Order among changes at one offset: what closes comes before what opens; of two
    that close the inner one first, of two that open the outer one."""


@dataclass(slots=True)
class Patch:
    """The changes to one file, and the imports that they need."""

    file: ReviewedFile
    source: SourceFile
    changes: list[_Change] = field(default_factory=list)
    imports: dict[str, None] = field(default_factory=dict)
    """Import statements, in the order in which the need for them came up."""
    _starts: list[int] = field(default_factory=list)
    _done: set[tuple[int, int, str]] = field(default_factory=set)

    def need(self, statement: str) -> None:
        """Ask for an import."""
        self.imports.setdefault(statement)

    def need_from(self, module: str, name: str) -> None:
        """Ask for a name of a module of the project, as the file names that module."""
        package = self.file.module.package if self.file.module is not None else ""
        for statement in self.file.tree.body:
            if not isinstance(statement, ast.ImportFrom):
                continue
            named = statement.module or ""
            if statement.level:
                parts = package.split(".")
                kept = parts[: len(parts) - (statement.level - 1)]
                named = ".".join([*kept, *([named] if named else [])])
            if named != module:
                continue
            if any(
                alias.name == name and not alias.asname for alias in statement.names
            ):
                return
            module = "." * statement.level + (statement.module or "")
            break
        self.need(f"from {module} import {name}")

    # -- places ----------------------------------------------------------------------

    def offset(self, line: int, column: int) -> int:
        """Return the offset in characters of a line and a byte column (from 0)."""
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(m.end() for m in _END.finditer(self.source.text))
        return self._starts[line - 1] + self.source.column(line, column)

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Return where a node begins and ends, in characters."""
        line: int = getattr(node, "lineno", 1)
        end_line: int = getattr(node, "end_lineno", None) or line
        start = self.offset(line, getattr(node, "col_offset", 0))
        return start, self.offset(end_line, getattr(node, "end_col_offset", None) or 0)

    def original(self, node: ast.AST) -> str:
        """Return the text of a node as it stands in the file, line ends included."""
        start, end = self.span(node)
        return self.source.text[start:end]

    # -- changes ---------------------------------------------------------------------

    def _add(self, start: int, end: int, text: str, rank: tuple[int, int]) -> None:
        key = (start, end, text)
        if start != end:
            if key in self._done:
                return
            self._done.add(key)
        self.changes.append(_Change(start, end, text, rank))

    def replace(self, node: ast.AST, text: str) -> None:
        """Put a text in the place of a node."""
        start, end = self.span(node)
        self._add(start, end, text, (2, 0))

    def replace_span(self, start: int, end: int, text: str) -> None:
        """Put a text in the place of the characters from one offset to another."""
        self._add(start, end, text, (2, 0))

    def insert(self, offset: int, text: str, level: int = 0) -> None:
        """Put a text at an offset, after all that closes there.

        Of two texts at one offset, that of the higher level comes first.
        """
        self._add(offset, offset, text, (1, -(1 << (30 + level))))

    def wrap(self, node: ast.AST, before: str, after: str) -> None:
        """Put texts before and after a node; wraps of nodes in it nest."""
        start, end = self.span(node)
        self.wrap_span(start, end, before, after)

    def wrap_span(self, start: int, end: int, before: str, after: str) -> None:
        """Put texts before and after the characters from one offset to another."""
        if before:
            self._add(start, start, before, (1, -(end - start)))
        if after:
            self._add(end, end, after, (0, end - start))

    def shift(self, begin: int, end: int, width: int) -> None:
        """Move the further lines of the changes in a part of the text to the right."""
        for index, change in enumerate(self.changes):
            if begin <= change.start and change.end <= end and "\n" in change.text:
                text = change.text.replace("\n", "\n" + " " * width)
                self.changes[index] = replace(change, text=text)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return not self.changes and not self.imports

    def text(self) -> str:
        """Return the changed text; what a replacement covers gives way to it."""
        return self.render(0, len(self.source.text))

    def render(self, begin: int, end: int) -> str:
        """Return a part of the text with the changes in it made."""
        parts: list[str] = []
        at = begin
        covered = begin
        inside = [c for c in self.changes if begin <= c.start and c.end <= end]
        order = sorted(
            enumerate(inside),
            key=lambda pair: (
                pair[1].start,
                pair[1].rank[0],
                pair[1].rank[1],
                -pair[1].end,
                pair[0],
            ),
        )
        for _, change in order:
            if change.start < covered or (
                change.start == change.end and change.start < at
            ):
                continue
            parts += [self.source.text[at : change.start], change.text]
            at = change.end
            covered = max(covered, change.end)
        parts.append(self.source.text[at:end])
        return "".join(parts)
