"""Handlers as FastAPI calls them: their parameters, and all that they depend on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from roadworthy.app.build import Builder
from roadworthy.app.framework import FastAPIFramework, depends_of, text_of
from roadworthy.app.model import Place, Route, RouteDeclaration
from roadworthy.rules import kinds
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.values import attributes, hints
from roadworthy.values.atoms import (
    Atom,
    ClassAtom,
    External,
    Function,
    Instance,
    Sequence,
    Value,
    Wrapped,
    instance,
    intern,
)
from roadworthy.values.calls import NOTHING, Arguments
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.frames import Frame
from roadworthy.values.program import ClassInfo, FunctionInfo

_MARKERS = {
    "fastapi.Query": "query",
    "fastapi.Path": "path",
    "fastapi.Body": "body",
    "fastapi.Form": "form",
    "fastapi.File": "file",
    "fastapi.Header": "header",
    "fastapi.Cookie": "cookie",
}
_SPECIAL = frozenset(
    {
        "fastapi.Request",
        "fastapi.WebSocket",
        "fastapi.BackgroundTasks",
        "fastapi.Response",
        "starlette.responses.Response",
        "fastapi.responses.Response",
        "fastapi.security.SecurityScopes",
        "starlette.requests.HTTPConnection",
        "fastapi.requests.HTTPConnection",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class DependencyUse:
    """A `Depends(...)` or `Security(...)` that runs for a route, at whatever depth."""

    depends: Wrapped
    target: Value
    """What is called: functions, classes, instances, security schemes of FastAPI."""
    functions: tuple[Function, ...]
    """The functions of the project (or of a read library) that it calls."""
    is_security: bool
    scopes: tuple[str, ...]
    parameter: str
    """The parameter that receives the result; empty for `dependencies=[...]`."""
    owner: FunctionInfo | None
    """Whose parameter it is; None for `dependencies=[...]`."""
    depth: int
    """0 for the route's own, 1 for what these depend on, and so on."""


@dataclass(frozen=True, slots=True, eq=False)
class HandlerParameter:
    """A parameter of a handler or dependency, as FastAPI reads it."""

    name: str
    kind: str
    """``path``, ``query``, ``header``, ``cookie``, ``body``, ``form``, ``file``,
    ``depends``, ``special`` (request, response, background tasks, …) or ``unknown``."""
    types: Value
    """The annotation, as types; empty without one."""
    default: Value
    marker: Arguments | None
    """What is given to `Query(...)`, `Body(...)` and the like, if one is there."""
    depends: Wrapped | None
    node: ast.arg | None

    @property
    def plain_types(self) -> list[Atom]:
        """The annotation's alternatives, `Annotated`, `Optional` and unions opened."""
        return kinds.plain_types(self.types)


@dataclass(slots=True, eq=False)
class Handler:
    """A function that handles routes: one for each declaration (decorator)."""

    declaration: RouteDeclaration
    atom: Function
    """The function as declared (its decorators' wrapper, if they make one)."""
    signature: Function
    """The function whose signature FastAPI reads: the innermost that is wrapped."""
    file: ReviewedFile
    """The file of `signature`."""
    node: FunctionNode
    """The definition of `signature`."""
    routes: list[Route] = field(default_factory=list)
    """The routes that the declaration gives, one for each way it is included."""

    @property
    def function(self) -> FunctionInfo:
        """The function that is written in the file."""
        return self.signature.function

    @property
    def place(self) -> Place:
        """Where the route is declared: its decorator, or the `add_api_route` call."""
        return self.declaration.place

    @property
    def methods(self) -> tuple[str, ...]:
        """In capitals; none for a websocket."""
        return self.declaration.methods

    @property
    def is_websocket(self) -> bool:
        """Whether this handles a websocket."""
        return self.declaration.kind == "websocket"

    @property
    def path(self) -> str:
        """Full path of the first route."""
        return self.routes[0].path if self.routes else self.declaration.path

    @property
    def label(self) -> str:
        """Method and full path of the first route."""
        return self.routes[0].label if self.routes else self.declaration.path

    def option(self, name: str) -> Value | None:
        """Return what the decorator gives for a keyword (`response_model`, …)."""
        return self.declaration.arguments.keywords.get(name)


