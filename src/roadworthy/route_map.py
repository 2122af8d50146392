"""The map of a service: each route with what it takes, who may come, what blocks it."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roadworthy.app.framework import text_of
from roadworthy.app.model import METHODS, LoopEntry, Route, Router
from roadworthy.findings import Severity
from roadworthy.rules import kinds, library_names
from roadworthy.rules.event_loop.reach import Reach
from roadworthy.rules.handlers import DependencyUse, Handler, HandlerParameter
from roadworthy.rules.review import Review
from roadworthy.rules.schemas import shapes
from roadworthy.rules.security.authentication import TOO_MANY, Guards, guards
from roadworthy.rules.security.words import words
from roadworthy.rules.testing.suite import suite_of
from roadworthy.rules.type_names import is_none, text_of_types
from roadworthy.values.atoms import Atom, ClassAtom, Function, Instance, Mapping
from roadworthy.values.program import FunctionInfo

_ROUTES = frozenset({*METHODS, "api_route", "websocket", "route"})
_BODIES = ("body", "form", "file")
_LIMITING = frozenset(
    {"limit", "limits", "limiter", "limited", "ratelimit", "throttle", "throttled"}
)
_REFUSING = frozenset(
    {"auth", "authenticate", "authenticated", "authorize", "authorized", "require"}
    | {"requires", "required", "login", "permission", "permissions", "role", "roles"}
)
_INSIDE = "in the handler"
_PAGE_SIZES = frozenset({"limit", "page_size", "per_page"})
_DATABASE = (
    library_names.SYNC_SESSIONS
    | library_names.ASYNC_SESSIONS
    | library_names.CONNECTIONS
)
_SCHEMES = "fastapi.security."
_SCHEME_CLASSES = ("OAuth2", "HTTP", "APIKey", "OpenId")
"""How the names begin of what is a scheme there, not a form or a token."""


@dataclass(frozen=True, slots=True)
class Blocking:
    """A call that blocks the event loop while a route is served."""

    rule: str
    severity: Severity
    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class RouteTest:
    """A place in the tests that requests a route; `test` is the function it is in."""

    path: str
    line: int
    test: str


@dataclass(frozen=True, slots=True)
class MappedRoute:
    """A route of an application, as far as its code tells."""

    methods: tuple[str, ...]
    """In capitals; none for a websocket, and none for a route that takes every method."""
    path: str
    """With the prefixes of all routers and mounts above it."""
    kind: str
    """``route`` or ``websocket``."""
    application: str
    """Where the application is made that serves it: path and line."""
    handler: str
    """Dotted name of the function; "" where it is not known."""
    file: str
    line: int
    """Where the route is declared."""
    is_async: bool | None
    """Whether the handler runs on the event loop; None where it is not known."""
    request: tuple[str, ...]
    """Parameters read from the body, as `name: type`."""
    response: str
    """The response schema; "" for none, `None` for a response without a body."""
    schemes: tuple[str, ...]
    """Security schemes of FastAPI, by class."""
    scopes: tuple[str, ...]
    guards: tuple[str, ...]
    """Dependencies that let only some clients in, the schemes' own apart."""
    limits: tuple[str, ...]
    """What limits how often a client may come."""
    sessions: tuple[str, ...]
    """Classes of the database sessions and connections that it is given."""
    blocking: tuple[Blocking, ...]
    tests: tuple[RouteTest, ...]


def route_map(review: Review) -> tuple[MappedRoute, ...]:
    """Return the routes of a project's applications, in the order they are matched."""
    return tuple(_Map(review).routes())


