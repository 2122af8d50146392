"""Calls: arguments are bound to parameters, bodies are evaluated once per binding."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Code
from roadworthy.values.atoms import (
    ANY,
    NONE,
    UNKNOWN,
    Atom,
    Awaitable,
    ClassAtom,
    Const,
    Environment,
    External,
    ExternalAttribute,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    ModuleAtom,
    Sequence,
    Suspended,
    Value,
    Wrapped,
    const,
    external_instance,
    instance,
    intern,
    join,
    sequence,
    without_any,
)
from roadworthy.values.frames import CallKey, CallNotes, Frame, Summary
from roadworthy.values.program import ClassInfo

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator


@dataclass(slots=True, eq=False)
class Arguments:
    """The arguments of a call; `is_open` when there may be more (`*args`, `**kwargs`).

    Never changed once they are made; `frozen` would make making them twice as slow.
    """

    positional: tuple[Value, ...] = ()
    keywords: dict[str, Value] = field(default_factory=dict)
    is_open: bool = False

    def __hash__(self) -> int:
        return hash((self.positional, tuple(sorted(self.keywords))))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Arguments)
            and self.positional == other.positional
            and self.keywords == other.keywords
            and self.is_open is other.is_open
        )

    def get(self, which: int | str, name: str | None = None) -> Value | None:
        """Return an argument by position, or by keyword, if it was given."""
        if isinstance(which, int):
            if which < len(self.positional):
                return self.positional[which]
            return self.keywords.get(name) if name is not None else None
        return self.keywords.get(which)

    def after(self, count: int) -> Arguments:
        """Return the arguments without the first `count` positional ones."""
        return Arguments(self.positional[count:], self.keywords, self.is_open)

    def values(self) -> tuple[Value, ...]:
        """Return all values given."""
        return (*self.positional, *self.keywords.values())


NOTHING = Arguments()

_MOST_KINDS = 12
"""Instances of one class that are told apart by what their constructor was given."""
_MOST_FORGOTTEN = 2
"""How often a call is evaluated again because it was met within a cycle: what such
cycles tell grows little after that, and each may hold a thousand calls."""
_DEEPEST_CALL = 300
_DEEPEST_LIBRARY_CALL = 10
KEEP_TEXT = 4
_KEEP_NAMES = 48
"""Of what is asked for attributes by name, and of what files handlers under names while
modules are run, more calls are told apart."""
_KEEP_FLAGS = 10
_KEEP_ANYTHING = 24
_KEEP_OBJECTS = 96
_MANY_CALLS = 15_000
"""A program of more calls than this is large: then fewer calls of each function are told
apart, and fewer still with each time this number."""
_NOTED = frozenset({1, 2, 3, 4, 12, 32})
"""Which of a function's evaluations are noted for the rules: they hardly ever differ in
kind, and the later ones, in which less is told apart, stand for more."""
_NONE_NODE = (c.CONST, None)


def call_atom(
    ev: Evaluator, frame: Frame, atom: Atom, arguments: Arguments, position: int
) -> Value:
    """Return what calling one atom gives; its effects are noted on the frame."""
    kind = atom.__class__
    if kind is Function:
        assert isinstance(atom, Function)
        return call_function(ev, frame, atom, arguments, position)
    if isinstance(atom, ClassAtom):
        return construct(ev, frame, atom, arguments, position)
    if isinstance(atom, Wrapped):
        return _call_wrapped(ev, frame, atom, arguments, position)
    if isinstance(atom, External):
        return ev.externals.call(frame, atom.path, None, arguments, position)
    if isinstance(atom, ExternalAttribute):
        return ev.externals.call_attribute(frame, atom, arguments, position)
    if isinstance(atom, ExternalInstance):
        path = f"{atom.path}.__call__"
        return ev.externals.call(frame, path, atom, arguments, position)
    if isinstance(atom, Instance):
        held = ev.attribute(frame, (atom,), "__call__", position, quiet=True)
        # `__getattr__` may answer with any object: one that is called the same way
        # would never come to an end.
        method = tuple(part for part in held if not isinstance(part, Instance))
        if method and method != UNKNOWN:
            return ev.call(frame, method, arguments, position, None)
        if "contextlib.ContextDecorator" in atom.cls.library_bases():
            return _entered_around(atom, arguments)
        ev.hand_over(frame, arguments)
        return UNKNOWN
    if isinstance(atom, Suspended) and atom.kind == "context":
        return _entered_around(atom, arguments)
    return ev.call_special(frame, atom, arguments, position)


def _entered_around(atom: Atom, arguments: Arguments) -> Value:
    """Return a function that a context manager, used as its decorator, surrounds."""
    return (intern(Wrapped, "entered", arguments.get(0) or UNKNOWN, atom),)


def _call_wrapped(
    ev: Evaluator, frame: Frame, atom: Wrapped, arguments: Arguments, position: int
) -> Value:
    kind = atom.kind
    if kind == "partial":
        bound: Arguments = atom.extra
        merged = Arguments(
            (*bound.positional, *arguments.positional),
            {**bound.keywords, **arguments.keywords},
            bound.is_open or arguments.is_open,
        )
        return ev.call(frame, atom.value, merged, position, None)
    if kind == "cached":
        return _call_cached(ev, frame, atom, arguments, position)
    if kind == "off loop":
        return (intern(Awaitable, ev.off_loop(frame, atom.value, arguments)),)
    if kind == "async to sync":
        return ev.off_loop(frame, atom.value, arguments)
    if kind in ("context", "async context"):
        made: Value = ()
        for result in ev.call(frame, atom.value, arguments, position, None):
            if isinstance(result, Suspended):
                made = join(made, (intern(Suspended, kind, result.call),))
            elif result is not ANY:
                made = join(made, (result,))
        return made or UNKNOWN
    if kind == "entered":
        ev.enter(frame, (atom.extra,), position, is_async=False)
        return ev.call(frame, atom.value, arguments, position, None)
    if kind == "retried":
        ev.externals.note(frame, "time.sleep", NOTHING, position)
        return ev.call(frame, atom.value, arguments, position, None)
    if kind in ("static", "class method", "task", "repeated"):
        return ev.call(frame, atom.value, arguments, position, None)
    if kind == "builtin method":
        return ev.builtin_method(frame, atom, arguments, position)
    return ev.call_special(frame, atom, arguments, position)


def _call_cached(
    ev: Evaluator, frame: Frame, atom: Wrapped, arguments: Arguments, position: int
) -> Value:
    # What a cache filled at import time answers later costs nothing.
    key = (atom, arguments.positional, tuple(sorted(arguments.keywords.items())))
    if ev.at_import:
        value = ev.call(frame, atom.value, arguments, position, None)
        if _is_one_call(arguments):
            ev.warmed[key] = value
        return value
    known = ev.warmed.get(key)
    if known is not None:
        return known
    return ev.call(frame, atom.value, arguments, position, None)


def _is_one_call(arguments: Arguments) -> bool:
    """Whether equal abstract arguments are the same arguments (no "some string")."""
    return not arguments.is_open and all(
        len(value) == 1
        and value[0] is not ANY
        and not isinstance(value[0], ExternalInstance)
        for value in arguments.values()
    )


def call_function(
    ev: Evaluator, frame: Frame, atom: Function, arguments: Arguments, position: int
) -> Value:
    """Call a function whose source is read."""
    key = bind(ev, frame, atom, arguments)
    function = atom.function
    code = function.code
    if function.module.is_library and not frame.module.is_library:
        # Read or not, what a library keeps to call later cannot be followed whole.
        ev.hand_over(frame, arguments, _registry(atom))
    name = function.qualified_name
    if code.is_async:
        if code.is_generator:
            frame.summary.spawned.setdefault(key, "async generator")
            summary = ev.summary_of(key)
            return (intern(Suspended, "async generator", key),)
        frame.summary.spawned.setdefault(key, "coroutine")
        ev.summary_of(key)
        return (intern(Suspended, "coroutine", key),)
    if code.is_generator:
        return (intern(Suspended, "generator", key),)
    summary = ev.summary_of(key)
    ev.take_over(frame, position, name, summary, function)
    return result_of(ev, key, summary)


def _registry(atom: Function) -> str | None:
    """Return the library whose object a function belongs to: a method, or a closure."""
    if atom.receiver is None and atom.closure.receiver is None:
        return None
    return atom.function.module.name


def result_of(ev: Evaluator, key: CallKey, summary: Summary) -> Value:
    """Return what a call gives: by its body, or by its annotation where that is silent."""
    value = summary.returns
    code = key.function.code
    if code.returns is None:
        return value or (NONE if summary.complete else UNKNOWN)
    if not value or (code.is_stub and value == NONE) or not without_any(value):
        declared = ev.declared_return(key)
        return declared or value or UNKNOWN
    known = without_any(value)
    if known == NONE and ANY in value:
        declared = without_any(ev.declared_return(key))
        return join(declared, NONE) if declared else value
    if any(isinstance(atom, (Instance, ExternalInstance)) for atom in known):
        return ev.widened(value, ev.declared_return(key))
    return value


def bind(
    ev: Evaluator, frame: Frame | None, atom: Function, arguments: Arguments
) -> CallKey:
    """Return the memo's key of a call: each parameter with its value.

    The same arguments always make the same call, whatever else was called meanwhile.
    """
    same = (
        atom,
        arguments.positional,
        tuple(arguments.keywords.items()),
        arguments.is_open,
        ev.at_import,
    )
    known = ev.bound.get(same)
    if known is None:
        known = ev.bound[same] = _bind(ev, atom, arguments)
    return known


def _bind(ev: Evaluator, atom: Function, arguments: Arguments) -> CallKey:
    function = atom.function
    code = function.code
    positional = arguments.positional
    if atom.receiver is not None:
        positional = ((atom.receiver,), *positional)
    bound: list[tuple[str, Value]] = []
    used = 0
    taken: set[str] = set()
    for parameter in code.parameters:
        value: Value | None = None
        name = parameter.name
        if parameter.kind in (c.POSITIONAL, c.POSITIONAL_ONLY):
            if used < len(positional):
                value = positional[used]
                used += 1
            elif name in arguments.keywords:
                value = arguments.keywords[name]
                taken.add(name)
        elif parameter.kind == c.VAR_POSITIONAL:
            rest = positional[used:]
            used = len(positional)
            value = sequence("tuple", None if arguments.is_open else rest, UNKNOWN)
        elif parameter.kind == c.KEYWORD_ONLY:
            if name in arguments.keywords:
                value = arguments.keywords[name]
                taken.add(name)
        else:
            rest_items = tuple(
                (key, item)
                for key, item in arguments.keywords.items()
                if key not in taken and not _is_parameter(code, key)
            )
            value = (
                intern(
                    Mapping,
                    None if arguments.is_open else rest_items,
                    UNKNOWN,
                    UNKNOWN,
                ),
            )
        if value is None:
            value = _absent(ev, atom, parameter, arguments.is_open)
        elif ANY in value and function.module.is_library and _is_told(value):
            # A library that takes clients of two kinds is given the one that is known:
            # its annotation, or the type checker's answer, would add the other.
            value = without_any(value)
        elif ANY in value and parameter.annotation is not None:
            declared = without_any(ev.annotation_value(atom, parameter.annotation))
            if declared:
                kept = without_any(value)
                value = declared if not kept else join(kept, declared)
        bound.append((name, value))
    return ev.key_of(function, atom, _simplify(ev, atom, bound))


def _is_told(value: Value) -> bool:
    """Whether an argument is known to be an object of a library's class."""
    return any(isinstance(atom, ExternalInstance) for atom in value)


