"""Relationships that must stay lazy: their rows are sent to clients as they are.

What a row holds is what is sent where no response model says otherwise. A relationship
that is loaded early would be sent too, and a circle of them without end. Where the code
reads such a relationship, it awaits it: `await row.awaitable_attrs.items`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from roadworthy.fixes.async_db.values import Values
from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.schemas import shapes
from roadworthy.values.atoms import ClassAtom, Instance, Mapping, Sequence, Value
from roadworthy.values.program import ClassInfo

_RELATIONSHIPS = frozenset({"relationship", "relation"})
_DEEPEST = 4


class Late:
    """The relationships of a project that stay lazy, and where they are read."""

    def __init__(
        self, review: Review, values: Values, files: Iterable[ReviewedFile]
    ) -> None:
        self.review = review
        self.values = values
        self._files = tuple(files)
        self.classes = frozenset(_sent_classes(review))
        self._targets: dict[str, bool] = {}
        """Whether relationships, by name, lead to classes that are sent as they are."""
        self.names = self._late_names() if self.classes else frozenset()
        """Names of the relationships that stay lazy."""

    def reads(self, file: ReviewedFile) -> Iterator[ast.Attribute]:
        """Yield the places in a file where a lazy relationship is read."""
        if not self.names or not file.mentions(*self.names):
            return
        for node in file.nodes(ast.Attribute):
            if node.attr in self.names and isinstance(node.ctx, ast.Load):
                if self.is_row(file, node.value):
                    yield node

    def is_row(self, file: ReviewedFile, node: ast.expr) -> bool:
        """Whether an expression is a row of a class that is sent as it is."""
        known = kinds.known(self.review.value(file, node))
        if known:
            return all(
                isinstance(atom, Instance) and atom.cls in self.classes
                for atom in known
            )
        if isinstance(node, ast.Attribute):
            return self._leads_to_row(file, node)
        if isinstance(node, ast.Name):
            scope = file.scope(node)
            for inner in own_nodes(scope):
                if (
                    isinstance(inner, (ast.For, ast.comprehension))
                    and isinstance(inner.target, ast.Name)
                    and inner.target.id == node.id
                ):
                    return self._leads_to_row(file, inner.iter)
        return False

    def _leads_to_row(self, file: ReviewedFile, node: ast.expr) -> bool:
        """Whether an expression reads a lazy relationship to such a class."""
        return (
            isinstance(node, ast.Attribute)
            and node.attr in self.names
            and self._targets.get(node.attr, False)
            and self.is_row(file, node.value)
        )

    def owns(self, file: ReviewedFile, cls: ast.ClassDef) -> bool:
        """Whether a class is one whose rows are sent as they are."""
        return self.review.class_info(file, cls) in self.classes

    def _late_names(self) -> frozenset[str]:
        found: set[str] = set()
        others: set[str] = set()
        for file in self._files:
            for cls in file.nodes(ast.ClassDef):
                for statement in cls.body:
                    call = getattr(statement, "value", None)
                    if not (
                        isinstance(call, ast.Call)
                        and _last(call.func) in _RELATIONSHIPS
                    ):
                        continue
                    target = getattr(statement, "target", None) or next(
                        iter(getattr(statement, "targets", ())), None
                    )
                    if isinstance(target, ast.Name):
                        told = file.text(statement)
                        self._targets[target.id] = any(
                            re.search(rf"\b{c.name}\b", told) for c in self.classes
                        )
                        (found if self.owns(file, cls) else others).add(target.id)
        # A name that a schema or a model's own method reads has to be loaded early.
        for file in self._files:
            for cls, info in self.review.classes(file):
                atom = ClassAtom(info, ())
                if kinds.is_model(atom) and not kinds.is_table_model(atom):
                    others |= {name for name, _, _ in self.review.field_types(info)}
                elif kinds.is_table_model(atom):
                    others |= {
                        node.attr
                        for node in ast.walk(cls)
                        if isinstance(node, ast.Attribute)
                        and _last(node.value) == "self"
                    }
        return frozenset(found - others)


def _sent_classes(review: Review) -> Iterator[ClassInfo]:
    """Yield SQLAlchemy's classes whose rows handlers return without a response model."""
    for handler in review.handlers():
        if handler.is_websocket or not shapes.is_of_fastapi(handler):
            continue
        types = shapes.schema_types(review, handler)
        plain = kinds.plain_types(types or ())
        if plain and not all(shapes.is_untyped(atom) for atom in plain):
            continue
        yield from _rows(shapes.returned(review, handler), _DEEPEST)


def _rows(value: Value, depth: int) -> Iterator[ClassInfo]:
    for atom in value:
        if isinstance(atom, Instance) and kinds.is_table_model(atom):
            # SQLModel sends the columns alone.
            if not kinds.is_model(atom):
                yield atom.cls
        elif depth and isinstance(atom, Sequence):
            for item in atom.items or ():
                yield from _rows(item, depth - 1)
            yield from _rows(atom.element, depth - 1)
        elif depth and isinstance(atom, Mapping):
            for _, item in atom.items or ():
                yield from _rows(item, depth - 1)
            yield from _rows(atom.element, depth - 1)


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
