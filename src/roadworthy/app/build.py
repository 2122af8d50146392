"""Put the application model together: routes with all nesting, and loop entries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from roadworthy.app import pydantic_models
from roadworthy.app.framework import FastAPIFramework, depends_of, text_of
from roadworthy.app.model import (
    Application,
    Hook,
    Inclusion,
    LoopEntry,
    Place,
    Route,
    Router,
)
from roadworthy.values import attributes, hints
from roadworthy.values.atoms import (
    UNKNOWN,
    Atom,
    ClassAtom,
    External,
    Function,
    Instance,
    Sequence,
    Suspended,
    Value,
    Wrapped,
    const,
    instance,
    intern,
    without_any,
)
from roadworthy.values.calls import Arguments, bind
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.frames import CallKey, Frame
from roadworthy.values.program import ClassInfo

_DEEPEST_NESTING = 12
_ASIDE = "mcp.server.fastmcp."
"""Servers of tools, mostly programs of their own that speak through their standard input."""


class Builder:
    """Turns what evaluation collected into routes and entries."""

    def __init__(self, ev: Evaluator, framework: FastAPIFramework) -> None:
        self.ev = ev
        self.framework = framework
        self.application = Application()
        self._entered: set[tuple[CallKey, str]] = set()
        self._dependencies: set[tuple[Atom, Value]] = set()
        self._validated: set[ClassInfo] = set()
        self._serialized: set[ClassInfo] = set()
        self._classes: set[tuple[ClassInfo, str]] = set()

    def build(self) -> Application:
        """Return the model: start-up first, since it sets what handlers read."""
        routers = list(self.framework.routers.values())
        self.application.routers = routers
        applications = [r for r in routers if r.is_application]
        reached: list[Router] = []
        for application in applications:
            for router in _below(application):
                if router not in reached:
                    reached.append(router)
        # Where something cannot be told of what is included, or where there is no
        # application at all (a library of routers), each router is taken to run.
        loose: list[Router] = []
        if (
            self.framework.uncertain
            or self.ev.dynamic_imports
            or not any(r.path == "fastapi.FastAPI" for r in applications)
        ):
            loose = [r for r in routers if r not in reached]
        included = {i.child for r in loose for i in r.inclusions}
        for kinds in (
            ("lifespan", "startup"),
            ("middleware", "middleware class", "exception handler"),
            ("mounted application", "shutdown"),
        ):
            for router in (*reached, *loose):
                for hook in router.hooks:
                    if hook.kind in kinds:
                        self._attempt(hook.kind, partial(self._hook, router, hook))
        seen: set[tuple[Router, str, Value]] = set()
        for application in applications:
            for route in self._routes(application, application, "", (), (), 0):
                self._add_route(route, seen)
        for router in loose:
            if router not in included:
                for route in self._routes(router, router, "", (), (), 0):
                    self._add_route(route, seen)
        for cls in self.framework.route_classes:
            self._attempt(cls.name, partial(self._route_class, cls))
        for (atom, path), mode in list(self.ev.hooks.items()):
            if path.startswith(_ASIDE) and not self.ev.served:
                # Nothing is made of it that this server could serve.
                continue
            bound = self._with_receiver(atom)
            if bound.function.code.is_async or mode == "loop":
                key = bind(self.ev, None, bound, Arguments((), {}, True))
                self._enter(key, "hook", path)
        return self.application

    def _add_route(self, route: Route, seen: set[tuple[Router, str, Value]]) -> None:
        self.application.routes.append(route)
        self._attempt(f"the route {route.label}", partial(self._route, route))

    def _attempt(self, what: str, work: Callable[[], None]) -> None:
        self.ev.attempt(what, work)

    # -- routes ------------------------------------------------------------------------

    def _routes(
        self,
        application: Router,
        router: Router,
        prefix: str,
        dependencies: tuple[Value, ...],
        chain: tuple[Router, ...],
        depth: int,
    ) -> Iterator[Route]:
        if depth > _DEEPEST_NESTING or router in chain:
            return
        prefix += router.prefix
        chain = (*chain, router)
        dependencies = (*dependencies, *_listed(router.arguments, "dependencies"))
        for declaration in router.routes:
            yield Route(
                application,
                declaration.methods,
                prefix + declaration.path,
                declaration.handler,
                declaration,
                (*dependencies, *_listed(declaration.arguments, "dependencies")),
                chain,
            )
        for inclusion in router.inclusions:
            child = inclusion.child
            if _has_unknown_prefix(inclusion) and any(
                other.child is child and not _has_unknown_prefix(other)
                for other in router.inclusions
            ):
                # `mount(settings.path, api)` in one branch, `mount("/api", api)` in
                # the other: the one that can be told stands for both.
                continue
            if inclusion.mounted and child.is_application:
                yield from self._routes(
                    child, child, prefix + inclusion.prefix, (), chain, depth + 1
                )
            else:
                yield from self._routes(
                    application,
                    child,
                    prefix + inclusion.prefix,
                    (*dependencies, *_listed(inclusion.arguments, "dependencies")),
                    chain,
                    depth + 1,
                )

    def _route(self, route: Route) -> None:
        for value in route.dependencies:
            self._dependency_value(value, ())
        is_async = False
        for atom in self.handlers(route.handler):
            signature = self.framework.signature(atom)
            self._dependencies_of(signature)
            # FastAPI looks through `functools.wraps`: a wrapper round a coroutine
            # function is awaited, so what it does itself it does on the loop.
            unwrapped = signature.function.code.is_async
            code = atom.function.code
            arguments = self.framework.injected_arguments(atom)
            key = bind(self.ev, None, atom, arguments)
            if code.is_async or unwrapped:
                is_async = True
                self._enter(key, "route", route.label)
            else:
                self._off_loop(key, route.label)
            self._bodies(signature)
            self._responses(route, signature, is_async)

    def handlers(self, handler: Value) -> Iterator[Function]:
        """Yield the functions that a handler comes to, as they are called."""
        for atom in handler:
            if isinstance(atom, Wrapped):
                yield from self.handlers(atom.value)
            elif isinstance(atom, Function):
                yield self._with_receiver(atom)
                if atom.function.module.is_library:
                    # A library's wrapper, made at run time, may not show its call.
                    for inner in self.ev.wrapped.get(atom, ()):
                        if isinstance(inner, Function) and inner.function.code.is_async:
                            yield self._with_receiver(inner)
            elif isinstance(atom, Instance):
                frame = self._frame(atom.cls)
                method = attributes.of_instance(self.ev, frame, atom, "__call__", 0)
                yield from self.handlers(method)

    def _with_receiver(self, atom: Function) -> Function:
        # A class-based view: the decorator saw a plain function of the class body.
        cls = atom.function.cls
        parameters = atom.function.code.parameters
        if (
            cls is not None
            and atom.receiver is None
            and parameters
            and parameters[0].name == "self"
        ):
            made = instance(cls, True)
            bound = intern(Function, atom.function, atom.closure, made)
            if isinstance(bound, Function):
                return bound
        return atom

    def _frame(self, cls: ClassInfo) -> Frame:
        return Frame(cls.module, cls.code, cls.environment, None)

    def _off_loop(self, key: CallKey, label: str) -> None:
        # A `def` handler or dependency runs in a thread; the coroutines that it hands
        # to BackgroundTasks or back to the loop do not.
        summary = self.ev.summary_of(key)
        for spawned, kind in list(summary.spawned.items()):
            if kind in ("background task", "from thread"):
                self._enter(spawned, "background task", label)

    # -- dependencies --------------------------------------------------------------------

    def _dependencies_of(self, atom: Function) -> None:
        parameters = atom.function.code.parameters
        skip = 1 if atom.receiver is not None else 0
        for parameter in parameters[skip:]:
            types: Value = ()
            if parameter.annotation is not None:
                types = self.ev.annotation_types(atom, parameter.annotation)
            default: Value = ()
            if parameter.default is not None:
                default = self.ev.default_value(atom, parameter.default)
            depends = depends_of(default, types)
            if depends is not None:
                self._dependency(depends, types)
        receiver = atom.receiver
        if isinstance(receiver, Instance):
            self._class_dependencies(receiver.cls)

    def _class_dependencies(self, cls: ClassInfo) -> None:
        for base in cls.mro:
            if not isinstance(base, ClassInfo):
                continue
            for value in base.namespace.values():
                for atom in value:
                    if isinstance(atom, Wrapped) and atom.kind == "depends":
                        self._dependency(atom, ())
            for node in base.annotations.values():
                types = self.ev.evaluate(self._frame(base), node)
                depends = depends_of((), types)
                if depends is not None:
                    self._dependency(depends, types)

    def _dependency_value(self, value: Value, types: Value) -> None:
        for atom in value:
            if isinstance(atom, Wrapped) and atom.kind == "depends":
                self._dependency(atom, types)

    def _dependency(self, depends: Wrapped, types: Value) -> None:
        target = self.framework.dependency_target(depends, types)
        if (depends, target) in self._dependencies:
            return
        self._dependencies.add((depends, target))
        for atom in target:
            self._dependency_target(atom)

    def _dependency_target(self, atom: Atom) -> None:
        if isinstance(atom, Wrapped):
            if atom.kind in ("partial", "cached", "static", "async context", "context"):
                for part in atom.value:
                    self._dependency_target(part)
            return
        if isinstance(atom, ClassAtom):
            found = atom.cls.find("__init__")
            for method in found[1] if found else ():
                if isinstance(method, Function):
                    made = instance(atom.cls, True)
                    bound = intern(Function, method.function, method.closure, made)
                    if isinstance(bound, Function):
                        self._dependencies_of(bound)
            if found is None:
                self._class_dependencies(atom.cls)
            return
        if isinstance(atom, Instance):
            method_value = attributes.of_instance(
                self.ev, self._frame(atom.cls), atom, "__call__", 0
            )
            for part in method_value:
                if isinstance(part, Function):
                    self._dependency_target(part)
            return
        if not isinstance(atom, Function):
            return
        signature = self.framework.signature(atom)
        self._dependencies_of(signature)
        self._bodies(signature)
        if atom.function.code.is_async:
            arguments = self.framework.injected_arguments(atom)
            key = bind(self.ev, None, atom, arguments)
            self._enter(key, "dependency", atom.function.code.qualified_name)
        else:
            arguments = self.framework.injected_arguments(atom)
            key = bind(self.ev, None, atom, arguments)
            self._off_loop(key, atom.function.code.qualified_name)

    # -- models --------------------------------------------------------------------------

    def _bodies(self, atom: Function) -> None:
        for parameter in atom.function.code.parameters:
            if parameter.annotation is None:
                continue
            types = self.ev.annotation_types(atom, parameter.annotation)
            if depends_of((), types) is not None:
                continue
            self._validate(types)

    def _validate(self, types: Value) -> None:
        for function in pydantic_models.from_metadata(
            self.ev, types, "function validator"
        ):
            self._enter_hook(function, "validator", "request validation")
        for part in hints.alternatives(types):
            if isinstance(part, ClassAtom) and pydantic_models.is_model(part.cls):
                if part.cls in self._validated:
                    continue
                self._validated.add(part.cls)
                for function in pydantic_models.validators(
                    self.ev, part.cls, nested=True
                ):
                    self._enter_hook(function, "validator", part.cls.name)

    def _responses(self, route: Route, atom: Function, is_async: bool) -> None:
        if not is_async:
            return
        given = route.declaration.arguments.keywords.get("response_model")
        code = atom.function.code
        types: Value = given or ()
        if not given and code.returns is not None:
            types = self.ev.annotation_types(atom, code.returns)
        for part in hints.alternatives(types):
            if isinstance(part, ClassAtom) and pydantic_models.is_model(part.cls):
                if part.cls in self._serialized:
                    continue
                self._serialized.add(part.cls)
                for function in pydantic_models.serializers(self.ev, part.cls):
                    self._enter_hook(function, "serializer", part.cls.name)

    def _enter_hook(self, atom: Atom, kind: str, label: str) -> None:
        if isinstance(atom, Wrapped) and atom.kind == "partial":
            for part in atom.value:
                if isinstance(part, Function):
                    given: Arguments = atom.extra
                    arguments = Arguments(given.positional, given.keywords, True)
                    key = bind(self.ev, None, part, arguments)
                    self._enter(key, kind, label)
        elif isinstance(atom, Function):
            key = bind(self.ev, None, atom, Arguments((), {}, True))
            self._enter(key, kind, label)

    # -- hooks -----------------------------------------------------------------------------

    def _hook(self, router: Router, hook: Hook) -> None:
        if hook.kind == "middleware class":
            self._middleware_class(hook)
        elif hook.kind == "mounted application":
            for atom in hook.target:
                if isinstance(atom, Instance):
                    self._asgi(atom, "application")
        elif hook.kind == "lifespan":
            self._lifespan(router, hook)
        else:
            once = hook.kind in ("startup", "shutdown")
            for atom in self.handlers(hook.target):
                code = atom.function.code
                arguments = self._hook_arguments(hook, atom)
                key = bind(self.ev, None, atom, arguments)
                # A `def` start-up hook runs on the loop; a `def` exception handler
                # in the threadpool.
                repeated = _is_repeated(hook.target)
                if code.is_async or (once and not repeated):
                    self._enter(
                        key, hook.kind, code.qualified_name, once=once and not repeated
                    )

    def _hook_arguments(self, hook: Hook, atom: Function) -> Arguments:
        if hook.kind == "middleware":
            return self.framework.injected_arguments(atom)
        if hook.kind == "exception handler":
            return self.framework.injected_arguments(atom)
        return Arguments()

    def _lifespan(self, router: Router, hook: Hook) -> None:
        frame = Frame(
            hook.place.module,
            hook.place.module.code,  # type: ignore[arg-type]
            hook.place.module.environment,
            None,
        )
        made = self.ev.call(frame, hook.target, Arguments(((router,),)), 0, None)
        for atom in made:
            if isinstance(atom, Suspended):
                self._enter(
                    atom.call, "lifespan", atom.call.function.code.name, once=True
                )
            elif isinstance(atom, Instance):
                for name in ("__aenter__", "__aexit__"):
                    self._method(atom, name, "lifespan", once=True)

    def _middleware_class(self, hook: Hook) -> None:
        for atom in hook.target:
            if isinstance(atom, ClassAtom):
                frame = self._frame(atom.cls)
                arguments = Arguments(
                    (UNKNOWN, *hook.arguments.positional), hook.arguments.keywords
                )
                made = self.ev.call(frame, (atom,), arguments, 0, None)
                for part in made:
                    if isinstance(part, Instance):
                        self._asgi(part, "middleware")
            elif isinstance(atom, Function):
                frame = Frame(
                    atom.function.module, atom.function.code, atom.closure, None
                )
                made = self.ev.call(frame, (atom,), Arguments((UNKNOWN,)), 0, None)
                for part in made:
                    if isinstance(part, Function) and part.function.code.is_async:
                        key = bind(self.ev, None, part, Arguments((), {}, True))
                        self._enter(key, "middleware", part.function.code.name)
                    elif isinstance(part, Instance):
                        self._asgi(part, "middleware")
            elif isinstance(atom, External):
                self._given_to_middleware(hook.arguments)

    def _given_to_middleware(self, arguments: Arguments) -> None:
        """A library's middleware awaits the coroutines that it is given."""
        for value in arguments.values():
            for atom in value:
                if isinstance(atom, Function):
                    if atom.function.code.is_async:
                        given = self.framework.injected_arguments(atom)
                        key = bind(self.ev, None, atom, given)
                        self._enter(key, "middleware", atom.function.code.name)
                elif isinstance(atom, Instance) and atom.cls.library_bases():
                    self._overrides(atom, "middleware")

    def _asgi(self, atom: Instance, kind: str) -> None:
        entered = False
        for name in ("dispatch", "__call__"):
            if atom.cls.find(name) is not None:
                entered = self._method(atom, name, kind) or entered
        if not entered and atom.cls.library_bases():
            self._overrides(atom, kind)

    def _overrides(self, atom: Instance, kind: str) -> None:
        """The library's code awaits what the class overrides."""
        for base in atom.cls.mro:
            if isinstance(base, ClassInfo):
                for name in base.namespace:
                    self._method(atom, name, kind)

    def _method(
        self, atom: Instance, name: str, kind: str, *, once: bool = False
    ) -> bool:
        found = atom.cls.find(name)
        if found is None:
            return False
        entered = False
        method = attributes.of_instance(self.ev, self._frame(atom.cls), atom, name, 0)
        for part in method:
            if isinstance(part, Function) and part.function.code.is_async:
                arguments = self.framework.injected_arguments(part)
                key = bind(self.ev, None, part, arguments)
                self._enter(key, kind, atom.cls.name, once=once)
                entered = True
        return entered

    def _route_class(self, cls: ClassInfo) -> None:
        if cls.find("get_route_handler") is None:
            return
        made = instance(cls, True)
        method = attributes.of_instance(
            self.ev, self._frame(cls), made, "get_route_handler", 0
        )
        result = self.ev.call(
            self._frame(cls), method, Arguments((), {}, True), 0, None
        )
        for part in result:
            if isinstance(part, Function) and part.function.code.is_async:
                key = bind(self.ev, None, part, self.framework.injected_arguments(part))
                self._enter(key, "route class", cls.name)

    def _enter(
        self, key: CallKey, kind: str, label: str, *, once: bool = False
    ) -> None:
        if (key, label) in self._entered:
            return
        self._entered.add((key, label))
        self.ev.summary_of(key)
        self.application.entries.append(LoopEntry(kind, label, key, once))


def _is_repeated(value: Value) -> bool:
    return any(isinstance(a, Wrapped) and a.kind == "repeated" for a in value)


def _below(router: Router) -> Iterator[Router]:
    seen: list[Router] = []
    waiting = [router]
    while waiting:
        current = waiting.pop(0)
        if current in seen:
            continue
        seen.append(current)
        yield current
        waiting.extend(inclusion.child for inclusion in current.inclusions)


_AT_THE_ROOT = (const(""), const("/"))


def _has_unknown_prefix(inclusion: Inclusion) -> bool:
    """Whether a prefix or path is given that cannot be told."""
    arguments = inclusion.arguments
    given = arguments.keywords.get("prefix")
    if inclusion.mounted:
        given = arguments.get(0, "path")
    return bool(given) and not inclusion.prefix and given not in _AT_THE_ROOT


def _listed(arguments: Arguments, name: str) -> tuple[Value, ...]:
    value = arguments.keywords.get(name)
    for atom in value or ():
        if isinstance(atom, Sequence):
            if atom.items is not None:
                return atom.items
            return tuple((part,) for part in atom.element)
    return ()


__all__ = ["Builder", "Iterable", "Place", "text_of", "without_any"]
