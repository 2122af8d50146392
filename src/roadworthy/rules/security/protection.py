"""Which errors are caught: around a call, in its callers, by the application."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import Router
from roadworthy.rules import kinds
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.authentication import functions_of_hook
from roadworthy.rules.security.error_handlers import registrations
from roadworthy.rules.security.tracing import tracer
from roadworthy.values.atoms import ClassAtom, Function
from roadworthy.values.program import FunctionInfo

BROAD = frozenset({"Exception", "BaseException"})
_DEEPEST = 12


class Protection:
    """Answers whether errors of some library are caught on every way from a route."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self._registered: dict[Router, frozenset[str]] = {}
        self._catching: dict[Router, bool] = {}
        self._sites: dict[tuple[FunctionInfo, FunctionInfo], tuple[ast.Call, ...]] = {}

    def unprotected(
        self,
        file: ReviewedFile,
        info: FunctionInfo,
        node: ast.AST,
        prefixes: tuple[str, ...],
        broad: bool = True,
    ) -> Handler | None:
        """Return a handler from which a call is reached with nothing to catch its errors.

        None where every known way has a `try`, or the application has a handler.
        """
        return self._unprotected(file, info, node, prefixes, set(), 0)

    def _unprotected(
        self,
        file: ReviewedFile,
        info: FunctionInfo,
        node: ast.AST,
        prefixes: tuple[str, ...],
        seen: set[FunctionInfo],
        depth: int,
    ) -> Handler | None:
        if self.is_caught(file, node, prefixes) or depth > _DEEPEST or info in seen:
            return None
        seen.add(info)
        handler = self.review.handler_of(info)
        if handler is None and tracer(self.review).injected(info) is not None:
            handler = tracer(self.review).handler_at(info)
        if handler is not None:
            return None if self.is_handled(handler, prefixes) else handler
        for caller in self.review.callers(info):
            caller_file = self.review.file_of(caller.module)
            if caller_file is None:
                continue
            for call in self._calls(caller_file, caller, info):
                found = self._unprotected(
                    caller_file, caller, call, prefixes, seen, depth + 1
                )
                if found is not None:
                    return found
        return None

    def _calls(
        self, file: ReviewedFile, caller: FunctionInfo, callee: FunctionInfo
    ) -> tuple[ast.Call, ...]:
        key = (caller, callee)
        known = self._sites.get(key)
        if known is None:
            node = self.review.node_of(caller)
            found: dict[ast.Call, None] = {}
            if node is not None:
                for call, _ in tracer(self.review).calls_of(file, node, callee):
                    # A call that a thread makes (`to_thread(f, x)`) stands nowhere: it
                    # is caught where it is handed over.
                    around = file.parent(call.func)
                    found[around if isinstance(around, ast.Call) else call] = None
            known = self._sites[key] = tuple(found)
        return known

    # -- try statements ----------------------------------------------------------------

    def is_caught(
        self, file: ReviewedFile, node: ast.AST, prefixes: tuple[str, ...]
    ) -> bool:
        """Whether a `try` (or `suppress`) in the same function catches the errors."""
        child = node
        for parent in file.ancestors(node):
            if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return False
            if isinstance(parent, ast.Try) or type(parent).__name__ == "TryStar":
                body = getattr(parent, "body", [])
                if any(each is child for each in body) and any(
                    self._catches(file, handler, prefixes)
                    for handler in getattr(parent, "handlers", [])
                ):
                    return True
            elif isinstance(parent, (ast.With, ast.AsyncWith)):
                for item in parent.items:
                    entered = item.context_expr
                    if isinstance(entered, ast.Call) and (
                        any(
                            name.endswith(".suppress")
                            for name in self.review.static_names(file, entered)
                        )
                        or self._is_catching_context(file, entered, prefixes)
                    ):
                        return True
            child = parent
        return False

    def _is_catching_context(
        self, file: ReviewedFile, call: ast.Call, prefixes: tuple[str, ...]
    ) -> bool:
        """Whether a context manager of the project translates errors of its block."""
        for atom in self.review.callees(file, call):
            if isinstance(atom, ClassAtom):
                for name in ("__aexit__", "__exit__"):
                    found = atom.cls.find(name)
                    for method in found[1] if found else ():
                        node = (
                            self.review.node_of(method.function)
                            if isinstance(method, Function)
                            else None
                        )
                        if node is not None and any(
                            isinstance(part, ast.Raise) for part in own_nodes(node)
                        ):
                            return True
            for function in functions_of_hook(atom):
                if self._catching_dependency(function, prefixes):
                    return True
        return False

    def _catches(
        self, file: ReviewedFile, handler: ast.ExceptHandler, prefixes: tuple[str, ...]
    ) -> bool:
        return handler.type is None or any(
            covers(name, prefixes) for name in self.names(file, handler.type)
        )

    def names(self, file: ReviewedFile, node: ast.expr) -> set[str]:
        """Return the dotted names of the exception classes that an `except` names."""
        if isinstance(node, (ast.Tuple, ast.List)):
            return {name for each in node.elts for name in self.names(file, each)}
        if isinstance(node, ast.Name) and node.id in BROAD:
            return {f"builtins.{node.id}"}
        found: set[str] = set()
        static = self.review.static(file, node)
        value = static if static is not None else self.review.value(file, node)
        for atom in kinds.known(value):
            if isinstance(atom, ClassAtom):
                # Not what it inherits from: to catch an error of the project's own
                # catches no other `Exception`.
                found.add(kinds.lineage(atom)[0])
            else:
                path = kinds.path_of(atom)
                if path is not None:
                    found.add(path)
                elif kinds.is_container(atom):
                    found.update(
                        name
                        for item in getattr(atom, "items", None) or ()
                        for part in item
                        for name in kinds.lineage(part)[:1]
                    )
        if not found:
            found.add("builtins.Exception")  # not known: it may be anything
        return found

    # -- the application ---------------------------------------------------------------

    def is_handled(self, handler: Handler, prefixes: tuple[str, ...]) -> bool:
        """Whether the application answers such errors of a route by itself."""
        return all(
            any(
                self._has_handler(router, prefixes) or self._has_catching(router)
                for router in route.chain
            )
            or any(
                self._catching_dependency(function.function, prefixes)
                for use in self.review.dependencies(route)
                for function in use.functions
            )
            for route in handler.routes
        )

    def _has_handler(self, router: Router, prefixes: tuple[str, ...]) -> bool:
        return any(covers(name, prefixes) for name in self.registered(router))

    def registered(self, router: Router) -> frozenset[str]:
        """Return what the application's exception handlers are registered for."""
        if not router.is_application:
            return frozenset()
        known = self._registered.get(router)
        if known is None:
            known = self._registered[router] = frozenset(self._find_registered())
        return known

    def _find_registered(self) -> Iterator[str]:
        for file in self.review.files:
            for given, _ in registrations(file):
                if given is not None:
                    yield from self._registered_for(file, given)
                else:
                    yield "builtins.Exception"  # not known: it may be anything

    def _registered_for(self, file: ReviewedFile, node: ast.expr) -> Iterator[str]:
        if kinds.constants(self.review.value(file, node)) == [500]:
            yield "builtins.Exception"
        elif not isinstance(node, ast.Constant):
            yield from self.names(file, node)

    def _has_catching(self, router: Router) -> bool:
        """Whether a middleware catches whatever a route raises."""
        known = self._catching.get(router)
        if known is None:
            known = self._catching[router] = any(
                self._catches_all(function)
                for hook in router.hooks
                if hook.kind in ("middleware", "middleware class")
                for atom in hook.target
                for function in functions_of_hook(atom)
            )
        return known

    def _catches_all(self, function: FunctionInfo) -> bool:
        node = self.review.node_of(function)
        if node is None:
            return False
        for part in own_nodes(node):
            if isinstance(part, ast.Try) and any(
                isinstance(inner, ast.Await)
                for statement in part.body
                for inner in walk(statement)
            ):
                for handler in part.handlers:
                    if _is_broad(handler) and not _raises_again(handler):
                        return True
        return False

    def _catching_dependency(
        self, function: FunctionInfo, prefixes: tuple[str, ...]
    ) -> bool:
        """Whether a dependency (or a context manager) catches errors around its `yield`."""
        node = self.review.node_of(function)
        file = self.review.file_of(function.module)
        if node is None or file is None:
            return False
        for part in own_nodes(node):
            if isinstance(part, ast.Yield) and self.is_caught(file, part, prefixes):
                return not all(
                    _raises_again(handler)
                    for parent in file.ancestors(part)
                    if isinstance(parent, ast.Try)
                    for handler in parent.handlers
                )
        return False


def protection(review: Review) -> Protection:
    """Return the protection of a review; what it learns is shared."""
    return review.once(Protection)


def covers(name: str, prefixes: tuple[str, ...]) -> bool:
    """Whether catching an exception of this name catches errors of the libraries."""
    return (
        name.rpartition(".")[2] in BROAD and name.startswith("builtins.")
    ) or name.startswith(prefixes)


def _is_broad(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(isinstance(each, ast.Name) and each.id in BROAD for each in named)


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether an `except` block does no more than raise the same error again."""
    return any(
        isinstance(statement, ast.Raise)
        and (
            statement.exc is None
            or (
                isinstance(statement.exc, ast.Name) and statement.exc.id == handler.name
            )
        )
        for statement in handler.body
    )
