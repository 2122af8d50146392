"""Attributes that stand for a query: `User.query`, and relationships that are dynamic."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.values.atoms import ClassAtom, Instance
from roadworthy.values.program import ClassInfo

if TYPE_CHECKING:
    from roadworthy.fixes.async_db.values import Values

_RELATIONSHIPS = frozenset({"relationship", "relation", "Relationship"})
_WRITES = frozenset({"append", "add", "extend", "add_all", "remove", "session"})
"""What of a dynamic relationship asks the database nothing."""


@dataclass(frozen=True, slots=True)
class QueryProperty:
    """`Base.query = registry.query_property()`"""

    file: ReviewedFile
    statement: ast.stmt
    name: str
    registry: ast.expr


class QueryAttributes:
    """The attributes of a project that stand for queries."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.review = values.review
        self._properties: tuple[QueryProperty, ...] | None = None
        self._dynamic: dict[str, set[str]] | None = None
        self._targets: dict[str, str] = {}
        """By the name of a dynamic relationship, the class that it leads to."""

    @property
    def properties(self) -> tuple[QueryProperty, ...]:
        """The query properties of the project."""
        if self._properties is None:
            self._properties = ()
            self._properties = tuple(self._find_properties())
        return self._properties

    def _find_properties(self) -> Iterator[QueryProperty]:
        for file in self.review.all_files:
            if file.source is None or not file.mentions("query_property"):
                continue
            for call in file.nodes(ast.Call):
                statement = file.parent(call)
                if not (
                    isinstance(call.func, ast.Attribute)
                    and call.func.attr == "query_property"
                    and isinstance(statement, (ast.Assign, ast.AnnAssign))
                ):
                    continue
                target = (
                    statement.targets[0]
                    if isinstance(statement, ast.Assign)
                    else statement.target
                )
                name = (
                    target.attr
                    if isinstance(target, ast.Attribute)
                    else getattr(target, "id", "")
                )
                yield QueryProperty(file, statement, name, call.func.value)

    @property
    def dynamic(self) -> dict[str, set[str]]:
        """The dynamic relationships, by name, with the classes that have them."""
        if self._dynamic is None:
            self._dynamic = {}
            for file in self.review.all_files:
                if file.source is not None and file.mentions("dynamic"):
                    for cls in file.nodes(ast.ClassDef):
                        self._find_dynamic(file, cls, self._dynamic)
        return self._dynamic

    def _find_dynamic(
        self, file: ReviewedFile, cls: ast.ClassDef, found: dict[str, set[str]]
    ) -> None:
        for statement in cls.body:
            value = getattr(statement, "value", None)
            if not (
                isinstance(value, ast.Call) and _last(value.func) in _RELATIONSHIPS
            ):
                continue
            target = (
                statement.targets[0]
                if isinstance(statement, ast.Assign)
                else getattr(statement, "target", None)
            )
            if is_dynamic(value) and isinstance(target, ast.Name):
                found.setdefault(target.id, set()).add(cls.name)
                self._targets[target.id] = _named(value.args[0]) if value.args else ""
            for keyword in value.keywords:
                if (
                    keyword.arg == "backref"
                    and isinstance(keyword.value, ast.Call)
                    and is_dynamic(keyword.value)
                    and keyword.value.args
                    and isinstance(keyword.value.args[0], ast.Constant)
                ):
                    other = value.args[0] if value.args else None
                    name = _named(other) if other is not None else ""
                    back = str(keyword.value.args[0].value)
                    found.setdefault(back, set()).add(name)
                    self._targets[back] = cls.name

    def property_of(
        self, file: ReviewedFile, node: ast.Attribute
    ) -> QueryProperty | None:
        """Return the query property that an attribute of a class is."""
        for found in self.properties:
            if found.name != node.attr or not isinstance(node.ctx, ast.Load):
                continue
            if isinstance(node.value, ast.Name) and node.value.id == "cls":
                return found
            known = kinds.known(self.review.value(file, node.value))
            if any(isinstance(atom, ClassAtom) for atom in known):
                return found
            if not known and _last(node.value)[:1].isupper():
                return found
        return None

    def is_dynamic(self, file: ReviewedFile, node: ast.Attribute) -> bool:
        """Whether an attribute of a row is a dynamic relationship."""
        owners = self.dynamic.get(node.attr)
        if owners is None or not isinstance(node.ctx, ast.Load):
            return False
        known = kinds.known(self.review.value(file, node.value))
        if known:
            return any(
                isinstance(atom, Instance)
                and any(
                    getattr(base, "name", "") in owners
                    for base in atom.cls.mro
                    if not isinstance(base, str)
                )
                for atom in known
            )
        if isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            return any(
                cls.name in owners for _, cls in self.values.lineage_of(file, node)
            )
        return not _last(node.value)[:1].isupper()

    def stands_for_query(self, file: ReviewedFile, node: ast.Attribute) -> bool:
        """Whether an attribute is a query where it stands."""
        if self.property_of(file, node) is not None:
            return True
        if not self.is_dynamic(file, node):
            return False
        parent = file.parent(node)
        return not (isinstance(parent, ast.Attribute) and parent.attr in _WRITES)

    # -- rows ------------------------------------------------------------------------

    def row_class(
        self, file: ReviewedFile, node: ast.expr, depth: int = 5
    ) -> ClassInfo | None:
        """Return the class of the rows that an expression of such a query gives."""
        if depth <= 0:
            return None
        if isinstance(node, ast.Await):
            return self.row_class(file, node.value, depth)
        if isinstance(node, ast.Name):
            return self._of_name(file, node, depth - 1)
        found = self._of_chain(file, node)
        if found is not None:
            return found
        if isinstance(node, ast.Call):
            return self._of_call(file, node, depth - 1)
        return None

    def _of_name(
        self, file: ReviewedFile, node: ast.Name, depth: int
    ) -> ClassInfo | None:
        scope = file.scope(node)
        for inner in own_nodes(scope):
            value: ast.expr | None = None
            if isinstance(inner, (ast.For, ast.comprehension)):
                if _last(inner.target) == node.id:
                    value = inner.iter
            elif isinstance(inner, ast.Assign) and len(inner.targets) == 1:
                if _last(inner.targets[0]) == node.id:
                    value = inner.value
            elif isinstance(inner, ast.NamedExpr) and inner.target.id == node.id:
                value = inner.value
            if value is not None and value is not node:
                found = self.row_class(file, value, depth)
                if found is not None:
                    return found
        return None

    def _of_chain(self, file: ReviewedFile, node: ast.expr) -> ClassInfo | None:
        inner: ast.expr = node
        while True:
            if isinstance(inner, ast.Call):
                inner = inner.func
            elif isinstance(inner, ast.Attribute):
                if self.stands_for_query(file, inner):
                    return self._entity(file, inner)
                inner = inner.value
            elif isinstance(inner, ast.Subscript):
                inner = inner.value
            else:
                return None

    def _entity(self, file: ReviewedFile, node: ast.Attribute) -> ClassInfo | None:
        if self.property_of(file, node) is not None:
            for atom in kinds.known(self.review.value(file, node.value)):
                if isinstance(atom, ClassAtom):
                    return atom.cls
            if _last(node.value) == "cls":
                for other, cls in self.values.lineage_of(file, node):
                    return self.review.class_info(other, cls)
            return None
        if node.attr not in self.dynamic:
            return None
        return self._class_named(self._targets.get(node.attr, ""))

    def _class_named(self, name: str) -> ClassInfo | None:
        for file in self.review.all_files:
            if name and file.source is not None and file.mentions(f"class {name}"):
                for _, info in self.review.classes(file):
                    if info.name == name:
                        return info
        return None

    def _of_call(
        self, file: ReviewedFile, call: ast.Call, depth: int
    ) -> ClassInfo | None:
        if isinstance(call.func, ast.Attribute):
            # A class method that gives rows of the class that it is called on.
            for atom in kinds.known(self.review.value(file, call.func.value)):
                if isinstance(atom, ClassAtom) and kinds.is_table_model(atom):
                    for other, function in self.values.callees(file, call):
                        for inner in own_nodes(function):
                            if (
                                isinstance(inner, ast.Return)
                                and inner.value is not None
                                and self.row_class(other, inner.value, depth)
                            ):
                                return atom.cls
        for other, function in self.values.callees(file, call):
            for inner in own_nodes(function):
                if isinstance(inner, ast.Return) and inner.value is not None:
                    found = self.row_class(other, inner.value, depth)
                    if found is not None:
                        return found
        return None


def is_dynamic(call: ast.Call) -> bool:
    """Whether a relationship is dynamic."""
    for keyword in call.keywords:
        if keyword.arg == "lazy" and isinstance(keyword.value, ast.Constant):
            return keyword.value.value == "dynamic"
        if keyword.arg == "sa_relationship_kwargs" and isinstance(
            keyword.value, ast.Dict
        ):
            for key, value in zip(
                keyword.value.keys, keyword.value.values, strict=True
            ):
                if isinstance(key, ast.Constant) and key.value == "lazy":
                    return isinstance(value, ast.Constant) and value.value == "dynamic"
    return False


def _named(node: ast.expr) -> str:
    """Return the class that a relationship's first argument names."""
    if isinstance(node, ast.Constant):
        return str(node.value).rpartition(".")[2]
    return _last(node)


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
