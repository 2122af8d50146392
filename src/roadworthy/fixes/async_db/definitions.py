"""Where the things that a project shares between its modules are defined."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from roadworthy.fixes.async_db.values import Values
from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile
from roadworthy.values.atoms import ModuleAtom

_DEEPEST = 6
"""How many modules may hand an imported name on."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A name that a module or the instances of a class bind, and the one assignment."""

    file: ReviewedFile
    name: str
    statement: ast.Assign | ast.AnnAssign
    owner: ast.ClassDef | None = None
    """The class whose attribute it is; None for a module's name."""


class Definitions:
    """Finds the assignment behind a name, through imports and attributes."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.review = values.review
        self._by_module = {
            file.module.name: file
            for file in self.review.all_files
            if file.module is not None
        }

    def of(self, file: ReviewedFile, node: ast.expr) -> Definition | None:
        """Return what a name or attribute leads to; None where that is not plain."""
        if isinstance(node, ast.Name):
            scope = file.function_of(node)
            if scope is not None and node.id in file.local_names(scope):
                local = file.local_import(scope, node.id)
                if local is None or local[2] is None:
                    return None
                return self._imported(file, local[0], local[1], local[2], _DEEPEST)
            return self._in_module(file, node.id, _DEEPEST)
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
                for other, cls in self.values.lineage_of(file, node):
                    found = self._attribute(other, cls, node.attr)
                    if found is not None:
                        return found
                return None
            return self._member(file, node)
        return None

    def _member(self, file: ReviewedFile, node: ast.Attribute) -> Definition | None:
        for atom in kinds.known(self.review.value(file, node.value)):
            if isinstance(atom, ModuleAtom):
                other = self.review.file_of(atom.module)
                if other is None:
                    return None
                return self._in_module(other, node.attr, _DEEPEST)
            cls = kinds.class_of(atom)
            for base in cls.mro if cls is not None else ():
                if isinstance(base, str):
                    continue
                owner = self.review.file_of(base.module)
                found = self.review.class_node(base)
                if owner is not None and found is not None:
                    definition = self._attribute(owner, found, node.attr)
                    if definition is not None:
                        return definition
        return None

    def _attribute(
        self, file: ReviewedFile, cls: ast.ClassDef, name: str
    ) -> Definition | None:
        found = [
            statement
            for statement in ast.walk(cls)
            if isinstance(statement, (ast.Assign, ast.AnnAssign))
            and statement.value is not None
            for target in targets(statement)
            if (
                isinstance(target, ast.Attribute)
                and target.attr == name
                and isinstance(target.value, ast.Name)
                and target.value.id in ("self", "cls")
            )
            or (
                isinstance(target, ast.Name)
                and target.id == name
                and statement in cls.body
            )
        ]
        return Definition(file, name, found[0], cls) if len(found) == 1 else None

    def _in_module(
        self, file: ReviewedFile, name: str, depth: int
    ) -> Definition | None:
        found = [
            statement
            for statement in self._statements(file.tree.body)
            if isinstance(statement, (ast.Assign, ast.AnnAssign))
            and statement.value is not None
            and any(
                isinstance(t, ast.Name) and t.id == name for t in targets(statement)
            )
        ]
        if found:
            return Definition(file, name, found[0]) if len(found) == 1 else None
        if depth <= 0:
            return None
        for statement in self._statements(file.tree.body):
            if not isinstance(statement, ast.ImportFrom):
                continue
            for alias in statement.names:
                if (alias.asname or alias.name) == name or alias.name == "*":
                    wanted = name if alias.name == "*" else alias.name
                    definition = self._imported(
                        file,
                        statement.level,
                        statement.module or "",
                        wanted,
                        depth - 1,
                    )
                    if definition is not None:
                        return definition
        return None

    def _statements(self, body: list[ast.stmt]) -> Iterator[ast.stmt]:
        for statement in body:
            yield statement
            if isinstance(statement, (ast.If, ast.Try)):
                yield from self._statements(statement.body)
                yield from self._statements(statement.orelse)

    def _imported(
        self, file: ReviewedFile, level: int, module: str, name: str, depth: int
    ) -> Definition | None:
        if level:
            package = file.module.package if file.module is not None else ""
            parts = package.split(".")
            kept = parts[: len(parts) - (level - 1)]
            module = ".".join([*kept, *([module] if module else [])])
        other = self._by_module.get(module)
        return self._in_module(other, name, depth) if other is not None else None


def targets(statement: ast.Assign | ast.AnnAssign) -> list[ast.expr]:
    """Return what an assignment binds."""
    return (
        statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    )