def _is_parameter(code: Code, name: str) -> bool:
    return any(p.name == name and p.kind != c.POSITIONAL_ONLY for p in code.parameters)


def _absent(
    ev: Evaluator, atom: Function, parameter: c.Parameter, is_open: bool
) -> Value:
    declared: Value = ()
    if parameter.annotation is not None:
        declared = without_any(ev.annotation_value(atom, parameter.annotation))
    if parameter.default is None:
        return declared or UNKNOWN
    value = ev.default_value(atom, parameter.default)
    if is_open:
        return join(join(value, declared), UNKNOWN)
    if ANY in value and declared:
        return declared
    return value


def _simplify(
    ev: Evaluator, atom: Function, bound: list[tuple[str, Value]]
) -> tuple[tuple[str, Value], ...]:
    # Each distinct binding costs one evaluation: the more there were, the less is told
    # apart, so that logging helpers and the like are not evaluated a thousand times.
    function = atom.function
    parameters = function.code.parameters
    contexts = function.contexts
    if any(p.kind in (c.VAR_POSITIONAL, c.VAR_KEYWORD) for p in parameters):
        # What a decorator makes is one function for each that it decorates.
        contexts = ev.contexts.get((function, atom.closure), 0)
    if function.module.is_library:
        # A library is followed for what its functions come to, not for each use.
        contexts *= 3
    contexts *= 1 + ev.number_of_calls // _MANY_CALLS
    names = ev.at_import or function.code.name == "__getattr__"
    if contexts < (_KEEP_NAMES if names else KEEP_TEXT):
        return tuple(bound)
    told: list[tuple[str, Value]] = []
    for parameter, (name, value) in zip(parameters, bound, strict=True):
        if parameter.kind in (c.VAR_POSITIONAL, c.VAR_KEYWORD):
            value = tuple(_coarse_rest(part, contexts) for part in value)
        elif value == NONE and parameter.default == _NONE_NODE:
            # What is not given decides of branches more often than what is.
            pass
        elif contexts > _KEEP_ANYTHING:
            value = _means_only(value, atom.receiver, contexts < _KEEP_OBJECTS)
        else:
            value = _coarse(value, contexts < _KEEP_FLAGS)
        told.append((name, value))
    return tuple(told)


