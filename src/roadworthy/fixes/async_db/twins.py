"""Writes the synchronous engine, factories and functions of code that stays synchronous."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from roadworthy.fixes.async_db.definitions import Definition, targets
from roadworthy.fixes.async_db.kept import Keeper, twin_name
from roadworthy.fixes.async_db.operations import Obstacle, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.values import Values
from roadworthy.rules.files import FunctionNode, ReviewedFile

_CONTEXTS = frozenset({"__enter__", "__exit__", "__iter__", "__next__"})
"""Methods whose asynchronous forms have other names: both can be there."""


class Twins:
    """Writes what `Keeping` says into the patches of the files."""

    def __init__(
        self,
        values: Values,
        keeper: Keeper,
        patches: dict[ReviewedFile, Patch],
    ) -> None:
        self.values = values
        self.review = values.review
        self.keeper = keeper
        self.keeping = keeper.result
        self.patches = patches
        self.obstacles: list[Obstacle] = []

    # -- names -----------------------------------------------------------------------

    def name(self, definition: Definition) -> str:
        """Return the name of the synchronous twin of an engine or factory."""
        return twin_name(definition.name)

    def function_name(self, node: FunctionNode) -> str:
        """Return the name of the synchronous copy of a function."""
        return node.name if node.name in _CONTEXTS else f"{node.name}_sync"

    def is_engine(self, file: ReviewedFile, call: ast.Call) -> bool:
        """Whether the engine that a call makes gets a twin."""
        return (file, file.statement_of(call)) in self.keeping.definitions or (
            file.function_of(call) in self.keeping.copies
        )

    # -- writing ---------------------------------------------------------------------

    def write(self) -> None:
        """Write twins, copies, and the names in what stays as it is."""
        for file, use in self.keeping.missing:
            self.obstacles.append(
                Obstacle(
                    file,
                    use,
                    "code that stays synchronous uses it: give that code a synchronous "
                    "engine of its own",
                )
            )
        for definition in self.keeping.definitions.values():
            self._definition(definition)
        for file, given in self.keeping.handed:
            self.rename(file, given)
        for node, file in self.keeping.functions.items():
            if any(a in self.keeping.functions for a in file.ancestors(node)):
                continue
            self.rename(file, node)
        for node, file in self.keeping.copies.items():
            self._copy(file, node)

    def rename(self, file: ReviewedFile, within: ast.AST) -> None:
        """Have a part of a file that stays synchronous use the synchronous twins."""
        if file.source is None:
            return
        patch = self.patches.setdefault(file, Patch(file, file.source))
        for start, end, text in self._renamed(file, within):
            patch.replace_span(start, end, text)

    def _definition(self, definition: Definition) -> None:
        file, statement = definition.file, definition.statement
        patch = self.patches[file]
        bound = targets(statement)
        start, end = patch.span(statement)
        if len(bound) != 1 or statement.value is None:
            self.obstacles.append(
                Obstacle(file, statement, "this cannot get a synchronous twin")
            )
            return
        twin = self.name(definition)
        _, target_end = patch.span(bound[0])
        changes = [
            (target_end - len(definition.name), target_end, twin),
            *self._renamed(file, statement.value),
        ]
        indent = " " * (start - (patch.source.text.rfind("\n", 0, start) + 1))
        text = _changed(patch.source.text, start, end, changes)
        patch.insert(end, f"\n{indent}{text}", -1)
        memory = re.search(r"['\"]sqlite(\+\w+)?://(/:memory:)?['\"]", text)
        if memory is not None:
            self.obstacles.append(
                Obstacle(
                    file,
                    statement,
                    f"`{twin}` has a database in memory of its own",
                )
            )

    def _copy(self, file: ReviewedFile, node: FunctionNode) -> None:
        patch = self.patches[file]
        text = patch.source.text
        start, end = patch.span(node)
        head = start
        if node.decorator_list:
            head = text.rindex(
                "@", 0, min(patch.span(d)[0] for d in node.decorator_list)
            )
        column = start - (text.rfind("\n", 0, start) + 1)
        at = text.index(node.name, start)
        changes = [
            (at, at + len(node.name), self.function_name(node)),
            *self._renamed(file, node),
        ]
        copied = _changed(text, head, end, changes)
        gap = "\n\n" if column else "\n\n\n"
        patch.insert(end, f"{gap}{' ' * column}{copied}", -1)
        self.obstacles.append(
            Obstacle(
                file,
                node,
                f"`{node.name}` has a synchronous copy, `{self.function_name(node)}`, for "
                "the code that stays synchronous",
            )
        )

    # -- uses ------------------------------------------------------------------------

    def _renamed(
        self, file: ReviewedFile, within: ast.AST
    ) -> Iterator[tuple[int, int, str]]:
        """Yield where a part of a file names what has a twin, and what it is called."""
        for node in self._names(within):
            new = self._new_name(file, node)
            if new is None:
                continue
            name, module, level_names = new
            patch = self.patches[file]
            start, end = patch.span(node)
            if isinstance(node, ast.Attribute):
                start = end - len(node.attr)
            elif module is not None:
                self._import(file, node, level_names, name, module)
            yield start, end, name

    def _names(self, within: ast.AST) -> Iterator[ast.Name | ast.Attribute]:
        for node in ast.walk(within):
            if isinstance(node, (ast.Name, ast.Attribute)) and isinstance(
                node.ctx, ast.Load
            ):
                yield node

    def _new_name(
        self, file: ReviewedFile, node: ast.Name | ast.Attribute
    ) -> tuple[str, str | None, str] | None:
        """Return the twin's name, the module that it is in, and the name of its origin.

        The module is None where it is that of the file itself.
        """
        if self.values.kind(file, node) in ("engine", "factory", "registry"):
            definition = self.keeper.definitions.of(file, node)
            if definition is not None and (
                (definition.file, definition.statement) in self.keeping.definitions
            ):
                module = definition.file.module
                outside = definition.file is not file and module is not None
                return (
                    self.name(definition),
                    module.name if outside and module is not None else None,
                    definition.name,
                )
        parent = file.parent(node)
        if isinstance(parent, ast.Call) and parent.func is node:
            owners = self.values.callees(file, parent)
        else:
            owners = self.values.functions_at(file, node)
        for other, function in owners:
            if function in self.keeping.copies and last(node) == function.name:
                outside = other is not file and other.module is not None
                return (
                    self.function_name(function),
                    other.module.name if outside and other.module else None,
                    function.name,
                )
        return None

    def _import(
        self, file: ReviewedFile, node: ast.expr, old: str, name: str, module: str
    ) -> None:
        """Import a twin where the function imports its origin, or else for the file."""
        patch = self.patches[file]
        scope = file.function_of(node)
        for around in [scope, *(a for a in file.ancestors(node))]:
            if not isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            for statement in ast.walk(around):
                if isinstance(statement, ast.ImportFrom) and any(
                    alias.name == old and alias.asname in (None, old)
                    for alias in statement.names
                ):
                    _, end = patch.span(statement)
                    column = statement.col_offset
                    text = f"\n{' ' * column}from {module} import {name}"
                    if not any(
                        c.start == end and c.text == text for c in patch.changes
                    ):
                        patch.insert(end, text)
                    return
        patch.need_from(module, name)

    # -- files that stay as they are -------------------------------------------------

    def keep_files(self, files: Iterable[ReviewedFile]) -> None:
        """Have whole modules, such as migrations, use the synchronous twins."""
        for file in files:
            if file.source is None:
                continue
            for node in file.nodes(ast.Name, ast.Attribute):
                if isinstance(
                    getattr(node, "ctx", None), ast.Load
                ) and self.values.kind(file, node) in (
                    "engine",
                    "factory",
                    "registry",
                ):
                    definition = self.keeper.definitions.of(file, node)
                    if definition is not None and definition.file is not file:
                        self.keeper.twin(file, node)


def _changed(
    text: str, start: int, end: int, changes: list[tuple[int, int, str]]
) -> str:
    parts: list[str] = []
    at = start
    for first, stop, new in sorted(set(changes)):
        if first < at:
            continue
        parts += [text[at:first], new]
        at = stop
    parts.append(text[at:end])
    return "".join(parts)