class _Map:
    def __init__(self, review: Review) -> None:
        self.review = review
        self._guards: Guards = guards(review)
        self._sources = review.sources
        self._handlers: dict[Route, Handler] = {}
        for handler in review.handlers():
            for route in handler.routes:
                self._handlers.setdefault(route, handler)
        self._entries: dict[FunctionInfo, list[LoopEntry]] = {}
        self._labels: dict[str, list[LoopEntry]] = {}
        for entry in review.application.entries:
            self._entries.setdefault(entry.function, []).append(entry)
            self._labels.setdefault(entry.label, []).append(entry)
        self._reach = Reach(
            review.evaluator, review.sources, review.application.entries
        )
        self._blocking_of: dict[int, tuple[Blocking, ...]] = {}
        self._tests = self._requests()

    def routes(self) -> Iterator[MappedRoute]:
        applications = set(self.review.applications)
        mounted = {
            inclusion.child
            for router in self.review.application.routers
            for inclusion in router.inclusions
            if inclusion.mounted
        }
        alternatives = _alternatives(self.review)
        told: set[tuple[object, ...]] = set()
        for route in self.review.routes:
            names = alternatives.get(route.chain[0])
            if names is not None:
                # Of `app = FastAPI(debug=True) if debug else FastAPI()` one serves.
                place = route.declaration.place
                key = (names, route.label, place.module, place.packed)
                if key in told:
                    continue
                told.add(key)
            if route.chain[0] in mounted:
                continue  # It is there as part of what it is mounted on.
            if route.application.is_application:
                if route.application not in applications:
                    continue
            elif route not in self._handlers:
                continue
            if self._is_library_glue(route):
                continue
            yield self._route(route)

    def _is_library_glue(self, route: Route) -> bool:
        """Whether a library adds a route anew that the project declares: class views."""
        return route.declaration.place.module.is_library and not any(
            isinstance(atom, Function) for atom in route.handler
        )

    def _route(self, route: Route) -> MappedRoute:
        handler = self._handlers.get(route)
        functions = self._functions(route, handler)
        uses = self.review.dependencies(route)
        place = route.declaration.place
        return MappedRoute(
            methods=route.methods,
            path=route.path or "/",
            kind=route.declaration.kind,
            application=self._application(route),
            handler=functions[0].qualified_name if functions else "",
            file=self._sources.relative(place.module.path),
            line=place.position.line,
            is_async=any(f.code.is_async for f in functions) if functions else None,
            request=_once(self._request(handler)),
            response=self._response(handler),
            schemes=_once(name for use in uses for name in _schemes(use)),
            scopes=_once(scope for use in uses for scope in use.scopes),
            guards=_once(self._guarding(route, handler, uses)),
            limits=_once(self._limits(route, handler, uses)),
            sessions=_once(self._sessions(handler, uses)),
            blocking=self._blocking(route, functions, uses),
            tests=tuple(self._tests.get(route, ())),
        )

    def _application(self, route: Route) -> str:
        place = route.chain[0].place
        return f"{self._sources.relative(place.module.path)}:{place.position.line}"

    def _functions(self, route: Route, handler: Handler | None) -> list[FunctionInfo]:
        if handler is not None:
            found = [handler.function, handler.atom.function]
        else:
            found = [a.function for a in route.handler if isinstance(a, Function)]
        return list(dict.fromkeys(found))

    # -- what goes in and out ----------------------------------------------------------

    def _request(self, handler: Handler | None) -> Iterator[str]:
        if handler is None:
            return
        for parameter in self._parameters(handler):
            if parameter.kind in _BODIES:
                text = text_of_types(parameter.types)
                name = _sent_as(parameter)
                yield f"{name}: {text}" if text else name
        for use in self.review.dependencies(handler):
            for atom in use.target:
                if "RequestForm" in (name := _name(atom)):
                    yield f"{use.parameter}: {name}"

    def _parameters(self, handler: Handler) -> Iterator[HandlerParameter]:
        """Yield the handler's parameters, and those of what it depends on."""
        yield from self.review.parameters(handler)
        for use in self.review.dependencies(handler):
            for function in use.functions:
                if self.review.node_of(function.function) is not None:
                    yield from self.review.parameters_of(function, handler.path)

    def _response(self, handler: Handler | None) -> str:
        if handler is None or handler.is_websocket:
            return ""
        if not shapes.has_body(handler):
            return "None"
        if not shapes.answers_json(handler):
            classes = [
                *shapes.options(handler, "response_class"),
                *shapes.options(handler, "default_response_class"),
            ]
            return text_of_types(classes[0])
        types = shapes.schema_types(self.review, handler)
        if types is None:
            return ""
        if is_none(types):
            return _documented(handler) or "None"
        return text_of_types(types)

    # -- who may come ------------------------------------------------------------------

    def _guarding(
        self, route: Route, handler: Handler | None, uses: Iterable[DependencyUse]
    ) -> Iterator[str]:
        found = False
        for use in uses:
            if any(_schemes(use)):
                found = True
            elif kinds.known(use.target) and self._guards.is_authenticating(use):
                found = True
                yield from _names(use)
        if any(self._guards.has_authenticating_middleware(r) for r in route.chain):
            found = True
            yield "middleware"
        if handler is not None:
            # Middleware often says only who it is; a decorator then who may come.
            decorators = _decorators(handler, _REFUSING)
            yield from decorators
            if not (found or decorators) and self._guards.refuses(handler):
                yield _INSIDE

    def _limits(
        self, route: Route, handler: Handler | None, uses: Iterable[DependencyUse]
    ) -> Iterator[str]:
        found = False
        for use in uses:
            if (
                kinds.known(use.target)
                and self._guards.is_limiting(use)
                and not self._is_page_size(use)
            ):
                found = True
                yield from _names(use)
        if any(self._guards.has_limiting_middleware(router) for router in route.chain):
            found = True
            yield "middleware"
        if handler is not None:
            decorators = _decorators(handler, _LIMITING)
            yield from decorators
            if not (found or decorators) and self._guards.limits_itself(handler):
                yield _INSIDE

    def _is_page_size(self, use: DependencyUse) -> bool:
        """Whether the limit of a dependency is one that the client chooses itself."""
        return any(
            parameter.name in _PAGE_SIZES
            for function in use.functions
            for parameter in function.function.code.parameters
        ) and not any(
            TOO_MANY & self._guards.statuses(function.function)
            for function in use.functions
        )

    # -- the database --------------------------------------------------------------------

    def _sessions(
        self, handler: Handler | None, uses: Iterable[DependencyUse]
    ) -> Iterator[str]:
        functions = [] if handler is None else [handler.atom, handler.signature]
        for use in uses:
            functions.extend(use.functions)
            yield from _handles(use.target)
        for function in dict.fromkeys(functions):
            # What FastAPI hands in, by value; and where that is not known, by type.
            injected = self.review.framework.injected_arguments(function)
            for value in (*injected.positional, *injected.keywords.values()):
                yield from _handles(value)
            for parameter in self.review.parameters_of(function):
                yield from _handles(parameter.plain_types)

    # -- the event loop ------------------------------------------------------------------

    def _blocking(
        self,
        route: Route,
        functions: Iterable[FunctionInfo],
        uses: Iterable[DependencyUse],
    ) -> tuple[Blocking, ...]:
        entries = [
            entry
            for entry in self._labels.get(route.label, ())
            if entry.function in functions or entry.kind == "background task"
        ]
        for use in uses:
            for atom in use.functions:
                entries += [
                    entry
                    for entry in self._entries.get(atom.function, ())
                    if entry.kind == "dependency"
                ]
        found = self._reach.findings(dict.fromkeys(entries))
        known = self._blocking_of.get(id(found))
        if known is None:
            known = self._blocking_of[id(found)] = tuple(
                Blocking(f.rule, f.severity, f.path, f.line, f.message)
                for f in found
                if self.review.settings.selects(f.rule)
            )
        return known

    # -- the tests -----------------------------------------------------------------------

    def _requests(self) -> dict[Route, list[RouteTest]]:
        found: dict[Route, list[RouteTest]] = {}
        for request, routes in suite_of(self.review).requested().items():
            scope = request.file.function_of(request.call)
            test = RouteTest(
                request.file.relative,
                request.call.lineno,
                scope.name if scope is not None else "",
            )
            for route in routes:
                found.setdefault(route, []).append(test)
        return found


