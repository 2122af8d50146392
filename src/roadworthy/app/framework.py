"""What FastAPI, Starlette and Pydantic mean by their classes and functions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from roadworthy.app import pydantic_models
from roadworthy.app.logs import Logs
from roadworthy.app.model import (
    APPLICATIONS,
    METHODS,
    ROUTERS,
    Hook,
    Inclusion,
    Place,
    RouteDeclaration,
    Router,
)
from roadworthy.values import attributes, containers, hints
from roadworthy.values.atoms import (
    ANY,
    UNKNOWN,
    Atom,
    ClassAtom,
    Const,
    ExternalAttribute,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    Sequence,
    Value,
    Wrapped,
    const,
    external,
    external_instance,
    intern,
    join,
    without_any,
)
from roadworthy.values.calls import NOTHING, Arguments, bind
from roadworthy.values.frames import Frame
from roadworthy.values.program import ClassInfo

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

_SLASHES = re.compile("//+")
_MADE = APPLICATIONS | ROUTERS
_BACKGROUND = ("fastapi.BackgroundTasks", "starlette.background.BackgroundTask")
_DEPENDS = {"fastapi.Depends": False, "fastapi.Security": True}
_PARAMETERS = frozenset(
    f"fastapi.{name}"
    for name in ("Query", "Path", "Body", "Form", "File", "Header", "Cookie")
)
_GRAPHQL = frozenset(
    {"strawberry.fastapi.GraphQLRouter", "strawberry.fastapi.router.GraphQLRouter"}
)
"""Routers that declare routes of their own when they are made."""
_APPLICATION_FIELDS: dict[str, str | None] = {
    "title": "FastAPI",
    "version": "0.1.0",
    "description": "",
    "openapi_url": "/openapi.json",
    "docs_url": "/docs",
    "redoc_url": "/redoc",
    "swagger_ui_oauth2_redirect_url": "/docs/oauth2-redirect",
    "root_path": "",
}
"""What a FastAPI object keeps of its arguments, and what it has where none is given."""
_REQUESTS = ("fastapi.Request.app", "fastapi.WebSocket.app")
_STATES = ("fastapi.Request.state", "fastapi.WebSocket.state")


class FastAPIFramework:
    """Carries out the framework's part of evaluation; collects what is declared."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev
        self.routers: dict[object, Router] = {}
        self.state: dict[str, dict[str, Value]] = {"application": {}, "request": {}}
        self.route_classes: list[ClassInfo] = []
        self.logs = Logs()
        self.uncertain = False
        """Whether some router is included that cannot be told."""

    # -- making routers and applications ---------------------------------------------

    def construct(
        self, frame: Frame, atom: ClassAtom, arguments: Arguments, position: int
    ) -> Value | None:
        """Make an instance of a subclass of FastAPI or APIRouter."""
        for base in atom.cls.library_bases():
            path = self.ev.catalogue.canonical(base)
            if path in _GRAPHQL:
                router = self._make_graphql(frame, atom.cls, arguments, position)
                return (router,)
            if path in _MADE:
                router = self._make(frame, path, atom.cls, arguments, position)
                found = atom.cls.find("__init__")
                if found is not None:
                    for method in found[1]:
                        if isinstance(method, Function):
                            bound = intern(
                                Function, method.function, method.closure, router
                            )
                            self.ev.call(frame, (bound,), arguments, position, None)
                return (router,)
        return None

    def _make(
        self,
        frame: Frame,
        path: str,
        cls: ClassInfo | None,
        arguments: Arguments,
        position: int,
    ) -> Router:
        context = self.ev.stack[-1] if self.ev.stack else None
        if context is not None:
            # A factory is told apart by what it is given, not by when it is called.
            identity: object = (
                frame.module,
                position,
                frame.first_line,
                context.function,
                context.bound,
                context.receiver,
            )
        else:
            identity = (frame.module, position, frame.first_line)
        router = self.routers.get(identity)
        if router is None:
            place = Place(frame.module, position, frame.first_line)
            router = Router(path, cls, place, arguments)
            self.routers[identity] = router
            self._configure(router, arguments, place)
        return router

    def _make_graphql(
        self,
        frame: Frame,
        cls: ClassInfo | None,
        arguments: Arguments,
        position: int,
    ) -> Router:
        """Make a router that answers GET, POST and websockets on one path."""
        router = self._make(frame, "fastapi.APIRouter", cls, arguments, position)
        path = text_of(arguments.get(1, "path"))
        place = Place(frame.module, position, frame.first_line)
        for methods, kind in (
            (("GET",), "route"),
            (("POST",), "route"),
            ((), "websocket"),
        ):
            declared = RouteDeclaration(methods, path, UNKNOWN, place, NOTHING, kind)
            self._declare(router, declared)
        return router

    def _configure(self, router: Router, arguments: Arguments, place: Place) -> None:
        router.arguments = arguments
        prefix = text_of(arguments.keywords.get("prefix"))
        if prefix:
            router.prefix = prefix
        lifespan = arguments.keywords.get("lifespan")
        if lifespan is not None:
            router.hooks.append(Hook("lifespan", lifespan, NOTHING, place))
        for name, kind in (("on_startup", "startup"), ("on_shutdown", "shutdown")):
            for value in _listed(arguments.keywords.get(name)):
                router.hooks.append(Hook(kind, value, NOTHING, place))
        for value in _listed(arguments.keywords.get("middleware")):
            for atom in value:
                if isinstance(atom, Wrapped) and atom.kind == "middleware":
                    router.hooks.append(
                        Hook("middleware class", atom.value, atom.extra, place)
                    )
        handlers = arguments.keywords.get("exception_handlers")
        for atom in handlers or ():
            if isinstance(atom, Mapping):
                for _, value in atom.items or ():
                    router.hooks.append(
                        Hook("exception handler", value, NOTHING, place)
                    )
        route_class = arguments.keywords.get("route_class")
        for atom in route_class or ():
            if isinstance(atom, ClassAtom) and atom.cls not in self.route_classes:
                self.route_classes.append(atom.cls)
        for value in _listed(arguments.keywords.get("routes")):
            for atom in value:
                if isinstance(atom, Wrapped) and atom.kind == "starlette route":
                    given: Arguments = atom.extra
                    self._declare_given(router, given, place)

    def _declare_given(self, router: Router, given: Arguments, place: Place) -> None:
        path = text_of(given.get(0, "path"))
        handler = given.get(1, "endpoint") or given.get(1, "app") or UNKNOWN
        for atom in handler:
            if isinstance(atom, Router):
                self._include(router, atom, path, given, place, mounted=True)
                return
        methods = _methods(given.keywords.get("methods")) or ("GET",)
        self._declare(router, RouteDeclaration(methods, path, handler, place, given))

    def initialise(
        self, frame: Frame, made: Instance, arguments: Arguments, position: int
    ) -> None:
        """Run the validators that making a Pydantic model runs."""
        if pydantic_models.is_model(made.cls):
            pydantic_models.construct(
                self.ev,
                frame,
                made,
                position,
                nested=pydantic_models.holds_data(arguments),
            )

    # -- calls -------------------------------------------------------------------------

    def call(
        self,
        frame: Frame,
        path: str,
        receiver: Atom | None,
        arguments: Arguments,
        position: int,
    ) -> Value | None:
        """Call a function or class of the framework."""
        if path.startswith(("logging.", "loguru.")):
            return self.logs.call(self.ev, frame, path, receiver, arguments, position)
        if path in _MADE:
            return (self._make(frame, path, None, arguments, position),)
        if path in _GRAPHQL:
            return (self._make_graphql(frame, None, arguments, position),)
        if path in _DEPENDS:
            target = arguments.get(0, "dependency") or ()
            scopes = arguments.keywords.get("scopes", ())
            return (intern(Wrapped, "depends", target, (_DEPENDS[path], scopes)),)
        if path in _PARAMETERS:
            return (intern(Wrapped, "parameter", external(path), arguments),)
        if path == "fastapi.BackgroundTasks.add_task":
            self._background(frame, arguments)
            return UNKNOWN
        if path == "starlette.background.BackgroundTask":
            self._background(frame, arguments)
            return (external_instance(path),)
        if path == "starlette.middleware.Middleware":
            return (
                intern(
                    Wrapped,
                    "middleware",
                    arguments.get(0) or UNKNOWN,
                    arguments.after(1),
                ),
            )
        if path in (
            "starlette.routing.Route",
            "starlette.routing.Mount",
            "starlette.routing.WebSocketRoute",
            "fastapi.routing.APIRoute",
        ):
            return (intern(Wrapped, "starlette route", (), arguments),)
        if path in (
            "fastapi_utils.Api.add_resource",
            "fastapi_restful.Api.add_resource",
        ):
            self._resource(frame, arguments, position)
            return UNKNOWN
        if path in ("fastapi_utils.Api", "fastapi_restful.Api"):
            return (external_instance(path, (arguments.get(0) or UNKNOWN,)),)
        return pydantic_models.call(self.ev, frame, path, receiver, arguments, position)

    def _background(self, frame: Frame, arguments: Arguments) -> None:
        target = arguments.get(0, "func")
        if target is None:
            return
        for atom in target:
            for function in _underlying(atom):
                if function.function.code.is_async:
                    self.ev.spawn(frame, (atom,), arguments.after(1), "background task")
                else:
                    self.ev.off_loop(frame, (atom,), arguments.after(1))

    def _resource(self, frame: Frame, arguments: Arguments, position: int) -> None:
        place = Place(frame.module, position, frame.first_line)
        router = self._make(frame, "fastapi.APIRouter", None, NOTHING, position)
        for atom in arguments.get(0) or ():
            if isinstance(atom, Instance):
                for method in METHODS:
                    if atom.cls.find(method):
                        handler = attributes.of_instance(
                            self.ev, frame, atom, method, position
                        )
                        path = text_of(arguments.get(1))
                        self._declare(
                            router,
                            RouteDeclaration(
                                (method.upper(),), path, handler, place, NOTHING
                            ),
                        )

    def call_atom(
        self, frame: Frame, atom: Atom, arguments: Arguments, position: int
    ) -> Value | None:
        """Call a router's method or a route decorator."""
        if isinstance(atom, Wrapped):
            if atom.kind == "router method":
                router = atom.value[0]
                assert isinstance(router, Router)
                return self._router_method(
                    frame, router, atom.extra, arguments, position
                )
            if atom.kind == "route decorator":
                router = atom.value[0]
                assert isinstance(router, Router)
                methods, kind, given, place = atom.extra
                handler = arguments.get(0) or UNKNOWN
                self._declare_decorated(router, methods, kind, given, place, handler)
                return handler
            if atom.kind == "hook decorator":
                router = atom.value[0]
                assert isinstance(router, Router)
                kind, place = atom.extra
                handler = arguments.get(0) or UNKNOWN
                self._hook(router, Hook(kind, handler, NOTHING, place))
                return handler
            return pydantic_models.call_atom(self.ev, frame, atom, arguments, position)
        return None

    def _declare_decorated(
        self,
        router: Router,
        methods: tuple[str, ...],
        kind: str,
        given: Arguments,
        place: Place,
        handler: Value,
    ) -> None:
        path = path_of(given.get(0, "path"))
        self._declare(
            router, RouteDeclaration(methods, path, handler, place, given, kind)
        )

    def _router_method(
        self,
        frame: Frame,
        router: Router,
        name: str,
        arguments: Arguments,
        position: int,
    ) -> Value:
        place = Place(frame.module, position, frame.first_line)
        if name in METHODS:
            extra: object = ((name.upper(),), "route", arguments, place)
            return (intern(Wrapped, "route decorator", (router,), extra),)
        if name in ("api_route", "route"):
            methods = _methods(arguments.keywords.get("methods")) or ("GET",)
            extra = (methods, "route", arguments, place)
            return (intern(Wrapped, "route decorator", (router,), extra),)
        if name in ("websocket", "websocket_route"):
            extra = ((), "websocket", arguments, place)
            return (intern(Wrapped, "route decorator", (router,), extra),)
        if name in ("add_api_route", "add_route"):
            handler = arguments.get(1, "endpoint") or UNKNOWN
            given = arguments.keywords.get("methods")
            if given is None and name == "add_route":
                given = arguments.get(2)
            methods = _methods(given) or ("GET",)
            self._declare_decorated(router, methods, "route", arguments, place, handler)
            return UNKNOWN
        if name in ("add_api_websocket_route", "add_websocket_route"):
            handler = arguments.get(1, "endpoint") or UNKNOWN
            self._declare_decorated(router, (), "websocket", arguments, place, handler)
            return UNKNOWN
        if name == "include_router":
            prefix = text_of(arguments.keywords.get("prefix"))
            for child in arguments.get(0, "router") or ():
                if isinstance(child, Router):
                    self._include(router, child, prefix, arguments, place)
                elif child is ANY:
                    self.uncertain = True
            return UNKNOWN
        if name == "mount":
            prefix = text_of(arguments.get(0, "path"))
            for child in arguments.get(1, "app") or ():
                if isinstance(child, Router):
                    self._include(router, child, prefix, arguments, place, mounted=True)
                elif isinstance(child, Instance):
                    self._hook(
                        router, Hook("mounted application", (child,), NOTHING, place)
                    )
            return UNKNOWN
        if name == "add_middleware":
            target = arguments.get(0, "middleware_class") or UNKNOWN
            self._hook(
                router, Hook("middleware class", target, arguments.after(1), place)
            )
            return UNKNOWN
        if name == "middleware":
            extra = ("middleware", place)
            return (intern(Wrapped, "hook decorator", (router,), extra),)
        if name == "exception_handler":
            extra = ("exception handler", place)
            return (intern(Wrapped, "hook decorator", (router,), extra),)
        if name == "add_exception_handler":
            target = arguments.get(1, "handler") or UNKNOWN
            self._hook(router, Hook("exception handler", target, NOTHING, place))
            return UNKNOWN
        if name == "on_event":
            kind = text_of(arguments.get(0)) or "startup"
            return (intern(Wrapped, "hook decorator", (router,), (kind, place)),)
        if name == "add_event_handler":
            kind = text_of(arguments.get(0)) or "startup"
            target = arguments.get(1, "func") or UNKNOWN
            self._hook(router, Hook(kind, target, NOTHING, place))
            return UNKNOWN
        if name == "__init__":
            self._configure(router, arguments, place)
            return UNKNOWN
        return UNKNOWN

    def _declare(self, router: Router, route: RouteDeclaration) -> None:
        for known in router.routes:
            if (
                known.place == route.place
                and known.path == route.path
                and known.methods == route.methods
                and known.handler == route.handler
            ):
                return
        router.routes.append(route)
        router.order.append(route)

    def _include(
        self,
        router: Router,
        child: Router,
        prefix: str,
        arguments: Arguments,
        place: Place,
        *,
        mounted: bool = False,
    ) -> None:
        for known in router.inclusions:
            if known.child is child and known.prefix == prefix and known.place == place:
                return
        if mounted:
            prefix = prefix.rstrip("/")  # as Starlette's `Mount` does
        inclusion = Inclusion(child, prefix, arguments, place, mounted)
        router.inclusions.append(inclusion)
        router.order.append(inclusion)

    def _hook(self, router: Router, hook: Hook) -> None:
        for known in router.hooks:
            if known.kind == hook.kind and known.target == hook.target:
                return
        router.hooks.append(hook)

    # -- attributes ----------------------------------------------------------------------

    def attribute(self, frame: Frame, atom: Atom, name: str) -> Value | None:
        """Return an attribute of a router, of a request or of application state."""
        if isinstance(atom, Router):
            return self._of_router(frame, atom, name)
        if isinstance(atom, Wrapped):
            if atom.kind == "application":
                if name == "state":
                    return (intern(Wrapped, "state", (), "application"),)
                for router in self.routers.values():
                    if name in router.fields:
                        return join(router.fields[name], UNKNOWN)
                return None
            if atom.kind == "state":
                return self._of_state(atom.extra, name)
            return None
        if isinstance(atom, (ExternalInstance, ExternalAttribute)):
            path = self.ev.externals.path_of(atom)
            full = f"{path}.{name}"
            if full in _REQUESTS:
                return (intern(Wrapped, "application", (), None),)
            if full in _STATES:
                return (intern(Wrapped, "state", (), "request"),)
        return None

    def _of_state(self, which: str, name: str) -> Value:
        held = self.state[which].get(name)
        if held is None:
            return UNKNOWN
        if any(isinstance(a, Const) and not a.value for a in held):
            return join(held, UNKNOWN)
        return held

    def _of_router(self, frame: Frame, atom: Router, name: str) -> Value | None:
        if atom.cls is not None:
            found = atom.cls.find(name)
            if found is not None:
                value: Value = ()
                for held in found[1]:
                    if isinstance(held, Function) and held.receiver is None:
                        held_atom = intern(Function, held.function, held.closure, atom)
                        value = join(value, (held_atom,))
                    elif isinstance(held, Wrapped) and held.kind == "property":
                        method = tuple(
                            intern(Function, f.function, f.closure, atom)
                            for f in held.value
                            if isinstance(f, Function)
                        )
                        value = join(
                            value, self.ev.call(frame, method, NOTHING, 0, None)
                        )
                    else:
                        value = join(value, (held,))
                return value
        if name in atom.fields:
            return atom.fields[name]
        if name == "state":
            return (intern(Wrapped, "state", (), "application"),)
        if name == "router" and atom.is_application:
            return (atom,)
        if name == "prefix":
            return const(atom.prefix)
        if atom.path == "fastapi.FastAPI" and name in _APPLICATION_FIELDS:
            given = atom.arguments.keywords.get(name)
            if given is not None:
                return given
            if atom.arguments.is_open:
                return UNKNOWN
            return const(_APPLICATION_FIELDS[name])
        return (intern(Wrapped, "router method", (atom,), name),)

    def set_attribute(self, frame: Frame, atom: Atom, name: str, value: Value) -> None:
        """Set an attribute of a router or of application state."""
        if isinstance(atom, Router):
            atom.fields[name] = join(atom.fields.get(name, ()), value)
            if name == "lifespan_context":
                place = Place(frame.module, 0, frame.first_line)
                self._hook(atom, Hook("lifespan", value, NOTHING, place))
        elif isinstance(atom, Wrapped) and atom.kind == "state":
            held = self.state[atom.extra]
            held[name] = join(held.get(name, ()), value)

    def inherited(
        self, frame: Frame, receiver: Atom, base: str, name: str
    ) -> Value | None:
        """Return what a subclass of FastAPI or APIRouter inherits."""
        if isinstance(receiver, Router):
            return (intern(Wrapped, "router method", (receiver,), name),)
        return pydantic_models.inherited(self.ev, frame, receiver, base, name)

    def enter(self, frame: Frame, atom: Atom) -> Value | None:
        """Nothing of the framework's is entered in a special way."""
        return None

    # -- injection -----------------------------------------------------------------------

    def injected(self, frame: Frame, atom: Wrapped, receiver: Atom, name: str) -> Value:
        """Return what a class-level `x: T = Depends(f)` gives on an instance."""
        types: Value = ()
        if isinstance(receiver, Instance):
            for base in receiver.cls.mro:
                if isinstance(base, ClassInfo) and name in base.annotations:
                    inner = Frame(base.module, base.code, base.environment, None)
                    types = self.ev.evaluate(inner, base.annotations[name])
                    break
        return self.dependency_value(atom, types)

    def injected_annotation(
        self, frame: Frame, types: Value, receiver: Atom
    ) -> Value | None:
        """Return what a class-level `x: Annotated[T, Depends(f)]` gives."""
        for value in hints.metadata(types):
            for atom in value:
                if isinstance(atom, Wrapped) and atom.kind == "depends":
                    return self.dependency_value(atom, types)
        return None

    def dependency_target(self, atom: Wrapped, types: Value) -> Value:
        """Return the callable of a dependency: given, or the annotated class."""
        if atom.value:
            return self._settled(atom.value)
        found: Value = ()
        for part in hints.alternatives(types):
            if isinstance(part, ClassAtom):
                found = join(found, (part,))
        return found

    def _settled(self, value: Value) -> Value:
        """Return a callable that was imported in a circle as what it has become since."""
        result: Value = ()
        for part in value:
            is_late = isinstance(part, Wrapped) and part.kind == "late"
            result = join(result, self.ev.settle(part) if is_late else (part,))  # type: ignore[arg-type]
        return result

    def dependency_value(self, atom: Wrapped, types: Value) -> Value:
        """Return what a dependency hands out."""
        result: Value = ()
        for target in self.dependency_target(atom, types):
            result = join(result, self.call_injected(target))
        known = without_any(result)
        if not known or ANY in result:
            declared = without_any(hints.instances(self.ev, types, None))
            if not known:
                return declared or UNKNOWN
            return join(known, declared) if declared else result
        return result

    def call_injected(self, atom: Atom) -> Value:
        """Return what FastAPI gets when it calls a dependency."""
        ev = self.ev
        provided = containers.injected(ev, atom)
        if provided is not None:
            return provided
        if isinstance(atom, Function):
            key = bind(ev, None, atom, self.injected_arguments(atom))
            summary = ev.summary_of(key)
            if key.function.code.is_generator:
                return summary.yields or UNKNOWN
            from roadworthy.values.calls import result_of

            return result_of(ev, key, summary)
        if isinstance(atom, ClassAtom):
            aside = self._aside(atom.cls)
            arguments = self._constructor_arguments(atom)
            return ev.call(aside, (atom,), arguments, 0, None)
        if isinstance(atom, Instance):
            aside = self._aside(atom.cls)
            method = ev.attribute(aside, (atom,), "__call__", 0, quiet=True)
            result: Value = ()
            for part in method:
                if isinstance(part, Function):
                    result = join(result, self.call_injected(part))
            return result or UNKNOWN
        if isinstance(atom, Wrapped) and atom.kind in (
            "cached",
            "context",
            "async context",
            "static",
        ):
            result = ()
            for part in atom.value:
                result = join(result, self.call_injected(part))
            return result or UNKNOWN
        if isinstance(atom, Wrapped) and atom.kind == "partial":
            result = ()
            for part in atom.value:
                if isinstance(part, Function):
                    given: Arguments = atom.extra
                    injected = self.injected_arguments(part)
                    merged = Arguments(
                        given.positional,
                        {**injected.keywords, **given.keywords},
                    )
                    key = bind(ev, None, part, merged)
                    summary = ev.summary_of(key)
                    result = join(result, summary.yields or summary.returns)
            return result or UNKNOWN
        return UNKNOWN

    def _aside(self, cls: ClassInfo) -> Frame:
        return Frame(cls.module, cls.code, cls.environment, None)

    def _constructor_arguments(self, atom: ClassAtom) -> Arguments:
        found = atom.cls.find("__init__")
        if found is not None:
            for method in found[1]:
                if isinstance(method, Function):
                    return self.injected_arguments(method, skip=1)
        keywords: dict[str, Value] = {}
        for name in _annotated_names(atom.cls):
            held = atom.cls.find(name)
            for base in atom.cls.mro:
                if isinstance(base, ClassInfo) and name in base.annotations:
                    frame = self._aside(base)
                    types = self.ev.evaluate(frame, base.annotations[name])
                    depends = depends_of(held[1] if held else (), types)
                    if depends is not None:
                        keywords[name] = self.dependency_value(depends, types)
                    else:
                        keywords[name] = hints.instances(self.ev, types, None)
                    break
        return Arguments((), keywords)

    def signature(self, atom: Function) -> Function:
        """Return the function whose signature FastAPI reads: the innermost wrapped."""
        seen = 0
        while seen < 8:
            wrapped = self.ev.wrapped.get(atom)
            inner = next(
                (part for part in wrapped or () if isinstance(part, Function)), None
            )
            if inner is None:
                return atom
            atom = inner
            seen += 1
        return atom

    def injected_arguments(self, atom: Function, skip: int = 0) -> Arguments:
        """Return the arguments with which FastAPI calls a function."""
        ev = self.ev
        read = self.signature(atom)
        keywords: dict[str, Value] = {}
        parameters = read.function.code.parameters
        if read.receiver is not None:
            skip = 1
        for parameter in parameters[skip:]:
            if parameter.kind in (2, 4):
                continue
            types: Value = ()
            if parameter.annotation is not None:
                types = ev.annotation_types(read, parameter.annotation)
            default: Value = ()
            if parameter.default is not None:
                default = ev.default_value(read, parameter.default)
            depends = depends_of(default, types)
            if depends is not None:
                keywords[parameter.name] = self.dependency_value(depends, types)
            elif types:
                value = hints.instances(ev, types, read.receiver)
                keywords[parameter.name] = tuple(
                    (
                        ev.instance_of(part.cls, exact=True, arguments=part.arguments)[
                            0
                        ]
                        if isinstance(part, Instance)
                        and pydantic_models.is_model(part.cls)
                        else part
                    )
                    for part in value
                )
            else:
                keywords[parameter.name] = UNKNOWN
        return Arguments((), keywords)