def _coarse_rest(atom: Atom, contexts: int) -> Atom:
    """Keep how many arguments a wrapper passes on, and the objects among them."""
    keep_flags = contexts < _KEEP_FLAGS
    if isinstance(atom, Sequence) and atom.items is not None and len(atom.items) <= 8:
        items = tuple(_objects(item, keep_flags, contexts) for item in atom.items)
        return sequence(atom.kind, items, UNKNOWN)[0]
    if isinstance(atom, Mapping) and atom.items is not None and len(atom.items) <= 8:
        pairs = tuple((k, _objects(v, keep_flags, contexts)) for k, v in atom.items)
        return intern(Mapping, pairs, UNKNOWN, UNKNOWN)
    return ANY


def _objects(value: Value, keep_flags: bool, contexts: int) -> Value:
    if contexts > _KEEP_ANYTHING:
        return tuple(
            dict.fromkeys(
                (
                    part
                    if isinstance(part, (Function, Wrapped, ClassAtom, Instance))
                    else ANY
                )
                for part in value
            )
        )
    return _coarse(value, keep_flags)


def _means_only(value: Value, receiver: Atom | None, keep_objects: bool) -> Value:
    """Keep what a function works with: callables, sessions and clients, not data."""
    kept: dict[Atom, None] = {}
    for part in value:
        if isinstance(part, ExternalInstance):
            # Of a session, nobody asks what it was made with.
            known = not part.path.startswith("builtins.")
            kept[external_instance(part.path) if known else ANY] = None
        elif (
            part is receiver
            or isinstance(part, (Function, Wrapped, ClassAtom, Suspended))
            or (keep_objects and isinstance(part, Instance) and not part.cls.is_record)
        ):
            kept[part] = None
        else:
            kept[ANY] = None
    return tuple(kept)