_Seen = tuple[Wrapped, Value, str]


class Injection:
    """Answers what FastAPI injects."""

    def __init__(self, ev: Evaluator, framework: FastAPIFramework) -> None:
        self.ev = ev
        self.framework = framework
        self._builder = Builder(ev, framework)
        self._uses: dict[Route, tuple[DependencyUse, ...]] = {}
        self._below: dict[tuple[Wrapped, Value], list[DependencyUse]] = {}
        self._parameters: dict[Function, list[HandlerParameter]] = {}

    def functions_of(self, handler: Value) -> Iterator[Function]:
        """Yield the functions that a route's handler value may be."""
        yield from self._builder.handlers(handler)

    def parameters(
        self, atom: Function, path: str = "", node: FunctionNode | None = None
    ) -> list[HandlerParameter]:
        """Return how FastAPI reads a function's parameters; `path` is the route's."""
        nodes: dict[str, ast.arg] = {}
        if node is not None:
            arguments = node.args
            for argument in (
                *arguments.posonlyargs,
                *arguments.args,
                *arguments.kwonlyargs,
            ):
                nodes[argument.arg] = argument
        found: list[HandlerParameter] = []
        skip = 1 if atom.receiver is not None else 0
        for parameter in atom.function.code.parameters[skip:]:
            if parameter.kind in (2, 4):
                continue
            types: Value = ()
            if parameter.annotation is not None:
                types = self.ev.annotation_types(atom, parameter.annotation)
            default: Value = ()
            if parameter.default is not None:
                default = self.ev.default_value(atom, parameter.default)
            depends = depends_of(default, types)
            kind, marker = _kind(parameter.name, types, default, depends, path)
            found.append(
                HandlerParameter(
                    parameter.name,
                    kind,
                    types,
                    default,
                    marker,
                    depends,
                    nodes.get(parameter.name),
                )
            )
        return found

    def dependencies(self, route: Route) -> tuple[DependencyUse, ...]:
        """Return everything that a route depends on, each use once, outer ones first."""
        known = self._uses.get(route)
        if known is not None:
            return known
        found: list[DependencyUse] = []
        seen: set[_Seen] = set()
        for value in route.dependencies:
            for atom in value:
                if isinstance(atom, Wrapped) and atom.kind == "depends":
                    self._add(atom, (), "", None, 0, found, seen)
        for function in self.functions_of(route.handler):
            self._of_function(self.framework.signature(function), 0, found, seen)
        self._uses[route] = tuple(found)
        return self._uses[route]

    def dependencies_of(self, atom: Function) -> tuple[DependencyUse, ...]:
        """Return what a function depends on through its parameters, at every depth."""
        found: list[DependencyUse] = []
        self._of_function(self.framework.signature(atom), 0, found, set())
        return tuple(found)

    def _of_function(
        self,
        atom: Function,
        depth: int,
        found: list[DependencyUse],
        seen: set[_Seen],
    ) -> None:
        known = self._parameters.get(atom)
        if known is None:
            known = self._parameters[atom] = self.parameters(atom)
        for parameter in known:
            if parameter.depends is not None:
                self._add(
                    parameter.depends,
                    parameter.types,
                    parameter.name,
                    atom.function,
                    depth,
                    found,
                    seen,
                )
        receiver = atom.receiver
        if isinstance(receiver, Instance):
            self._of_class(receiver.cls, depth, found, seen)

    def _of_class(
        self,
        cls: ClassInfo,
        depth: int,
        found: list[DependencyUse],
        seen: set[_Seen],
    ) -> None:
        for base in cls.mro:
            if not isinstance(base, ClassInfo):
                continue
            frame = Frame(base.module, base.code, base.environment, None)
            for name in dict.fromkeys((*base.annotations, *base.namespace)):
                node = base.annotations.get(name)
                types = self.ev.evaluate(frame, node) if node is not None else ()
                depends = depends_of(base.namespace.get(name, ()), types)
                if depends is not None:
                    self._add(depends, types, name, None, depth, found, seen)

    def _add(
        self,
        depends: Wrapped,
        types: Value,
        parameter: str,
        owner: FunctionInfo | None,
        depth: int,
        found: list[DependencyUse],
        seen: set[_Seen],
    ) -> None:
        target = self.framework.dependency_target(depends, types)
        if not target and not depends.value:
            # `Annotated[OAuth2PasswordRequestForm, Depends()]`: a library's class.
            target = tuple(kinds.plain_types(types))
        # The handler's own parameters are kept apart from `dependencies=[...]`: they
        # hold what the dependency gives.
        own = parameter if depth == 0 else ""
        if (depends, target, own) in seen:
            return
        seen.add((depends, target, own))
        functions = tuple(f for atom in target for f in self._called(atom))
        is_security, scopes = depends.extra
        found.append(
            DependencyUse(
                depends,
                target,
                functions,
                bool(is_security),
                _texts(scopes),
                parameter,
                owner,
                depth,
            )
        )
        for function in functions:
            self._of_function(
                self.framework.signature(function), depth + 1, found, seen
            )
        for atom in target:
            if isinstance(atom, ClassAtom) and atom.cls.find("__init__") is None:
                self._of_class(atom.cls, depth + 1, found, seen)

    def _called(self, atom: Atom) -> Iterator[Function]:
        """Yield the functions that FastAPI calls for a dependency."""
        if isinstance(atom, Function):
            yield atom
        elif isinstance(atom, Wrapped):
            if atom.kind in ("partial", "cached", "static", "context", "async context"):
                for part in atom.value:
                    yield from self._called(part)
        elif isinstance(atom, ClassAtom):
            found = atom.cls.find("__init__")
            for method in found[1] if found else ():
                if isinstance(method, Function):
                    bound = intern(
                        Function,
                        method.function,
                        method.closure,
                        instance(atom.cls, True),
                    )
                    if isinstance(bound, Function):
                        yield bound
        elif isinstance(atom, Instance):
            frame = Frame(atom.cls.module, atom.cls.code, atom.cls.environment, None)
            for part in attributes.of_instance(self.ev, frame, atom, "__call__", 0):
                if isinstance(part, Function):
                    yield part


