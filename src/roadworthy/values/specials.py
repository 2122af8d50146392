"""Functions of the standard library whose meaning the evaluator must know itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roadworthy.syntax import code as c
from roadworthy.values import attributes, containers, hints, relations
from roadworthy.values.atoms import (
    ANY,
    FALSE,
    NONE,
    TRUE,
    UNKNOWN,
    Atom,
    Awaitable,
    ClassAtom,
    Const,
    Environment,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    ModuleAtom,
    Sequence,
    Super,
    Suspended,
    TypeVariable,
    Value,
    Wrapped,
    const,
    external,
    external_instance,
    intern,
    join,
    sequence,
    truth,
    without_any,
)
from roadworthy.values.calls import NOTHING, Arguments, awaitable
from roadworthy.values.frames import Frame
from roadworthy.values.program import ClassInfo

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

Special = Callable[["Evaluator", Frame, Arguments, int], Value]


def _first(arguments: Arguments) -> Value:
    return arguments.get(0) or UNKNOWN


def _wrapper(kind: str) -> Special:
    def special(
        ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        return (intern(Wrapped, kind, _first(arguments), None),)

    return special


def _property(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    setter = arguments.get(1, "fset")
    return (intern(Wrapped, "property", _first(arguments), setter),)


def _cached(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    given = arguments.get(0)
    if given and any(isinstance(a, (Function, Wrapped, ClassAtom)) for a in given):
        return (intern(Wrapped, "cached", given, None),)
    return (intern(Wrapped, "decorator", (), _as_cached),)


def _as_cached(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "cached", _first(arguments), None),)


def _identity_decorator(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "decorator", (), _identity),)


def _wraps(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    return (intern(Wrapped, "wraps", _first(arguments), None),)


def _update_wrapper(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    wrapped = arguments.get(1) or UNKNOWN
    for atom in _first(arguments):
        ev.wrapped[atom] = wrapped
    return _first(arguments)


def _identity(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return _first(arguments)


def _partial(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    function = _first(arguments)
    return (intern(Wrapped, "partial", function, arguments.after(1)),)


def _partial_method(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "partial method", _first(arguments), arguments.after(1)),)


def _dispatch(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "dispatched", _first(arguments), _Registered()),)


class _Registered(list[Any]):
    """Implementations registered for a single-dispatch function."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def _super(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    if len(arguments.positional) == 2:
        owner, receiver = arguments.positional
        if isinstance(owner[0], ClassAtom):
            return (
                tuple(
                    intern(Super, owner[0].cls, part)
                    for part in receiver
                    if isinstance(part, (Instance, ClassAtom))
                )
                or UNKNOWN
            )
    environment: Environment | None = frame.environment
    while environment is not None:
        if environment.function_class is not None and environment.receiver is not None:
            return (intern(Super, environment.function_class, environment.receiver),)
        if environment.function_class is not None and frame.function is not None:
            # A static `__new__`, or a method reached without a receiver.
            names = frame.function.code.parameters
            if names:
                held = environment.names.get(names[0].name, UNKNOWN)
                found = tuple(
                    intern(Super, environment.function_class, part)
                    for part in held
                    if isinstance(part, (Instance, ClassAtom))
                )
                if found:
                    return found
        environment = environment.parent
    return UNKNOWN


