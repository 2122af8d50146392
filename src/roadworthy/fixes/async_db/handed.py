"""Sessions and engines that are handed to libraries, which ask them synchronously."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.fixes.async_db.values import Values
from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile
from roadworthy.values.atoms import ClassAtom

_HARMLESS = frozenset(
    {
        "builtins",
        "typing",
        "functools",
        "contextlib",
        "contextvars",
        "dataclasses",
        "collections",
        "logging",
        "inspect",
        "types",
        "weakref",
        "copy",
        "unittest",
        "pytest",
        "asyncio",
        "anyio",
        "concurrent",
        "threading",
        "fastapi",
        "starlette",
        "sqlalchemy",
        "sqlmodel",
        "sqladmin",
        "pydantic",
    }
)
"""Packages that only hold what they are given, or know asynchronous engines."""
_REFLECTING = frozenset({"inspect", "Table", "prepare"})
"""SQLAlchemy's functions that ask an engine which they are given."""
_INSTRUMENTING = frozenset({"instrument", "instrument_engine"})
_OF_SESSION = frozenset({"bind", "get_bind", "connection"})


class Handed:
    """Finds what a project hands to libraries."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.review = values.review

    def engines(self, file: ReviewedFile) -> Iterator[ast.expr]:
        """Yield engines and factories that a library asks for synchronous connections."""
        for call in file.nodes(ast.Call):
            given = [
                node
                for node in _arguments(call)
                if isinstance(node, (ast.Name, ast.Attribute))
                and self.values.kind(file, node) in ("engine", "factory", "registry")
                and self._session(file, node) is None
            ]
            if given and (
                self._is_reflecting(file, call) or self._is_library(file, call)
            ):
                if _last(call.func) not in _INSTRUMENTING:
                    yield from given

    def instrumented(self, file: ReviewedFile) -> Iterator[ast.expr]:
        """Yield engines whose events a library listens to."""
        for call in file.nodes(ast.Call):
            if _last(call.func) in _INSTRUMENTING:
                for node in _arguments(call):
                    if self.values.kind(file, node) == "engine":
                        yield node

    def sessions(
        self, file: ReviewedFile
    ) -> Iterator[tuple[ast.Call, tuple[ast.expr, ...]]]:
        """Yield calls of libraries, and the sessions and connections that they ask."""
        for call in file.nodes(ast.Call):
            given = tuple(
                session
                for node in _arguments(call)
                if (session := self._session(file, node)) is not None
            )
            queries = any(
                self.values.kind(file, node) == "query" for node in _arguments(call)
            )
            if (given or queries) and (
                self._is_library(file, call)
                or (given and self._is_reflecting(file, call))
            ):
                yield call, given

    def factories(self, file: ReviewedFile) -> Iterator[ast.Call]:
        """Yield calls of factory_boy's factories, which store what they make."""
        if not file.mentions("Factory"):
            return
        for call in file.nodes(ast.Call):
            made: ast.expr = call.func
            if isinstance(made, ast.Attribute) and made.attr.startswith("create"):
                made = made.value
            if self._is_factory(file, made):
                yield call

    def factory_sessions(self, file: ReviewedFile) -> Iterator[ast.expr]:
        """Yield the sessions that factories are given."""
        for statement in file.nodes(ast.Assign):
            for target in statement.targets:
                name = (
                    target.attr if isinstance(target, ast.Attribute) else _last(target)
                )
                if name == "sqlalchemy_session" and self.values.kind(
                    file, statement.value
                ) in ("session", "registry"):
                    yield statement.value

    def _is_factory(self, file: ReviewedFile, node: ast.expr) -> bool:
        return any(
            isinstance(atom, ClassAtom)
            and any(
                name.endswith("SQLAlchemyModelFactory")
                for name in kinds.class_lineage(atom.cls)
            )
            for atom in kinds.known(self.review.value(file, node))
        )

    def _session(self, file: ReviewedFile, node: ast.expr) -> ast.expr | None:
        """Return the session that an argument is, or is taken from."""
        if self.values.kind(file, node) in ("session", "connection") and not isinstance(
            node, ast.Call
        ):
            return node
        inner = node.func if isinstance(node, ast.Call) else node
        if isinstance(inner, ast.Attribute) and inner.attr in _OF_SESSION:
            if self.values.kind(file, inner.value) == "session":
                return inner.value
        return None

    def _is_reflecting(self, file: ReviewedFile, call: ast.Call) -> bool:
        if _last(call.func) not in _REFLECTING:
            return False
        names = self.values.names(file, call)
        return any(name.startswith("sqlalchemy.") for name in names)

    def _is_library(self, file: ReviewedFile, call: ast.Call) -> bool:
        """Whether a library's function is called that is known to be one."""
        if self.values.callees(file, call):
            return False
        if any(
            isinstance(atom, ClassAtom) and not atom.cls.module.is_library
            for atom in self.review.callees(file, call)
        ):
            return False
        names = self.values.names(file, call)
        return bool(names) and all(
            "." in name and name.partition(".")[0] not in _HARMLESS for name in names
        )


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    yield from call.args
    yield from (keyword.value for keyword in call.keywords)


def _last(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
