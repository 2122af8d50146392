"""Where synchronous code that asks the database is run: calls, reads of properties, …"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from roadworthy.fixes.async_db.values import Values
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.values.atoms import ClassAtom, Instance
from roadworthy.values.program import ClassInfo

_PROPERTIES = frozenset({"property", "cached_property", "hybrid_property"})


class Entries:
    """Finds the expressions of a project that run a function which stays synchronous."""

    def __init__(self, values: Values, files: Iterable[ReviewedFile]) -> None:
        self.values = values
        self.review = values.review
        self.files = tuple(files)
        self._deferred: (
            list[tuple[ReviewedFile, ast.ClassDef, str, ast.Call]] | None
        ) = None

    def of(
        self,
        file: ReviewedFile,
        node: FunctionNode,
        calls: Iterable[tuple[ReviewedFile, ast.Call]],
    ) -> Iterator[tuple[ReviewedFile, ast.expr]]:
        """Yield the expressions that run a function; `calls` are its plain calls."""
        yield from calls
        cls = file.parent(node)
        if not isinstance(cls, ast.ClassDef):
            return
        if any(_last(decorator) in _PROPERTIES for decorator in node.decorator_list):
            yield from self.reads(file, cls, node.name)
        elif node.name in ("__init__", "__new__", "__post_init__", "model_post_init"):
            yield from self._makings(file, cls)
        elif node.name == "__len__":
            for other in self.files:
                for call in other.nodes(ast.Call):
                    if _last(call.func) == "len" and call.args:
                        if self._is_of(other, call.args[0], file, cls):
                            yield other, call
        elif node.name == "__contains__":
            for other in self.files:
                for compare in other.nodes(ast.Compare):
                    if isinstance(compare.ops[-1], (ast.In, ast.NotIn)):
                        if self._is_of(other, compare.comparators[-1], file, cls):
                            yield other, compare
        elif node.name == "__getitem__":
            for other in self.files:
                for part in other.nodes(ast.Subscript):
                    if isinstance(part.ctx, ast.Load):
                        if self._is_of(other, part.value, file, cls):
                            yield other, part

    def deferred(
        self,
    ) -> Iterator[tuple[ReviewedFile, ast.ClassDef, str, ast.Call]]:
        """Yield the columns that are loaded when they are read, with their calls."""
        if self._deferred is None:
            self._deferred = [
                (file, cls, name, statement.value)
                for file in self.files
                if file.mentions("deferred")
                for cls in file.nodes(ast.ClassDef)
                for statement in cls.body
                if isinstance(statement, (ast.Assign, ast.AnnAssign))
                and isinstance(statement.value, ast.Call)
                and _is_deferred(statement.value)
                and (name := _bound(statement))
            ]
        yield from self._deferred

    def reads(
        self, file: ReviewedFile, cls: ast.ClassDef, name: str
    ) -> Iterator[tuple[ReviewedFile, ast.expr]]:
        """Yield the places where an attribute of a class's instances is read."""
        is_only = self._owners(name) <= 1
        for other in self.files:
            if not other.mentions(name):
                continue
            for node in other.nodes(ast.Attribute):
                if node.attr != name or not isinstance(node.ctx, ast.Load):
                    continue
                if self._is_of(other, node.value, file, cls) or (
                    is_only
                    and not kinds.known(self.review.value(other, node.value))
                    and not isinstance(other.parent(node), ast.Call)
                ):
                    yield other, node

    def _owners(self, name: str) -> int:
        """Return how many classes of the project define an attribute of that name."""
        return sum(
            name in info.namespace or name in info.annotations
            for file in self.files
            for _, info in self.review.classes(file)
        )

    def _makings(
        self, file: ReviewedFile, cls: ast.ClassDef
    ) -> Iterator[tuple[ReviewedFile, ast.expr]]:
        for other in self.files:
            for call in other.nodes(ast.Call):
                for atom in self.review.callees(other, call):
                    if isinstance(atom, ClassAtom) and self._is_class(
                        atom.cls, file, cls
                    ):
                        yield other, call

    def _is_of(
        self,
        file: ReviewedFile,
        node: ast.expr,
        owner: ReviewedFile,
        cls: ast.ClassDef,
    ) -> bool:
        if isinstance(node, ast.Name) and node.id in ("self", "cls"):
            return any(found is cls for _, found in self.values.lineage_of(file, node))
        return any(
            isinstance(atom, Instance) and self._is_class(atom.cls, owner, cls)
            for atom in kinds.known(self.review.value(file, node))
        )

    def _is_class(self, info: ClassInfo, file: ReviewedFile, cls: ast.ClassDef) -> bool:
        wanted = self.review.class_info(file, cls)
        return wanted is not None and wanted in info.mro


def _is_deferred(call: ast.Call) -> bool:
    return _last(call.func) == "deferred" or any(
        keyword.arg == "deferred"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in call.keywords
    )


def _bound(statement: ast.Assign | ast.AnnAssign) -> str:
    target = (
        statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
    )
    return target.id if isinstance(target, ast.Name) else ""


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