def _type(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    result: Value = ()
    for atom in _first(arguments):
        if isinstance(atom, Instance):
            result = join(result, (intern(ClassAtom, atom.cls, atom.arguments),))
        else:
            result = join(result, UNKNOWN)
    return result or UNKNOWN


def _getattr(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    if len(arguments.positional) < 2:
        return UNKNOWN
    owner, name = arguments.positional[:2]
    default = arguments.positional[2] if len(arguments.positional) > 2 else ()
    if len(name) == 1 and isinstance(name[0], Const) and isinstance(name[0].value, str):
        value = ev.attribute(frame, owner, name[0].value, position)
        return join(value, default)
    result: Value = ()
    for atom in owner:
        for one in attributes.names_like(ev, atom, name):
            result = join(result, ev.attribute(frame, (atom,), one, position))
    return join(result, default) if result else UNKNOWN


def _setattr(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    if len(arguments.positional) == 3:
        owner, name, value = arguments.positional
        if len(name) == 1 and isinstance(name[0], Const):
            for atom in owner:
                ev.set_attribute(frame, atom, str(name[0].value), value, position)
    return NONE


def _isinstance(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    if len(arguments.positional) != 2:
        return UNKNOWN
    value, classes = arguments.positional
    answers = {ev.is_instance(atom, classes) for atom in value}
    if answers == {True}:
        return TRUE
    if answers == {False}:
        return FALSE
    return (external_instance("builtins.bool"),)


def _is_coroutine_function(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    answers: set[bool | None] = set()
    for atom in _first(arguments):
        answers.add(_runs_coroutine(atom))
    if answers == {True}:
        return TRUE
    if answers == {False}:
        return FALSE
    return (external_instance("builtins.bool"),)


def _runs_coroutine(atom: Atom) -> bool | None:
    if isinstance(atom, Function):
        code = atom.function.code
        return code.is_async and not code.is_generator
    if isinstance(atom, Wrapped) and atom.kind in ("partial", "static"):
        answers = {_runs_coroutine(part) for part in atom.value}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(atom, (ClassAtom, Const)):
        return False
    return None


def _is_awaitable(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    answers: set[bool | None] = set()
    for atom in _first(arguments):
        if isinstance(atom, (Awaitable,)) or (
            isinstance(atom, Suspended) and atom.kind == "coroutine"
        ):
            answers.add(True)
        elif isinstance(atom, (Const, Sequence, Mapping)) or (
            isinstance(atom, ExternalInstance) and atom.path.startswith("builtins.")
        ):
            answers.add(False)
        elif isinstance(atom, Instance) and atom.exact:
            answers.add(atom.cls.find("__await__") is not None)
        else:
            answers.add(None)
    if answers == {True}:
        return TRUE
    if answers == {False}:
        return FALSE
    return (external_instance("builtins.bool"),)


def _consume(kind: str) -> Special:
    def special(
        ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        given = arguments.get(0)
        if given is None:
            return sequence(kind, (), UNKNOWN)
        if len(given) == 1 and isinstance(given[0], Sequence):
            return sequence(kind, given[0].items, given[0].element)
        element = ev.iterate(frame, given, position, is_async=False)
        return sequence(kind, None, element)

    return special


def _consume_to(result: Value) -> Special:
    def special(
        ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        for given in arguments.positional[:1]:
            ev.iterate(frame, given, position, is_async=False)
        return result

    return special


def _sorted(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    given = _first(arguments)
    element = ev.iterate(frame, given, position, is_async=False)
    key = arguments.keywords.get("key")
    if key is not None:
        ev.call(frame, key, Arguments((element,)), position, None)
    return sequence("list", None, element)


def _extreme(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    element: Value = ()
    if len(arguments.positional) == 1:
        element = ev.iterate(frame, arguments.positional[0], position, is_async=False)
    else:
        for value in arguments.positional:
            element = join(element, value)
    key = arguments.keywords.get("key")
    if key is not None:
        ev.call(frame, key, Arguments((element or UNKNOWN,)), position, None)
    return element or UNKNOWN


def _map(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    function = _first(arguments)
    given = arguments.positional[1:]
    if len(given) == 1 and len(given[0]) == 1 and isinstance(given[0][0], Sequence):
        items = given[0][0].items
        if items is not None and 0 < len(items) <= 8:
            return (intern(Wrapped, "lazy map", function, tuple(given)),)
    # Nothing is called before the result is iterated over.
    return (intern(Wrapped, "lazy map", function, tuple(given)),)


def _filter(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    if len(arguments.positional) < 2:
        return UNKNOWN
    element = ev.iterate(frame, arguments.positional[1], position, is_async=False)
    ev.call(frame, arguments.positional[0], Arguments((element,)), position, None)
    return sequence("iterator", None, element)


def _reduce(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    if len(arguments.positional) < 2:
        return UNKNOWN
    element = ev.iterate(frame, arguments.positional[1], position, is_async=False)
    start = arguments.positional[2] if len(arguments.positional) > 2 else element
    return ev.call(
        frame, arguments.positional[0], Arguments((start, element)), position, None
    )


def _enumerate(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    given = _first(arguments)
    number: Value = (external_instance("builtins.int"),)
    if len(given) == 1 and isinstance(given[0], Sequence):
        items = given[0].items
        if items is not None:
            pairs = tuple(sequence("tuple", (number, item), UNKNOWN) for item in items)
            return sequence("iterator", pairs, UNKNOWN)
    element = ev.iterate(frame, given, position, is_async=False)
    return sequence("iterator", None, sequence("tuple", (number, element), UNKNOWN))


def _zip(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    elements = tuple(
        ev.iterate(frame, value, position, is_async=False)
        for value in arguments.positional
    )
    return sequence("iterator", None, sequence("tuple", elements, UNKNOWN))


def _next(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    given = _first(arguments)
    result: Value = ()
    for atom in given:
        if isinstance(atom, Instance) and atom.cls.find("__next__"):
            method = ev.attribute(frame, (atom,), "__next__", position)
            result = join(result, ev.call(frame, method, NOTHING, position, None))
        else:
            result = join(result, ev.iterate(frame, (atom,), position, is_async=False))
    default = arguments.positional[1] if len(arguments.positional) > 1 else ()
    return join(result, default) or UNKNOWN


def _iter(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    result: Value = ()
    for atom in _first(arguments):
        if isinstance(atom, Instance) and atom.cls.find("__iter__"):
            method = ev.attribute(frame, (atom,), "__iter__", position)
            result = join(result, ev.call(frame, method, NOTHING, position, None))
        else:
            result = join(result, (atom,))
    return result or UNKNOWN


def _calls_method(name: str, result: Value) -> Special:
    def special(
        ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        ev.special(frame, _first(arguments), name, (), position)
        return result

    return special


def _len(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    ev.special(frame, _first(arguments), "__len__", (), position)
    return (external_instance("builtins.int"),)


def _bool(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    given = _first(arguments)
    ev.special(frame, given, "__bool__", (), position)
    decided = truth(given)
    if decided is None:
        return (external_instance("builtins.bool"),)
    return TRUE if decided else FALSE


def _dict(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    if not arguments.positional and not arguments.is_open:
        items = tuple(arguments.keywords.items())
        element: Value = ()
        for _, value in items:
            element = join(element, value)
        return (intern(Mapping, items, UNKNOWN, element or UNKNOWN),)
    for given in arguments.positional[:1]:
        if len(given) == 1 and isinstance(given[0], Mapping):
            return given
        ev.iterate(frame, given, position, is_async=False)
    return (intern(Mapping, None, UNKNOWN, UNKNOWN),)


def _default_dict(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    factory = arguments.get(0, "default_factory")
    element: Value = UNKNOWN
    if factory and factory != NONE:
        element = ev.call(frame, factory, NOTHING, position, None)
    return (intern(Mapping, None, UNKNOWN, element),)


class _Names(dict[str, Value]):
    """The attributes of a `SimpleNamespace`."""

    __hash__ = object.__hash__  # type: ignore[assignment]


def _namespace(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "namespace", (), _Names(arguments.keywords)),)


def _weak_reference(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "weak reference", _first(arguments), None),)


def _range(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    return sequence("iterator", None, (external_instance("builtins.int"),))


def _scalar(name: str, method: str) -> Special:
    def special(
        ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        if arguments.positional:
            ev.special(frame, arguments.positional[0], method, (), position)
        return (external_instance(f"builtins.{name}"),)

    return special


def _same(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    return _first(arguments)


def _type_variable(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    name = _first(arguments)
    bound = arguments.keywords.get("bound", UNKNOWN)
    text = name[0].value if name and isinstance(name[0], Const) else "?"
    return (intern(TypeVariable, str(text), bound),)


def _new_type(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "new type", arguments.get(1) or UNKNOWN, None),)


def _cast(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    if len(arguments.positional) != 2:
        return UNKNOWN
    types, value = arguments.positional
    known = without_any(value)
    if known and ANY not in value:
        return value
    declared = without_any(hints.instances(ev, types, None))
    return join(declared, known) or UNKNOWN


def _dataclass(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    given = arguments.get(0)
    if given and isinstance(given[0], ClassAtom):
        given[0].cls.is_dataclass = True
        return given
    return (intern(Wrapped, "decorator", (), _identity),)


def _field(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    factory = arguments.keywords.get("default_factory")
    if factory is not None:
        return (intern(Wrapped, "field", factory, None),)
    default = arguments.keywords.get("default")
    return default if default is not None else UNKNOWN


def _import_module(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    name = _first(arguments)
    result: Value = ()
    for atom in name:
        if isinstance(atom, Const) and isinstance(atom.value, str):
            text = atom.value
            if text.startswith("."):
                level = len(text) - len(text.lstrip("."))
                text = ev.absolute_name(frame.module, level, text.lstrip("."))
            result = join(result, ev.import_module(text))
    if result and len(result) >= len(name):
        return result
    ev.dynamic_imports.add(frame.module.package)
    for text in _importable(ev, frame, name):
        result = join(result, ev.import_module(text))
    return join(result, UNKNOWN)


_MOST_IMPLEMENTATIONS = 7


def _importable(ev: Evaluator, frame: Frame, name: Value) -> list[str]:
    """Return the modules that a name made at run time may be.

    A setting that names an implementation, read in a package, mostly means one of the
    modules beside it; a name that begins with a package (`f"app.plugins.{name}"`), one
    of that package's.
    """
    package, after = "", ""
    for atom in name:
        if isinstance(atom, ExternalInstance) and len(atom.arguments) == 2:
            before, behind = (str(part[0].value) for part in atom.arguments)  # type: ignore[attr-defined]
            if before.endswith("."):
                package, after = before.rstrip("."), behind
    if not package and frame.module.is_package and not frame.module.is_library:
        package = frame.module.name
    found = [
        one for one in ev.program.submodules(package) if package and one.endswith(after)
    ]
    return found if len(found) <= _MOST_IMPLEMENTATIONS else []


def _gather(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    results = tuple(
        ev.awaited(frame, value, position) for value in arguments.positional
    )
    if arguments.is_open:
        return awaitable(sequence("list", None, UNKNOWN))
    return awaitable(sequence("list", results, UNKNOWN))


def _task(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    given = _first(arguments)
    _mark_task(frame, given)
    result = ev.awaited(frame, given, position)
    return (
        intern(Awaitable, result),
        external_instance("asyncio.Task", (result,)),
    )


def _mark_task(frame: Frame, value: Value) -> None:
    for atom in value:
        if isinstance(atom, Suspended) and atom.kind == "coroutine":
            frame.summary.spawned[atom.call] = "task"


def _await_first(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return awaitable(ev.awaited(frame, _first(arguments), position))


def _run_elsewhere(path: str) -> Special:
    def special(
        ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        given = _first(arguments)
        for atom in given:
            if isinstance(atom, Suspended):
                # It runs on a loop of its own.
                frame.summary.spawned.pop(atom.call, None)
        ev.externals.note(frame, path, arguments, position)
        return ev.awaited(frame, given, position)

    return special


def _async_to_sync(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "blocking bridge", _first(arguments), None),)


def _enter_context(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return ev.enter(frame, _first(arguments), position, is_async=False)


def _enter_async_context(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return awaitable(ev.enter(frame, _first(arguments), position, is_async=True))


def _chain(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    element: Value = ()
    for value in arguments.positional:
        element = join(element, ev.iterate(frame, value, position, is_async=False))
    return sequence("iterator", None, element or UNKNOWN)


def _slice_of(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return sequence(
        "iterator",
        None,
        ev.iterate(frame, _first(arguments), position, is_async=False),
    )


def _none(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    return NONE


def _unknown_test(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (external_instance("builtins.bool"),)


def _callable(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    given = _first(arguments)
    if all(isinstance(atom, (Function, ClassAtom)) for atom in given):
        return TRUE
    if all(isinstance(atom, (Const, Sequence, Mapping)) for atom in given):
        return FALSE
    return (external_instance("builtins.bool"),)


def _globals(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    names = frame.module.environment.names
    if len(names) > 60:
        return (intern(Mapping, None, UNKNOWN, UNKNOWN),)
    return (intern(Mapping, tuple(names.items()), UNKNOWN, UNKNOWN),)


def _module_of(ev: Evaluator, name: str) -> Value:
    module = ev.program.find(name)
    return (intern(ModuleAtom, module),) if module is not None else UNKNOWN


def _logger(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    name = arguments.get(0, "name")
    if name is None or name == NONE or name == const(""):
        return (external_instance("logging.Logger", (const("root"),)),)
    if len(name) == 1 and isinstance(name[0], Const):
        return (external_instance("logging.Logger", (name,)),)
    return (external_instance("logging.Logger"),)


def _context_variable(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    place = (frame.module, position, frame.first_line)
    default = arguments.keywords.get("default")
    if default is not None:
        ev.warmed.setdefault(("cell", place), default)
    return (intern(Wrapped, "cell", (), place),)


def _running_loop(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    frame.probed = True
    return (external_instance("asyncio.AbstractEventLoop"),)


def _is_running(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (external_instance("builtins.bool"),) if ev.at_import else TRUE


def _from_thread(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """Put a coroutine on the loop from another thread."""
    given = _first(arguments)
    aside = _is_own_loop(arguments.get(1, "loop") or ()) or _runs_own_loop(frame)
    for atom in given:
        if isinstance(atom, Suspended):
            if aside:
                frame.summary.spawned.pop(atom.call, None)
            else:
                frame.summary.spawned[atom.call] = "from thread"
    return (
        external_instance(
            "concurrent.futures.Future", (ev.awaited(frame, given, position),)
        ),
    )


def _new_loop(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (external_instance("asyncio.AbstractEventLoop", (_OWN,)),)


_OWN = const("own")
_LOOP_RUNNERS = frozenset({"run_forever", "run_until_complete", "new_event_loop"})


def _is_own_loop(loop: Value) -> bool:
    """Whether code made the loop itself: it is not the server's."""
    known = [atom for atom in without_any(loop) if not isinstance(atom, Const)]
    return bool(known) and all(
        isinstance(atom, ExternalInstance) and atom.arguments == (_OWN,)
        for atom in known
    )


def _runs_own_loop(frame: Frame) -> bool:
    """Whether the class whose method this is runs a loop, in a thread of its own."""
    cls = frame.function.cls if frame.function is not None else None
    if cls is None:
        return False
    return any(
        isinstance(atom, Function) and _runs_loop(atom.function.code.body)
        for base in cls.mro
        if isinstance(base, ClassInfo)
        for value in base.namespace.values()
        for atom in value
    )


def _runs_loop(node: object) -> bool:
    if not isinstance(node, tuple) or not node:
        return False
    if node[0] == c.CALL and node[1][0] == c.ATTR:
        function = node[1]
        if function[2] in _LOOP_RUNNERS:
            return True
        if function[2] == "run" and function[1][:2] in _RUN_OWNERS:
            return True
    return any(_runs_loop(part) for part in node)


_RUN_OWNERS = ((c.NAME, "asyncio"), (c.NAME, "anyio"), (c.NAME, "uvloop"))


def _call_from_thread(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    if _runs_own_loop(frame):
        return UNKNOWN
    ev.spawn(frame, _first(arguments), arguments.after(1), "from thread")
    return UNKNOWN


def _repeat(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    return (intern(Wrapped, "decorator", (), _as_repeated),)


def _as_repeated(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return (intern(Wrapped, "repeated", _first(arguments), None),)


def _retry_waiting(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """`tenacity.retry(...)`: between attempts a function that is not async sleeps."""
    if any(isinstance(atom, (Function, Wrapped)) for atom in _first(arguments)):
        # Without arguments it tries again at once.
        return _first(arguments)
    sleeps = "wait" in arguments.keywords and "sleep" not in arguments.keywords
    return (intern(Wrapped, "decorator", (), _as_retried if sleeps else _identity),)


def _retry_backing_off(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """`backoff.on_exception(...)`: between attempts it sleeps."""
    return (intern(Wrapped, "decorator", (), _as_retried),)


def _makes_generator(atom: Atom) -> bool:
    """Whether a call gives a generator: it cannot fail, so it is not tried again."""
    return isinstance(atom, Function) and atom.function.code.is_generator


def _as_retried(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    given = _first(arguments)
    return tuple(
        (
            atom
            if _runs_coroutine(atom) or atom is ANY or _makes_generator(atom)
            else intern(Wrapped, "retried", (atom,), None)
        )
        for atom in given
    )


def _token_provider(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """A function that asks for a token, over HTTP, where the last one has expired."""
    return (intern(Wrapped, "decorator", (), _provide_token),)


def _provide_token(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    path = "azure.identity.DefaultAzureCredential.get_token"
    ev.externals.note(frame, path, arguments, position)
    return (external_instance("builtins.str"),)


def _lazy_threads(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    return UNKNOWN


_FOREIGN_KEY = "peewee.ForeignKeyField"
_BACKREF = "peewee.BackrefAccessor"
_DECLARATIVE = "sqlalchemy.orm.DeclarativeBase"


def _foreign_key(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """Make a peewee foreign key; the model it points to gets the way back."""
    cls = frame.environment.function_class
    target = arguments.get(0, "model") or UNKNOWN
    if cls is not None and target == const("self"):
        target = (intern(ClassAtom, cls, ()),)
    name = arguments.get(2, "backref") or arguments.keywords.get("related_name")
    back = name[0].value if name and isinstance(name[0], Const) else None
    for atom in target:
        if isinstance(atom, ClassAtom) and cls is not None:
            where = back if isinstance(back, str) else f"{cls.name.lower()}_set"
            rows = external_instance(_BACKREF, (ev.instance_of(cls, exact=True),))
            atom.cls.namespace.setdefault(where, (rows,))
    known = tuple(atom for atom in target if isinstance(atom, ClassAtom))
    return (external_instance(_FOREIGN_KEY, (known,) if known else ()),)


def _declarative_base(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """Make a declarative base; `cls` is what it, and so every model, inherits from."""
    given = arguments.keywords.get("cls", ())
    own = tuple(atom for atom in given if isinstance(atom, ClassAtom))
    return join(own, external(_DECLARATIVE))


SPECIALS: dict[str, Special] = {
    "builtins.property": _property,
    "builtins.staticmethod": _wrapper("static"),
    "builtins.classmethod": _wrapper("class method"),
    "builtins.super": _super,
    "builtins.type": _type,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _unknown_test,
    "builtins.isinstance": _isinstance,
    "builtins.issubclass": _unknown_test,
    "builtins.callable": _callable,
    "builtins.list": _consume("list"),
    "builtins.tuple": _consume("tuple"),
    "builtins.set": _consume("set"),
    "builtins.frozenset": _consume("set"),
    "builtins.reversed": _consume("iterator"),
    "collections.deque": _consume("list"),
    "collections.OrderedDict": _dict,
    "collections.defaultdict": _default_dict,
    "types.MappingProxyType": _same,
    "types.SimpleNamespace": _namespace,
    "weakref.WeakKeyDictionary": _dict,
    "weakref.WeakMethod": _weak_reference,
    "weakref.WeakSet": _consume("set"),
    "weakref.WeakValueDictionary": _dict,
    "weakref.proxy": _same,
    "weakref.ref": _weak_reference,
    "builtins.sum": _consume_to(UNKNOWN),
    "builtins.any": _consume_to((external_instance("builtins.bool"),)),
    "builtins.all": _consume_to((external_instance("builtins.bool"),)),
    "collections.Counter": _consume_to((external_instance("collections.Counter"),)),
    "builtins.sorted": _sorted,
    "builtins.min": _extreme,
    "builtins.max": _extreme,
    "builtins.map": _map,
    "builtins.filter": _filter,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "builtins.next": _next,
    "builtins.iter": _iter,
    "builtins.aiter": _same,
    "builtins.len": _len,
    "builtins.bool": _bool,
    "builtins.dict": _dict,
    "builtins.range": _range,
    "builtins.str": _scalar("str", "__str__"),
    "builtins.repr": _scalar("str", "__repr__"),
    "builtins.int": _scalar("int", "__int__"),
    "builtins.float": _scalar("float", "__float__"),
    "builtins.bytes": _scalar("bytes", "__bytes__"),
    "builtins.hash": _scalar("int", "__hash__"),
    "builtins.globals": _globals,
    "functools.partial": _partial,
    "functools.partialmethod": _partial_method,
    "functools.wraps": _wraps,
    "functools.update_wrapper": _update_wrapper,
    "functools.total_ordering": _same,
    "functools.lru_cache": _cached,
    "functools.cache": _cached,
    "async_lru.alru_cache": _identity_decorator,
    "functools.cached_property": _wrapper("cached property"),
    "django.utils.functional.cached_property": _wrapper("cached property"),
    "werkzeug.utils.cached_property": _wrapper("cached property"),
    "functools.singledispatch": _dispatch,
    "functools.singledispatchmethod": _dispatch,
    "functools.reduce": _reduce,
    "contextlib.contextmanager": _wrapper("context"),
    "contextlib.asynccontextmanager": _wrapper("async context"),
    "contextlib.nullcontext": _same,
    "contextlib.closing": _same,
    "contextlib.aclosing": _same,
    "contextlib.ExitStack.enter_context": _enter_context,
    "contextlib.AsyncExitStack.enter_context": _enter_context,
    "contextlib.AsyncExitStack.enter_async_context": _enter_async_context,
    "abc.abstractmethod": _same,
    "abc.abstractproperty": _property,
    "typing.overload": _same,
    "typing_extensions.overload": _same,
    "typing.final": _same,
    "typing.override": _same,
    "typing_extensions.override": _same,
    "typing.runtime_checkable": _same,
    "typing.no_type_check": _same,
    "typing.TypeVar": _type_variable,
    "typing_extensions.TypeVar": _type_variable,
    "typing.NewType": _new_type,
    "typing.cast": _cast,
    "typing.get_type_hints": _dict,
    "dataclasses.dataclass": _dataclass,
    "dataclasses.field": _field,
    "dataclasses.replace": _same,
    "attrs.define": _dataclass,
    "attr.s": _dataclass,
    "copy.copy": _same,
    "copy.deepcopy": _same,
    "importlib.import_module": _import_module,
    "inspect.iscoroutinefunction": _is_coroutine_function,
    "asyncio.iscoroutinefunction": _is_coroutine_function,
    "inspect.isawaitable": _is_awaitable,
    "inspect.iscoroutine": _is_awaitable,
    "asyncio.iscoroutine": _is_awaitable,
    "asyncio.gather": _gather,
    "asyncio.create_task": _task,
    "asyncio.ensure_future": _task,
    "asyncio.AbstractEventLoop.create_task": _task,
    "asyncio.TaskGroup.create_task": _task,
    "asyncio.wait_for": _await_first,
    "asyncio.shield": _await_first,
    "asyncio.timeout": _none,
    "asyncio.run": _run_elsewhere("asyncio.run"),
    "asyncio.AbstractEventLoop.run_until_complete": _run_elsewhere(
        "asyncio.AbstractEventLoop.run_until_complete"
    ),
    "asyncio.get_running_loop": _running_loop,
    "asyncio.new_event_loop": _new_loop,
    "uvloop.new_event_loop": _new_loop,
    "asyncio.AbstractEventLoop.is_running": _is_running,
    "asyncio.run_coroutine_threadsafe": _from_thread,
    "asyncio.AbstractEventLoop.call_soon_threadsafe": _call_from_thread,
    "anyio.from_thread.run": _call_from_thread,
    "anyio.from_thread.run_sync": _call_from_thread,
    "contextvars.ContextVar": _context_variable,
    "dependency_injector.providers.Factory": containers.make_provider,
    "dependency_injector.providers.Singleton": containers.make_provider,
    "dependency_injector.providers.ThreadSafeSingleton": containers.make_provider,
    "dependency_injector.providers.ThreadLocalSingleton": containers.make_provider,
    "dependency_injector.providers.ContextLocalSingleton": containers.make_provider,
    "dependency_injector.providers.Callable": containers.make_provider,
    "dependency_injector.providers.Resource": containers.make_provider,
    "dependency_injector.providers.Object": containers.make_object,
    "tenacity.retry": _retry_waiting,
    "backoff.on_exception": _retry_backing_off,
    "backoff.on_predicate": _retry_backing_off,
    "azure.identity.get_bearer_token_provider": _token_provider,
    "fastapi_utils.tasks.repeat_every": _repeat,
    "fastapi_restful.tasks.repeat_every": _repeat,
    "starlette.concurrency.iterate_in_threadpool": _lazy_threads,
    "fastapi.concurrency.iterate_in_threadpool": _lazy_threads,
    "asgiref.sync.async_to_sync": _async_to_sync,
    "asgiref.sync.AsyncToSync": _async_to_sync,
    "logging.getLogger": _logger,
    _FOREIGN_KEY: _foreign_key,
    "sqlalchemy.orm.relationship": relations.declare,
    "sqlmodel.Relationship": relations.declare,
    "sqlalchemy.orm.Session.refresh": relations.refresh,
    "sqlmodel.Session.refresh": relations.refresh,
    "sqlalchemy.orm.declarative_base": _declarative_base,
    "sqlalchemy.ext.declarative.declarative_base": _declarative_base,
    "itertools.chain": _chain,
    "itertools.islice": _slice_of,
    "itertools.chain.from_iterable": _slice_of,
}

__all__ = ["SPECIALS", "Special"]