def _coarse(value: Value, keep_flags: bool) -> Value:
    kept: list[Atom] = []
    for atom in value:
        if isinstance(atom, Const):
            if not keep_flags or not (
                atom.value is None or atom.value in (True, False)
            ):
                atom = ANY
        elif isinstance(atom, (Sequence, Mapping, Awaitable)) or (
            isinstance(atom, ExternalInstance) and atom.path.startswith("builtins.")
        ):
            if keep_flags and isinstance(atom, (Sequence, Mapping)):
                pass
            else:
                atom = ANY
        if atom not in kept:
            kept.append(atom)
    return tuple(kept)


def summary_of(ev: Evaluator, key: CallKey) -> Summary:
    """Evaluate a call's body, once; a call that is still under way tells nothing yet."""
    if ev.stack:
        ev.stack[-1].callees[key] = None
    known = key.summary
    if known is not None:
        if not known.complete:
            # Recursion: everything evaluated since then knows only a part of it.
            ev.met_unfinished(key)
        return known
    function = key.function
    depth = len(ev.stack)
    if depth > _DEEPEST_CALL:
        return Summary()
    if function.module.is_library:
        if ev.library_depth >= _DEEPEST_LIBRARY_CALL or not ev.spend_on_library(
            function.module
        ):
            return Summary()
        ev.library_depth += 1
    function.contexts += 1
    place = (function, key.closure)
    ev.contexts[place] = ev.contexts.get(place, 0) + 1
    code = function.code
    environment = Environment(key.closure, function.cls, key.receiver)
    environment.names.update(key.bound)
    frame = Frame(function.module, code, environment, function)
    if ev.notes is not None and function.contexts in _NOTED:
        frame.notes = ev.notes.setdefault(function, CallNotes())
    key.summary = frame.summary
    ev.stack.append(key)
    ev.provisional.append([])
    ev.lowest.append(depth)
    importing, ev.at_import = ev.at_import, ev.at_import and not code.is_async
    ev.run(frame, code.body)
    ev.at_import = importing
    ev.stack.pop()
    lowest = ev.lowest.pop()
    within = ev.provisional.pop()
    frame.summary.complete = True
    if function.module.is_library:
        ev.library_depth -= 1
    if lowest < depth:
        # Part of a cycle whose head is still under way: forget it then.
        within.append(key)
        ev.provisional[-1].extend(within)
        ev.lowest[-1] = min(ev.lowest[-1], lowest)
    else:
        for inner in within:
            if inner.forgotten < _MOST_FORGOTTEN:
                inner.forgotten += 1
                inner.summary = None
    return frame.summary