def depends_of(default: Value, types: Value) -> Wrapped | None:
    """Return the `Depends(...)` of a parameter, if it has one."""
    for atom in default:
        if isinstance(atom, Wrapped) and atom.kind == "depends":
            return atom
    for value in hints.metadata(types):
        for atom in value:
            if isinstance(atom, Wrapped) and atom.kind == "depends":
                return atom
    return None


def text_of(value: Value | None) -> str:
    """Return a constant string, or nothing.

    The default of a setting stands for what the environment may put in its place.
    """
    told = [
        atom
        for atom in value or ()
        if atom is not ANY
        and not (isinstance(atom, ExternalInstance) and atom.path == "builtins.str")
    ]
    if len(told) == 1 and isinstance(told[0], Const):
        if isinstance(told[0].value, str):
            return told[0].value
    return ""


def path_of(value: Value | None) -> str:
    """Return a path; "…" stands for the part of one that only the run can tell."""
    told = text_of(value)
    if told:
        return told
    for atom in value or ():
        if isinstance(atom, ExternalInstance) and len(atom.arguments) == 2:
            before, after = map(text_of, atom.arguments)
            if before.startswith("/"):
                return f"{_SLASHES.sub('/', before)}…{after}"
    return ""


def _methods(value: Value | None) -> tuple[str, ...]:
    found: list[str] = []
    for item in _listed(value):
        text = text_of(item)
        if text:
            found.append(text.upper())
    return tuple(found)


def _listed(value: Value | None) -> tuple[Value, ...]:
    if value:
        for atom in value:
            if isinstance(atom, Sequence) and atom.items is not None:
                return atom.items
            if isinstance(atom, Sequence) and atom.element != UNKNOWN:
                return tuple((part,) for part in atom.element)
    return ()


def _underlying(atom: Atom) -> list[Function]:
    if isinstance(atom, Function):
        return [atom]
    if isinstance(atom, Wrapped) and atom.kind in ("partial", "cached", "static"):
        return [f for part in atom.value for f in _underlying(part)]
    return []


def _annotated_names(cls: ClassInfo) -> list[str]:
    from roadworthy.values.calls import field_names

    return field_names(cls)
