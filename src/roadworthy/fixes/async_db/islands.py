"""Writes synchronous code that asks the asynchronous session, and how it is run.

Such code runs in `AsyncSession.run_sync`: in there SQLAlchemy awaits for it. It asks the
session's synchronous side, and awaits asynchronous functions by `await_only`.
"""

from __future__ import annotations

import ast

from roadworthy.fixes.async_db.operations import Colouring, Operation, last
from roadworthy.fixes.async_db.patch import Patch
from roadworthy.fixes.async_db.queries import Chain
from roadworthy.fixes.async_db.values import Values, bindings, parameters
from roadworthy.rules.files import FunctionNode, ReviewedFile

_SIDES = {"session": "sync_session", "connection": "sync_connection"}
_UTIL = "from sqlalchemy.util import "


class Islands:
    """Tells what is in synchronous code, and writes it."""

    def __init__(self, values: Values, colouring: Colouring) -> None:
        self.values = values
        self.colouring = colouring
        self._entering = {
            operation.node
            for operations in colouring.operations.values()
            for operation in operations
            if operation.what == "enter"
        }

    def is_inside(self, file: ReviewedFile, node: ast.AST) -> bool:
        """Whether a node is run by `run_sync`."""
        scope = file.scope(node)
        while isinstance(scope, ast.Lambda) and scope not in self.colouring.islands:
            scope = file.scope(scope)
        if scope in self.colouring.islands:
            return True
        for around in file.ancestors(node):
            if around is scope:
                return False
            if around in self._entering:
                return True
        return False

    def write(self, patch: Patch, operation: Operation) -> None:
        """Write an operation that stands in synchronous code."""
        file, node = operation.file, operation.node
        if operation.what in ("chain", "run sync"):
            self.chain(patch, self.colouring.chains[node])
        elif operation.what in ("call", "bulk", "with"):
            assert isinstance(node, ast.Call)
            if isinstance(node.func, ast.Attribute):
                self._side(patch, file, node.func.value, node)
        elif operation.what == "function":
            patch.wrap(node, "await_only(", ")")
            patch.need(_UTIL + "await_only")

    def chain(self, patch: Patch, chain: Chain) -> None:
        """Have a query ask the synchronous side; it stays as it is."""
        root = chain.root
        if chain.is_query and isinstance(root, ast.Call):
            assert isinstance(root.func, ast.Attribute)
            self._side(patch, chain.file, root.func.value, None)

    def _side(
        self,
        patch: Patch,
        file: ReviewedFile,
        session: ast.expr,
        call: ast.Call | None,
    ) -> None:
        if self._is_synchronous(file, session):
            return
        kind = self.values.kind(file, session)
        if kind == "registry":
            if isinstance(session, ast.Name) and call is not None:
                patch.wrap(call, "await_only(", ")")
                patch.need(_UTIL + "await_only")
            else:
                patch.wrap(session, "", "().sync_session")
        elif kind in _SIDES:
            patch.wrap(session, "", f".{_SIDES[kind]}")

    def _is_synchronous(self, file: ReviewedFile, session: ast.expr) -> bool:
        """Whether an expression is the synchronous session of an object."""
        if isinstance(session, ast.Name):
            return any(
                self._is_synchronous(file, value)
                for value in bindings(file, file.scope(session), session.id)
            )
        return isinstance(session, ast.Call) and last(session.func) == "object_session"

    def hand_over(self, patch: Patch, file: ReviewedFile, session: ast.expr) -> None:
        """Give a library the synchronous side of a session."""
        self._side(patch, file, session, None)

    def enter(self, patch: Patch, file: ReviewedFile, node: ast.expr) -> None:
        """Run an expression by `run_sync` of the session that is at hand."""
        parent = file.parent(node)
        tight = (
            isinstance(parent, (ast.Attribute, ast.Subscript)) and parent.value is node
        ) or (isinstance(parent, ast.Call) and parent.func is node)
        session = self.session(file, node)
        if session:
            before = f"await {session}.run_sync(lambda _: "
        else:
            before = "await greenlet_spawn(lambda: "
            patch.need(_UTIL + "greenlet_spawn")
        patch.wrap(node, f"({before}" if tight else before, "))" if tight else ")")

    def session(self, file: ReviewedFile, node: ast.AST) -> str:
        """Return the name of the asynchronous session at a place; empty for none."""
        function = file.function_of(node)
        if function is None:
            return ""
        for around in file.ancestors(node):
            if around is function:
                break
            if isinstance(around, (ast.With, ast.AsyncWith)):
                for item in around.items:
                    name = item.optional_vars
                    if isinstance(name, ast.Name) and (
                        self.values.kind(file, item.context_expr) == "session"
                    ):
                        return name.id
        return self._of_function(file, function)

    def _of_function(self, file: ReviewedFile, function: FunctionNode) -> str:
        for argument, _ in parameters(function):
            if self.values.bound(file, function, argument.arg) == "session":
                return argument.arg
        if not isinstance(file.parent(function), ast.ClassDef):
            return ""
        for other, cls in self.values.lineage_of(file, function):
            for inner in ast.walk(cls):
                if (
                    isinstance(inner, ast.Attribute)
                    and isinstance(inner.value, ast.Name)
                    and inner.value.id == "self"
                    and self.values.kind(other, inner) == "session"
                ):
                    return f"self.{inner.attr}"
        return ""