def _alternatives(review: Review) -> dict[Router, frozenset[tuple[str, str]]]:
    """Return applications that stand in for each other, by the names they go by.

    They are made in different places (branches, mostly) and all their names are the
    same: a loop over applications gives them a common name beside their own.
    """
    names: dict[Router, set[tuple[str, str]]] = {}
    for module in review.evaluator.program.modules():
        if module.is_library:
            continue
        for name, value in module.environment.names.items():
            for atom in value:
                if isinstance(atom, Router) and atom.is_application:
                    names.setdefault(atom, set()).add((module.name, name))
    shared = Counter(map(frozenset, names.values()))
    return {
        router: frozenset(known)
        for router, known in names.items()
        if shared[frozenset(known)] > 1
    }


def _documented(handler: Handler) -> str:
    """Return the schema that `responses={200: {"model": …}}` gives, "" for none."""
    for atom in handler.option("responses") or ():
        if not isinstance(atom, Mapping):
            continue
        for status, told in atom.items or ():
            if str(status).startswith("2"):
                for part in told:
                    if isinstance(part, Mapping):
                        given = dict(part.items or ()).get("model", ())
                        return text_of_types(given)
    return ""


def _sent_as(parameter: HandlerParameter) -> str:
    """Return the name by which a client sends a parameter."""
    given = parameter.marker.keywords if parameter.marker is not None else {}
    alias = text_of(given.get("validation_alias")) or text_of(given.get("alias"))
    return alias or parameter.name


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))


def _schemes(use: DependencyUse) -> Iterator[str]:
    for atom in use.target:
        # In whichever of its modules: `fastapi.security.api_key.APIKeyHeader`.
        if any(
            name.startswith(_SCHEMES)
            and name.rpartition(".")[2].startswith(_SCHEME_CLASSES)
            for name in kinds.lineage(atom)
        ):
            if isinstance(atom, ClassAtom) or "RequestForm" in _name(atom):
                continue
            yield _name(atom)


def _name(atom: Atom) -> str:
    if isinstance(atom, (Instance, ClassAtom)):
        return atom.cls.name
    if isinstance(atom, Function):
        return atom.function.code.qualified_name
    return (kinds.path_of(atom) or "").rpartition(".")[2]


def _names(use: DependencyUse) -> Iterator[str]:
    for atom in use.target:
        name = _name(atom)
        if name:
            yield name
        else:
            for function in use.functions:
                yield function.function.code.qualified_name


def _handles(atoms: Iterable[Atom]) -> Iterator[str]:
    for atom in atoms:
        if kinds.inherits(atom, _DATABASE):
            yield _name(atom)


def _decorators(handler: Handler, wanted: frozenset[str]) -> list[str]:
    """Return the decorators in whose name one of some words stands."""
    found = []
    for node in handler.node.decorator_list:
        callee = node.func if isinstance(node, ast.Call) else node
        is_route = isinstance(callee, ast.Attribute) and callee.attr in _ROUTES
        if not is_route and not wanted.isdisjoint(words(handler.file.text(callee))):
            found.append(handler.file.text(node))
    return found