def construct(
    ev: Evaluator, frame: Frame, atom: ClassAtom, arguments: Arguments, position: int
) -> Value:
    """Make an instance: metaclass, `__new__`, `__init__` or dataclass fields."""
    cls = atom.cls
    special = ev.framework.construct(frame, atom, arguments, position)
    if special is not None:
        return special
    if cls.module.is_library and not frame.module.is_library:
        ev.hand_over(frame, arguments, cls.module.name)
    metacall = _metaclass_call(ev, cls)
    if metacall is not None:
        return ev.call(
            frame,
            (intern(Function, metacall.function, metacall.closure, atom),),
            arguments,
            position,
            None,
        )
    return make_instance(ev, frame, atom, arguments, position)


def _metaclass_call(ev: Evaluator, cls: ClassInfo) -> Function | None:
    for base in cls.mro:
        if isinstance(base, ClassInfo):
            for meta in base.metaclass:
                if isinstance(meta, ClassAtom):
                    found = meta.cls.find("__call__")
                    if found is not None:
                        for method in found[1]:
                            if isinstance(method, Function):
                                return method
    return None


def make_instance(
    ev: Evaluator, frame: Frame, atom: ClassAtom, arguments: Arguments, position: int
) -> Value:
    """Run `__new__` and `__init__` as `type.__call__` does."""
    cls = atom.cls
    new = cls.find("__new__")
    if new is not None:
        made: Value = ()
        for method in new[1]:
            target = method.value if isinstance(method, Wrapped) else (method,)
            for function in target:
                if isinstance(function, Function):
                    bound = intern(Function, function.function, function.closure, atom)
                    made = join(
                        made, ev.call(frame, (bound,), arguments, position, None)
                    )
        known = tuple(a for a in made if isinstance(a, Instance))
        if known and "__init__" not in new[0].namespace:
            for one in known:
                _initialise(ev, frame, one, cls, arguments, position)
            return known
    key: tuple[Any, ...] = tuple(_telling(value) for value in arguments.positional)
    named = tuple(
        (name, _telling(value)) for name, value in sorted(arguments.keywords.items())
    )
    if ev.at_import:
        # Objects made once, with the module, are told apart by where they are made.
        key = (*key, frame.module, position, frame.first_line)
    if cls.is_plain or cls.kinds >= _MOST_KINDS:
        # Records and errors do nothing with what they hold; and a class of which there
        # are too many kinds is not worth telling them apart.
        key, named = (), ()
    elif (key, named) not in cls.seen:
        cls.seen.add((key, named))
        cls.kinds += 1
    depth = 0
    for value in arguments.values():
        for part in value:
            # What is not kept to tell instances apart does not make one deep.
            if not isinstance(part, (Sequence, Mapping)):
                depth = max(depth, part.depth)
    made_instance = instance(cls, True, atom.arguments, (key, named), depth)
    _initialise(ev, frame, made_instance, cls, arguments, position)
    return (made_instance,)