def _texts(value: Value) -> tuple[str, ...]:
    found: list[str] = []
    for atom in value:
        if isinstance(atom, Sequence):
            found.extend(text for text in map(text_of, atom.items or ()) if text)
    return tuple(found)


def _kind(
    name: str, types: Value, default: Value, depends: Wrapped | None, path: str
) -> tuple[str, Arguments | None]:
    if depends is not None:
        return "depends", None
    marked = [default, *hints.metadata(types)]
    for value in marked:
        for atom in value:
            if isinstance(atom, Wrapped) and atom.kind == "parameter":
                marker = atom.value[0]
                if isinstance(marker, External) and marker.path in _MARKERS:
                    return _MARKERS[marker.path], atom.extra
    if f"{{{name}}}" in path or f"{{{name}:" in path:
        return "path", None
    plain = kinds.plain_types(types)
    for atom in plain:
        if any(lineage in _SPECIAL for lineage in kinds.lineage(atom)):
            return "special", None
    for atom in plain:
        if "fastapi.UploadFile" in kinds.lineage(atom):
            return "file", None
    if types and not plain:
        return "unknown", None
    if any(kinds.is_complex_type(atom) for atom in plain):
        return "body", None
    return "query", None


__all__ = ["NOTHING", "DependencyUse", "Handler", "HandlerParameter", "Injection"]
