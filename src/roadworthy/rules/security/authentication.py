"""Who is let in: security dependencies, checks in handlers, middleware, limiters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from roadworthy.app.model import METHODS, Hook, Router
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.handlers import DependencyUse, Handler
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.security.words import is_secret, words
from roadworthy.values.atoms import (
    ANY,
    Atom,
    ClassAtom,
    Function,
    Instance,
    Wrapped,
)
from roadworthy.values.program import ClassInfo, FunctionInfo

REFUSALS = frozenset({401, 403})
TOO_MANY = frozenset({429})
_LOCKED_OUT = frozenset({423})
"""With this, a handler answers where too many failures have locked the account."""

_DEEPEST = 5
_MOST = 300
_STATUS_NAME = re.compile(r"(?:HTTP_?)?(\d{3})(?:_[A-Z_]+)?")
_STATUS_WORDS = {
    "UNAUTHORIZED": 401,
    "FORBIDDEN": 403,
    "LOCKED": 423,
    "TOO_MANY_REQUESTS": 429,
    "REQUEST_ENTITY_TOO_LARGE": 413,
    "CONTENT_TOO_LARGE": 413,
}
_AUTHENTICATING_WORDS = frozenset(
    {
        "auth",
        "authenticate",
        "authenticated",
        "authentication",
        "authenticator",
        "authorize",
        "authorized",
        "authorization",
        "unauthorized",
        "login",
        "jwt",
        "oauth",
        "oauth2",
        "permission",
        "permissions",
        "credentials",
        "apikey",
    }
)
_LIMITING_WORDS = frozenset(
    {"limit", "limits", "limiter", "ratelimit", "ratelimiter", "throttle", "throttling"}
)
_ROUTE_DECORATORS = frozenset({*METHODS, "api_route", "websocket", "route"})
_ADMINISTRATOR = frozenset(
    {"admin", "admins", "administrator", "superuser", "superusers", "staff", "root"}
)
_ADMINISTRATOR_FIELDS = frozenset(
    {"is_admin", "is_superuser", "is_staff", "superuser", "admin", "is_root"}
)

_CATCHING = frozenset(
    {"HTTPException", "StarletteHTTPException", "Exception", "BaseException"}
)


class Guards:
    """Answers, for one review, what guards its routes; made once and shared."""

    def __init__(self, review: Review) -> None:
        self.review = review
        self._own: dict[FunctionInfo, frozenset[int]] = {}
        self._all: dict[FunctionInfo, frozenset[int]] = {}
        self._uses: dict[DependencyUse, bool] = {}
        self._hooks: dict[tuple[Router, bool], bool] = {}

    # -- status codes ------------------------------------------------------------------

    def statuses(self, function: FunctionInfo) -> frozenset[int]:
        """Return the status codes with which a function, or what it calls, answers."""
        known = self._all.get(function)
        if known is None:
            found: set[int] = set()
            level = [function]
            seen = {function}
            for _ in range(_DEEPEST):
                following: list[FunctionInfo] = []
                for each in level:
                    found |= self._statuses_of(each)
                    swallowed = self._swallowed(each)
                    for callee in self.review.called(each):
                        if callee.code.name in swallowed:
                            continue
                        if callee not in seen and len(seen) < _MOST:
                            seen.add(callee)
                            following.append(callee)
                level = following
            known = self._all[function] = frozenset(found)
        return known

    def _swallowed(self, function: FunctionInfo) -> frozenset[str]:
        """Return the names of functions whose refusal a function keeps to itself.

        `try: user = await current_user(...)` with `except HTTPException: user = None`
        asks who it is and lets everyone in.
        """
        node = self.review.node_of(function)
        if node is None:
            return frozenset()
        inside = {
            part
            for attempt in own_nodes(node)
            if isinstance(attempt, ast.Try) and _keeps_refusals(attempt)
            for statement in attempt.body
            for part in ast.walk(statement)
        }
        kept: set[str] = set()
        told: set[str] = set()
        for part in own_nodes(node):
            if isinstance(part, ast.Call):
                name = getattr(part.func, "attr", getattr(part.func, "id", ""))
                (kept if part in inside else told).add(name)
        return frozenset(kept - told)

    def _statuses_of(self, function: FunctionInfo) -> frozenset[int]:
        known = self._own.get(function)
        if known is None:
            known = self._own[function] = frozenset(self._codes_in(function))
        return known

    def _codes_in(self, function: FunctionInfo) -> Iterator[int]:
        node = self.review.node_of(function)
        file = self.review.file_of(function.module)
        if node is None or file is None:
            return
        if _takes_credential(node) and any(
            isinstance(part, ast.Raise) for part in own_nodes(node)
        ):
            yield 401  # whatever it answers, it asks for a credential
        for part in own_nodes(node):
            if isinstance(part, ast.Raise) and part.exc is not None:
                raised = part.exc
                if isinstance(raised, ast.Call):
                    yield from _codes((*raised.args, *_keywords(raised)))
                    raised = raised.func
                elif isinstance(raised, ast.Name):
                    yield from _codes_of_constant(file, raised.id)
                for atom in self.review.static(file, raised) or ():
                    if isinstance(atom, ClassAtom):
                        yield from self._codes_of_class(atom.cls)
                    yield from _named_codes(kinds.path_of(atom) or "")
            elif isinstance(part, ast.Call):
                given = [k.value for k in part.keywords if k.arg == "status_code"]
                yield from _codes(given)
                if not given and part.args:
                    yield from _codes(part.args[:2])

    def _codes_of_class(self, cls: ClassInfo) -> Iterator[int]:
        for base in cls.mro:
            if isinstance(base, ClassInfo):
                node = self.review.class_node(base)
                if node is not None:
                    yield from _codes(part for part in walk(node, ast.expr))
                yield from _named_codes(base.name)

    # -- dependencies ------------------------------------------------------------------

    def is_authenticating(self, use: DependencyUse) -> bool:
        """Whether a dependency is, or may be, one that lets only some clients in."""
        known = self._uses.get(use)
        if known is None:
            known = self._uses[use] = self._authenticates(use)
        return known

    def _authenticates(self, use: DependencyUse) -> bool:
        if use.is_security or not kinds.known(use.target):
            return True
        if any(_is_scheme(atom) for atom in use.target):
            return True
        for function in use.functions:
            if not REFUSALS.isdisjoint(self.statuses(function.function)):
                return True
            if self.review.node_of(function.function) is None and _speaks_of(
                function.function.qualified_name, _AUTHENTICATING_WORDS
            ):
                return True
        return any(
            not isinstance(atom, (Function, ClassAtom, Instance))
            and "RequestForm" not in name
            and _speaks_of(name, _AUTHENTICATING_WORDS)
            for atom in use.target
            for name in self._names(atom)
        )

    def is_limiting(self, use: DependencyUse) -> bool:
        """Whether a dependency limits how often a client may come."""
        if not kinds.known(use.target):
            return True
        for function in use.functions:
            if not TOO_MANY.isdisjoint(self.statuses(function.function)):
                return True
        return any(
            _speaks_of(name, _LIMITING_WORDS)
            for atom in use.target
            for name in self._names(atom)
        )

    def is_administrators(self, handler: Handler) -> bool:
        """Whether a route is for administrators only, by its dependencies or path."""
        if not _ADMINISTRATOR.isdisjoint(words(handler.path)):
            return True
        for use in self.review.dependencies(handler):
            for function in use.functions:
                if self._checks_administrator(function.function):
                    return True
            for atom in use.target:
                if isinstance(atom, Instance):
                    texts = (str(part) for part in atom.key)
                    if any(_speaks_of(text, _ADMINISTRATOR) for text in texts):
                        return True
                if any(_speaks_of(name, _ADMINISTRATOR) for name in self._names(atom)):
                    return True
            if any(_speaks_of(scope, _ADMINISTRATOR) for scope in use.scopes):
                return True
        return self._checks_administrator(handler.function)

    def _checks_administrator(self, function: FunctionInfo) -> bool:
        node = self.review.node_of(function)
        if node is None or REFUSALS.isdisjoint(self.statuses(function)):
            return False
        for part in own_nodes(node):
            if isinstance(part, ast.Attribute):
                if part.attr in _ADMINISTRATOR_FIELDS:
                    return True
            elif isinstance(part, ast.Compare):
                for side in (part.left, *part.comparators):
                    for constant in walk(side):
                        if (
                            isinstance(constant, ast.Constant)
                            and isinstance(constant.value, str)
                            and constant.value.lower() in _ADMINISTRATOR
                        ) or (
                            isinstance(constant, ast.Attribute)
                            and constant.attr.lower() in _ADMINISTRATOR
                        ):
                            return True
        return False

    def _names(self, atom: Atom) -> Iterator[str]:
        yield from self.review.names_of(atom)
        if isinstance(atom, (Instance, ClassAtom)):
            yield from kinds.lineage(atom)
        elif isinstance(atom, Wrapped):
            for part in atom.value:
                yield from self._names(part)

    # -- routes ------------------------------------------------------------------------

    def is_authenticated(self, handler: Handler) -> bool:
        """Whether every route of a handler is guarded by a dependency or middleware."""
        return all(
            any(self.is_authenticating(use) for use in self.review.dependencies(route))
            or any(self.has_authenticating_middleware(r) for r in route.chain)
            for route in handler.routes
        )

    def refuses(self, handler: Handler) -> bool:
        """Whether the handler itself, or what it calls, turns clients away."""
        return self._answers(handler, REFUSALS, _AUTHENTICATING_WORDS)

    def is_limited(self, handler: Handler) -> bool:
        """Whether a limiter stands before a handler, at whatever level."""
        if self.limits_itself(handler):
            return True
        return all(
            any(self.is_limiting(use) for use in self.review.dependencies(route))
            or any(self.has_limiting_middleware(r) for r in route.chain)
            for route in handler.routes
        )

    def limits_itself(self, handler: Handler) -> bool:
        """Whether a handler, or a decorator of it, limits how often clients come."""
        return self._answers(handler, TOO_MANY | _LOCKED_OUT, _LIMITING_WORDS)

    def _answers(
        self, handler: Handler, codes: frozenset[int], decorators: frozenset[str]
    ) -> bool:
        for function in {handler.function, handler.atom.function}:
            if not codes.isdisjoint(self.statuses(function)):
                return True
        for decorator in handler.node.decorator_list:
            target = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(target, ast.Attribute) and target.attr in _ROUTE_DECORATORS:
                continue
            if _speaks_of(handler.file.text(target), decorators):
                return True
            for atom in kinds.known(self.review.value(handler.file, target)):
                if any(_speaks_of(name, decorators) for name in self._names(atom)):
                    return True
        return False

    # -- middleware --------------------------------------------------------------------

    def has_authenticating_middleware(self, router: Router) -> bool:
        """Whether some middleware of an application lets only some clients in."""
        return self._has_middleware(router, True)

    def has_limiting_middleware(self, router: Router) -> bool:
        """Whether some middleware of an application limits how often clients come."""
        return self._has_middleware(router, False)

    def _has_middleware(self, router: Router, authenticating: bool) -> bool:
        key = (router, authenticating)
        known = self._hooks.get(key)
        if known is None:
            codes = REFUSALS if authenticating else TOO_MANY
            names = _AUTHENTICATING_WORDS if authenticating else _LIMITING_WORDS
            known = self._hooks[key] = any(
                self._hook_answers(hook, codes, names)
                for hook in router.hooks
                if hook.kind in ("middleware", "middleware class")
            )
        return known

    def _hook_answers(
        self, hook: Hook, codes: frozenset[int], names: frozenset[str]
    ) -> bool:
        for atom in hook.target:
            if atom is ANY:
                continue
            if any(
                not codes.isdisjoint(self.statuses(function))
                for function in functions_of_hook(atom)
            ):
                return True
            if any(
                _speaks_of(name.rpartition(".")[2], names) for name in self._names(atom)
            ):
                return True
        return False


def guards(review: Review) -> Guards:
    """Return the guards of a review; they are worked out once."""
    return review.once(Guards)


def functions_of_hook(atom: Atom) -> Iterator[FunctionInfo]:
    """Yield the functions that run for a middleware or exception handler."""
    if isinstance(atom, Function):
        yield atom.function
    elif isinstance(atom, (ClassAtom, Instance)):
        for name in ("dispatch", "__call__", "on_request"):
            found = atom.cls.find(name)
            for method in found[1] if found else ():
                if isinstance(method, Function):
                    yield method.function
    elif isinstance(atom, Wrapped):
        for part in atom.value:
            yield from functions_of_hook(part)


def _takes_credential(node: FunctionNode) -> bool:
    """Whether a parameter is a header or cookie that is named for a credential."""
    arguments = node.args
    plain = [*arguments.posonlyargs, *arguments.args]
    missing = [None] * (len(plain) - len(arguments.defaults))
    pairs = [
        *zip(plain, [*missing, *arguments.defaults], strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return any(
        is_secret(argument.arg)
        and any(
            isinstance(part, ast.Name) and part.id in ("Header", "Cookie")
            for source in (argument.annotation, default)
            if source is not None
            for part in walk(source)
        )
        for argument, default in pairs
    )


def _keeps_refusals(attempt: ast.Try) -> bool:
    """Whether what a request is refused with inside is caught and not passed on."""
    for handler in attempt.handlers:
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else None
        names = {
            getattr(part, "attr", getattr(part, "id", ""))
            for part in (caught if caught is not None else [handler.type])
            if part is not None
        }
        if handler.type is None or not names.isdisjoint(_CATCHING):
            return not any(isinstance(part, ast.Raise) for part in ast.walk(handler))
    return False


def _is_scheme(atom: Atom) -> bool:
    return any(
        name.startswith("fastapi.security.") for name in kinds.lineage(atom)
    ) and (not any("RequestForm" in name for name in kinds.lineage(atom)))


def _speaks_of(name: str, wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(words(name))


def _codes_of_constant(file: ReviewedFile, name: str) -> Iterator[int]:
    """Yield the status of an exception that a module makes once: `raise REFUSED`."""
    for statement in file.tree.body:
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Call)
            and any(isinstance(t, ast.Name) and t.id == name for t in statement.targets)
        ):
            made = statement.value
            yield from _codes((*made.args, *_keywords(made)))


def _keywords(call: ast.Call) -> tuple[ast.expr, ...]:
    return tuple(keyword.value for keyword in call.keywords)


def _codes(nodes: Iterable[ast.expr]) -> Iterator[int]:
    for node in nodes:
        if isinstance(node, ast.Constant):
            if isinstance(node.value, int) and 400 <= node.value < 600:
                yield node.value
        elif isinstance(node, (ast.Attribute, ast.Name)):
            name = node.attr if isinstance(node, ast.Attribute) else node.id
            match = _STATUS_NAME.fullmatch(name)
            if match is not None:
                yield int(match[1])
            elif name in _STATUS_WORDS:
                yield _STATUS_WORDS[name]
        elif isinstance(node, ast.IfExp):
            yield from _codes((node.body, node.orelse))


def _named_codes(name: str) -> Iterator[int]:
    parts = words(name.rpartition(".")[2])
    if not {"unauthorized", "unauthenticated", "credentials"}.isdisjoint(parts):
        yield 401
    if not {"forbidden", "permission"}.isdisjoint(parts):
        yield 403
    if "ratelimit" in parts or ("rate" in parts and "limit" in parts):
        yield 429