def _telling(value: Value) -> tuple[Any, ...]:
    """Keep of an argument what may tell two instances apart."""
    kept: list[Any] = []
    for atom in value:
        if isinstance(atom, (Sequence, Mapping)):
            kept.append(bool(atom.items) if atom.items is not None else None)
        elif isinstance(atom, Const):
            kept.append(atom if atom.value in (None, True, False) else None)
        elif isinstance(atom, ExternalInstance) and atom.path.startswith("builtins."):
            kept.append(None)
        else:
            kept.append(atom)
    return tuple(kept)


def _initialise(
    ev: Evaluator,
    frame: Frame,
    made: Instance,
    cls: ClassInfo,
    arguments: Arguments,
    position: int,
) -> None:
    init = cls.find("__init__")
    made.prepared = True
    if init is not None:
        for method in init[1]:
            if isinstance(method, Function):
                bound = intern(Function, method.function, method.closure, made)
                ev.call(frame, (bound,), arguments, position, None)
        return
    _fill_fields(ev, frame, made, cls, arguments, position)
    ev.framework.initialise(frame, made, arguments, position)
    post = cls.find("__post_init__")
    if post is not None:
        for method in post[1]:
            if isinstance(method, Function):
                bound = intern(Function, method.function, method.closure, made)
                ev.call(frame, (bound,), NOTHING, position, None)


def _fill_fields(
    ev: Evaluator,
    frame: Frame,
    made: Instance,
    cls: ClassInfo,
    arguments: Arguments,
    position: int,
) -> None:
    names = field_names(cls)
    for name, value in zip(names, arguments.positional, strict=False):
        ev.set_field(made, name, value)
    for name, value in arguments.keywords.items():
        if without_any(value):
            ev.set_field(made, name, value)
    for name in names:
        found = cls.find(name)
        if found is None or name in made.fields:
            continue
        for atom in found[1]:
            if isinstance(atom, Wrapped) and atom.kind == "field":
                ev.set_field(
                    made, name, ev.call(frame, atom.value, NOTHING, position, None)
                )


def field_names(cls: ClassInfo) -> list[str]:
    """Return the annotated names of a class and its bases, in order of declaration."""
    names: list[str] = []
    for base in reversed(cls.mro):
        if isinstance(base, ClassInfo):
            for name in base.annotations:
                if name not in names:
                    names.append(name)
    return names


def awaitable(value: Value) -> Value:
    """Return something whose awaiting gives the value."""
    return (intern(Awaitable, value),)


def is_callable(value: Value) -> bool:
    """Whether any alternative is code that can be followed."""
    return any(
        isinstance(atom, (Function, ClassAtom, Wrapped, Instance)) for atom in value
    )


__all__ = [
    "NOTHING",
    "Any",
    "Arguments",
    "ModuleAtom",
    "awaitable",
    "bind",
    "call_atom",
    "call_function",
    "const",
    "construct",
    "field_names",
    "is_callable",
    "make_instance",
    "result_of",
    "summary_of",
]
