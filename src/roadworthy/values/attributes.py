"""Attributes, items, operators, iteration and `with`: the calls that no call shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Node
from roadworthy.values.atoms import (
    ANY,
    NONE,
    UNKNOWN,
    Atom,
    Awaitable,
    ClassAtom,
    Const,
    External,
    ExternalAttribute,
    ExternalInstance,
    Function,
    Instance,
    Mapping,
    ModuleAtom,
    Sequence,
    Super,
    Suspended,
    Value,
    Wrapped,
    const,
    external_attribute,
    external_instance,
    instance,
    intern,
    join,
    sequence,
    without_any,
)
from roadworthy.values.calls import NOTHING, Arguments
from roadworthy.values.frames import Frame
from roadworthy.values.program import ClassInfo

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator


_MOST_OVERRIDES = 40
"""Implementations of a method that are followed where only the base is known."""
_MOST_HOLDERS = 12
"""Subclasses that are looked into for an attribute that their constructors set."""
_MOST_NAMES = 24
"""Methods that a name made at run time (`f"on_{event}"`) may be, at most."""


def attribute(
    ev: Evaluator,
    frame: Frame,
    owner: Value,
    name: str,
    position: int,
    *,
    called: bool = False,
    quiet: bool = False,
) -> Value:
    """Return the value of an attribute; reading it may run a property."""
    result: Value = ()
    for atom in owner:
        if atom is not NONE[0]:  # from None nothing is read: an error ends that path
            result = join(result, _of_atom(ev, frame, atom, name, position))
    if not without_any(result) and not quiet and called:
        asked = ev.ask(frame, owner, name, position)
        if asked:
            return asked
    return result or UNKNOWN


def _of_atom(
    ev: Evaluator, frame: Frame, atom: Atom, name: str, position: int
) -> Value:
    if atom is ANY:
        return UNKNOWN
    if isinstance(atom, Instance):
        return of_instance(ev, frame, atom, name, position)
    if isinstance(atom, ModuleAtom):
        return ev.module_attribute(atom.module, name)
    if isinstance(atom, External):
        return ev.externals.attribute(atom.path, name)
    if isinstance(atom, (ExternalInstance, ExternalAttribute)):
        return ev.externals.instance_attribute(frame, atom, name, position)
    if isinstance(atom, ClassAtom):
        return of_class(ev, frame, atom, name, position)
    if isinstance(atom, Super):
        return _of_super(ev, frame, atom, name, position)
    if isinstance(atom, Const):
        if isinstance(atom.value, str):
            return _builtin_method(external_instance("builtins.str"), name)
        return UNKNOWN
    if isinstance(atom, (Sequence, Mapping)):
        return _builtin_method(atom, name)
    if isinstance(atom, Wrapped):
        return _of_wrapped(ev, frame, atom, name, position)
    return ev.special_attribute(frame, atom, name, position)


def _builtin_method(atom: Atom, name: str) -> Value:
    return (intern(Wrapped, "builtin method", (atom,), name),)


def _of_wrapped(
    ev: Evaluator, frame: Frame, atom: Wrapped, name: str, position: int
) -> Value:
    if atom.kind in ("property", "cached property") and name in ("setter", "deleter"):
        return (intern(Wrapped, "property setter", (atom,), name),)
    if atom.kind == "partial" and name == "func":
        return atom.value
    if name == "__wrapped__":
        return atom.value
    if atom.kind == "cell":
        if name in ("get", "set"):
            return (intern(Wrapped, f"cell {name}", (), atom.extra),)
        return UNKNOWN
    if atom.kind == "dispatched" and name == "register":
        return (intern(Wrapped, "dispatch register", (atom,), name),)
    return ev.special_attribute(frame, atom, name, position)


# -- instances and classes -----------------------------------------------------------


def of_instance(
    ev: Evaluator, frame: Frame, atom: Instance, name: str, position: int
) -> Value:
    """Return an attribute of an instance, overrides in subclasses included."""
    cls = atom.cls
    if name == "__class__":
        return (intern(ClassAtom, cls, atom.arguments),)
    if name == "__dict__":
        return UNKNOWN
    found = cls.find(name)
    result: Value = ()
    if found is not None:
        result = _bind_all(ev, frame, found[1], atom, found[0], name, position)
    if not atom.exact:
        result = _with_overrides(ev, frame, atom, name, position, result)
    if found is not None and name in found[0].annotations and cls.is_model:
        # The environment, or a request, decides: the default is one answer of several.
        declared = without_any(ev.declared_attribute(atom, name))
        result = join(without_any(result), declared or UNKNOWN)
    if found is None or not _is_method(found[1]) or name in found[0].annotations:
        # `run: Callable[[], int] = nothing` is a field, whatever its default.
        held = _field(ev, frame, atom, name)
        if held:
            fields_only = found is None or not _is_descriptor(found[1])
            # Until a method sets it, the class's own value stands: often None.
            defaults = tuple(part for part in result if isinstance(part, Const))
            result = join(held, defaults if fields_only else result)
            if found is not None and fields_only and not without_any(held):
                result = join(
                    held,
                    _bind_all(ev, frame, found[1], atom, found[0], name, position),
                )
    if result:
        return result
    declared = ev.declared_attribute(atom, name)
    if declared:
        return declared
    for base in cls.library_bases():
        inherited = ev.externals.inherited_attribute(frame, atom, base, name, position)
        if inherited:
            return inherited
    if cls.declared is not None:
        told = instance(cls.declared, True, atom.arguments, atom.key)
        value = of_instance(ev, frame, told, name, position)
        if without_any(value):
            return value
    getter = cls.find("__getattr__")
    if getter is not None:
        method = _bind_all(ev, frame, getter[1], atom, getter[0], name, position)
        return ev.call(frame, method, Arguments((ev.text(name),)), position, None)
    return UNKNOWN


def _is_method(value: Value) -> bool:
    return any(
        isinstance(atom, Function)
        or (isinstance(atom, Wrapped) and atom.kind == "property")
        for atom in value
    )


def _is_descriptor(value: Value) -> bool:
    return any(
        isinstance(atom, Wrapped) and atom.kind in ("property", "cached property")
        for atom in value
    )


def _field(ev: Evaluator, frame: Frame, atom: Instance, name: str) -> Value:
    ev.prepare(atom, name)
    value = atom.fields.get(name, ())
    if not value:
        return ()
    if atom.cls.module.is_library and any(
        isinstance(held, ExternalInstance) for held in value
    ):
        return value  # given from outside: what is declared would add other kinds
    if not ev.at_import and ev.may_change(atom.cls, name, value):
        # None so far, but something sets it later: what is declared for it, mostly.
        later = ev.declared_attribute(atom, name) or ev.parameter_type(atom, name)
        return join(join(value, later), UNKNOWN)
    return value


def _with_overrides(
    ev: Evaluator, frame: Frame, atom: Instance, name: str, position: int, known: Value
) -> Value:
    result = known
    # An abstract or stub method is never what runs where an implementation exists.
    stub = bool(known) and all(
        isinstance(method, Function) and method.function.code.is_stub
        for method in known
    )
    overriding: Value = ()
    overrides = 0
    absent = not known and atom.cls.find(name) is None
    for number, cls in enumerate(ev.implementations(atom.cls)):
        if name in cls.namespace:
            overrides += 1
            if overrides > _MOST_OVERRIDES:
                break
            receiver = ev.instance_like(atom, cls)
            overriding = join(
                overriding,
                _bind_all(
                    ev, frame, cls.namespace[name], receiver, cls, name, position
                ),
            )
        elif absent and number < _MOST_HOLDERS:
            receiver = ev.instance_like(atom, cls)
            overriding = join(
                overriding,
                without_any(of_instance(ev, frame, receiver, name, position)),
            )
    if stub and without_any(overriding):
        # What a protocol describes may be a library's besides.
        return join(overriding, result) if atom.cls.is_protocol else overriding
    return join(result, overriding)


def _bind_all(
    ev: Evaluator,
    frame: Frame,
    value: Value,
    receiver: Atom,
    cls: ClassInfo,
    name: str,
    position: int,
) -> Value:
    result: Value = ()
    for atom in value:
        result = join(result, _bind(ev, frame, atom, receiver, cls, name, position))
    return result


def _bind(
    ev: Evaluator,
    frame: Frame,
    atom: Atom,
    receiver: Atom,
    cls: ClassInfo,
    name: str,
    position: int,
) -> Value:
    if isinstance(atom, Function):
        if atom.receiver is not None or atom.function.code.name == "__new__":
            return (atom,)
        return (intern(Function, atom.function, atom.closure, receiver),)
    if isinstance(atom, Wrapped):
        return _bind_wrapped(ev, frame, atom, receiver, cls, name, position)
    if isinstance(atom, Instance):
        getter = atom.cls.find("__get__")
        if getter is not None:
            method = _bind_all(
                ev, frame, getter[1], atom, getter[0], "__get__", position
            )
            arguments = Arguments(((receiver,), UNKNOWN))
            return ev.call(frame, method, arguments, position, None)
        return (atom,)
    if isinstance(atom, ExternalInstance):
        return ev.externals.descriptor(frame, atom, receiver, name, position)
    return (atom,)


def _bind_wrapped(
    ev: Evaluator,
    frame: Frame,
    atom: Wrapped,
    receiver: Atom,
    cls: ClassInfo,
    name: str,
    position: int,
) -> Value:
    kind = atom.kind
    if kind in ("property", "cached property"):
        method = _bind_all(ev, frame, atom.value, receiver, cls, name, position)
        if kind == "cached property" and isinstance(receiver, Instance):
            held = receiver.fields.get(name)
            if held and ev.at_import is False and (receiver, name) in ev.warmed:
                return held
        value = ev.call(frame, method, NOTHING, position, None)
        if (
            kind == "cached property"
            and ev.at_import
            and isinstance(receiver, Instance)
        ):
            ev.warmed[(receiver, name)] = value
            receiver.fields[name] = value
        return value
    if kind == "static":
        return atom.value
    if kind == "class method":
        owner: Atom = receiver
        if isinstance(receiver, Instance):
            owner = intern(ClassAtom, receiver.cls, receiver.arguments)
        return _bind_all(ev, frame, atom.value, owner, cls, name, position)
    if kind in (
        "cached",
        "context",
        "async context",
        "off loop",
        "async to sync",
        "task",
        "dispatched",
        "retried",
    ):
        bound = _bind_all(ev, frame, atom.value, receiver, cls, name, position)
        return (intern(Wrapped, kind, bound, atom.extra),)
    if kind == "depends":
        return ev.framework.injected(frame, atom, receiver, name)
    if kind == "field":
        return ()
    if kind == "partial method":
        bound = _bind_all(ev, frame, atom.value, receiver, cls, name, position)
        return (intern(Wrapped, "partial", bound, atom.extra),)
    return (atom,)


def of_class(
    ev: Evaluator, frame: Frame, atom: ClassAtom, name: str, position: int
) -> Value:
    """Return an attribute of a class itself."""
    cls = atom.cls
    if name == "__name__":
        return ev.text(cls.name)
    found = cls.find(name)
    if found is not None:
        result: Value = ()
        for held in found[1]:
            if isinstance(held, Wrapped) and held.kind in ("class method", "static"):
                result = join(
                    result,
                    _bind_wrapped(ev, frame, held, atom, found[0], name, position),
                )
            elif isinstance(held, Wrapped) and held.kind == "cached":
                inner: Value = ()
                for value in held.value:
                    if isinstance(value, Wrapped):
                        inner = join(
                            inner,
                            _bind_wrapped(
                                ev, frame, value, atom, found[0], name, position
                            ),
                        )
                    else:
                        inner = join(inner, (value,))
                result = join(result, (intern(Wrapped, "cached", inner, held.extra),))
            elif isinstance(held, Const) and held.value is None and not ev.at_import:
                # A class attribute that begins as None is mostly filled later.
                result = join(join(result, (held,)), UNKNOWN)
            elif ev.is_enumeration(cls) and not isinstance(held, (Function, Wrapped)):
                member = ev.instance_of(cls, exact=True)
                result = join(result, member)
            else:
                result = join(result, ev.externals.of_class((held,), atom))
        return result
    for base in cls.mro:
        if isinstance(base, ClassInfo):
            for meta in base.metaclass:
                if isinstance(meta, ClassAtom):
                    held_by_meta = meta.cls.find(name)
                    if held_by_meta is not None:
                        return _bind_all(
                            ev, frame, held_by_meta[1], atom, meta.cls, name, position
                        )
    for library_base in cls.library_bases():
        inherited = ev.externals.inherited_attribute(
            frame, atom, library_base, name, position
        )
        if inherited:
            return inherited
    return UNKNOWN


def _of_super(
    ev: Evaluator, frame: Frame, atom: Super, name: str, position: int
) -> Value:
    receiver = atom.receiver
    runtime = atom.cls
    if isinstance(receiver, (Instance, ClassAtom)):
        runtime = receiver.cls
    mro = runtime.mro
    start = mro.index(atom.cls) + 1 if atom.cls in mro else 0
    for base in mro[start:]:
        if isinstance(base, str):
            inherited = ev.externals.inherited_attribute(
                frame, receiver, base, name, position
            )
            if inherited:
                return inherited
        elif name in base.namespace:
            return _bind_all(
                ev, frame, base.namespace[name], receiver, base, name, position
            )
    return UNKNOWN


def set_attribute(
    ev: Evaluator, frame: Frame, atom: Atom, name: str, value: Value, position: int
) -> None:
    """Carry out `atom.name = value`."""
    if isinstance(atom, Instance):
        found = atom.cls.find(name)
        if found is not None:
            for held in found[1]:
                if isinstance(held, Wrapped) and held.kind == "property" and held.extra:
                    setter = _bind_all(
                        ev, frame, held.extra, atom, found[0], name, position
                    )
                    ev.call(frame, setter, Arguments((value,)), position, None)
                    return
                if isinstance(held, Instance) and held.cls.find("__set__"):
                    method = of_instance(ev, frame, held, "__set__", position)
                    ev.call(frame, method, Arguments(((atom,), value)), position, None)
                    return
        hook = atom.cls.find("__setattr__")
        if hook is not None:
            method = of_instance(ev, frame, atom, "__setattr__", position)
            ev.call(frame, method, Arguments((ev.text(name), value)), position, None)
        ev.set_field(atom, name, value)
    elif isinstance(atom, ClassAtom):
        known = atom.cls.namespace.get(name, ())
        if ev.at_import:
            atom.cls.namespace[name] = value
        else:
            atom.cls.namespace[name] = join(known, value)
    elif isinstance(atom, ModuleAtom):
        names = atom.module.environment.names
        names[name] = value if ev.at_import else join(names.get(name, ()), value)
    else:
        ev.set_special_attribute(frame, atom, name, value)


# -- items, operators, iteration -----------------------------------------------------


def item(
    ev: Evaluator, frame: Frame, owner: Value, index: Value, position: int
) -> Value:
    """Return `owner[index]`."""
    result: Value = ()
    for atom in owner:
        result = join(result, _item_of(ev, frame, atom, index, position))
    return result or UNKNOWN


def _item_of(
    ev: Evaluator, frame: Frame, atom: Atom, index: Value, position: int
) -> Value:
    if isinstance(atom, Mapping):
        if atom.items is not None and len(index) == 1:
            key = index[0].value if isinstance(index[0], Const) else index[0]
            for known, value in atom.items:
                if known == key and type(known) is type(key):
                    return value
            if key is not ANY and isinstance(index[0], Const):
                return UNKNOWN
        if atom.items is not None:
            everything: Value = ()
            for known, value in atom.items:
                if len(index) != 1 or _may_equal(known, index[0]):
                    everything = join(everything, value)
            return everything or atom.element
        return atom.element
    if isinstance(atom, Sequence):
        if atom.items is not None and len(index) == 1:
            number = index[0].value if isinstance(index[0], Const) else None
            if isinstance(number, int) and number < len(atom.items):
                return atom.items[number]
            if (
                isinstance(index[0], ExternalInstance)
                and index[0].path == "builtins.slice"
            ):
                return sequence(atom.kind, None, element_of(ev, frame, atom))
        return element_of(ev, frame, atom)
    if isinstance(atom, (Instance, Super)):
        method = (
            of_instance(ev, frame, atom, "__getitem__", position)
            if isinstance(atom, Instance)
            else _of_super(ev, frame, atom, "__getitem__", position)
        )
        if without_any(method):
            return ev.call(frame, method, Arguments((index,)), position, None)
        return UNKNOWN
    if isinstance(atom, ClassAtom):
        getter = atom.cls.find("__class_getitem__")
        if ev.is_enumeration(atom.cls):
            return ev.instance_of(atom.cls, exact=True)
        if getter is not None and not ev.is_generic(atom.cls):
            bound = _bind_all(
                ev, frame, getter[1], atom, getter[0], "__class_getitem__", position
            )
            made = ev.call(frame, bound, Arguments((index,)), position, None)
            # Mostly the class again; a marker makes `Annotated[T, …]` of the index.
            return tuple(a for a in made if isinstance(a, Wrapped)) or (atom,)
        for base in atom.cls.library_bases():
            found = ev.externals.class_item(frame, atom, base, position)
            if found:
                return found
        arguments: tuple[Value, ...] = (index,)
        if (
            len(index) == 1
            and isinstance(index[0], Sequence)
            and index[0].items is not None
        ):
            arguments = index[0].items
        return (intern(ClassAtom, atom.cls, arguments),)
    if isinstance(atom, External):
        return ev.externals.subscript(atom, index)
    if isinstance(atom, (ExternalInstance, ExternalAttribute)):
        return ev.externals.item(frame, atom, index, position)
    return UNKNOWN


def _may_equal(one: Any, other: Any) -> bool:
    """Whether two keys may be the same: tuples with different constants are not."""
    if isinstance(one, Sequence) and isinstance(other, Sequence):
        if one.items is None or other.items is None:
            return True
        if len(one.items) != len(other.items):
            return False
        for left, right in zip(one.items, other.items, strict=True):
            if len(left) == 1 and len(right) == 1:
                first, second = left[0], right[0]
                if (
                    isinstance(first, Const)
                    and isinstance(second, Const)
                    and first is not second
                ):
                    return False
    return True


def set_item(ev: Evaluator, frame: Frame, target: Node, value: Value) -> None:
    """Carry out `owner[index] = value`; containers held by names are rebound."""
    _, owner_node, index_node, position = target
    owner = ev.evaluate(frame, owner_node)
    index = ev.evaluate(frame, index_node)
    ev.special(frame, owner, "__setitem__", (index, value), position)
    atom = _container(owner)
    rest = tuple(part for part in owner if part is not atom)
    if isinstance(atom, Mapping):
        items = atom.items
        key: Any = None
        if len(index) == 1 and index[0] is not ANY:
            key = index[0].value if isinstance(index[0], Const) else index[0]
        if items is not None and key is not None and len(items) < 60:
            items = tuple(pair for pair in items if pair[0] != key)
            items = (*items, (key, value))
        else:
            items = None
        element = grown(atom.element, value) if atom.element != UNKNOWN else value
        changed: Value = (intern(Mapping, items, UNKNOWN, element or UNKNOWN),)
        rebind(ev, frame, owner_node, join(rest, changed))
    elif isinstance(atom, Sequence):
        element = join(element_of(ev, frame, atom), value)
        changed = sequence(atom.kind, None, element)
        rebind(ev, frame, owner_node, join(rest, changed))


def _container(owner: Value) -> Atom | None:
    """Return the one container that a value may be, if it is only one."""
    found = [atom for atom in owner if isinstance(atom, (Sequence, Mapping))]
    return found[0] if len(found) == 1 else None


def grown(known: Value, value: Value) -> Value:
    """Return what held a container, now that it holds what the container became."""
    became, before = _container(value), _container(known)
    if became is None or before is None or type(became) is not type(before):
        return join(known, value)
    kept = tuple(atom for atom in known if atom is not before)
    if isinstance(became, Sequence) and isinstance(before, Sequence):
        if became.kind != before.kind:
            return join(known, value)
        element: Value = ()
        for one in (before, became):
            if one.items is None:
                element = join(element, one.element if one.element != UNKNOWN else ())
            for item_value in one.items or ():
                element = join(element, item_value)
        merged = sequence(became.kind, None, element or UNKNOWN)
        return join(join(kept, merged), tuple(a for a in value if a is not became))
    if isinstance(became, Mapping) and isinstance(before, Mapping):
        inner = tuple(a for a in before.element if a is not ANY)
        both: Value = (
            intern(Mapping, None, UNKNOWN, grown(inner, became.element) or UNKNOWN),
        )
        return join(join(kept, both), tuple(a for a in value if a is not became))
    return join(known, value)


def rebind(ev: Evaluator, frame: Frame, node: Node, value: Value) -> None:
    """Let the name or attribute that held a container hold its changed form."""
    kind = node[0]
    if kind == c.NAME:
        ev.rebind_name(frame, node[1], value)
    elif kind == c.ATTR:
        for owner in ev.evaluate(frame, node[1]):
            if isinstance(owner, Instance):
                held = owner.fields.get(node[2], ())
                owner.fields[node[2]] = _replaced(held, value)
            elif isinstance(owner, ClassAtom):
                found = owner.cls.find(node[2])
                holder = found[0] if found is not None else owner.cls
                holder.namespace[node[2]] = value
            elif isinstance(owner, ModuleAtom):
                owner.module.environment.names[node[2]] = value
    elif kind == c.SUBSCRIPT:
        # `self.handlers[name].append(f)`
        set_item(ev, frame, node, value)
    elif kind == c.CALL and node[1][0] == c.ATTR and node[1][2] == "setdefault":
        # `handlers.setdefault(name, []).append(f)`
        if len(node[2]) == 2:
            set_item(ev, frame, (c.SUBSCRIPT, node[1][1], node[2][0], node[4]), value)


def _replaced(held: Value, value: Value) -> Value:
    """Return what held a container, of which the value is the changed form."""
    before, after = _container(held), _container(value)
    if before is None or type(before) is not type(after):
        return join(held, value)
    return join(tuple(atom for atom in held if atom is not before), value)


_GROWING = {"append": 0, "add": 0, "insert": 1, "appendleft": 0}


def mutate(
    ev: Evaluator, frame: Frame, node: Node, owner: Value, arguments: Arguments
) -> bool:
    """Carry out `list.append` and the like on a container that a name holds."""
    _, owner_node, name, _position = node
    atom = _container(owner)
    rest = tuple(part for part in owner if part is not atom)
    if isinstance(atom, Sequence):
        if name in _GROWING:
            added = arguments.get(_GROWING[name])
            if added is None:
                return False
            if atom.items is not None and len(atom.items) < 40 and ev.at_import:
                changed = sequence(atom.kind, (*atom.items, added), UNKNOWN)
            else:
                element = join(element_of(ev, frame, atom, empty=()), added)
                changed = sequence(atom.kind, None, element)
            rebind(ev, frame, owner_node, join(rest, changed))
            return not rest
        if name in ("extend", "update") and arguments.positional:
            element = element_of(ev, frame, atom, empty=())
            for other in arguments.positional[0]:
                element = join(element, element_of(ev, frame, other))
            changed = sequence(atom.kind, None, element or UNKNOWN)
            rebind(ev, frame, owner_node, join(rest, changed))
            return not rest
    if isinstance(atom, Mapping) and name in ("update", "setdefault"):
        element = atom.element if atom.element != UNKNOWN else ()
        items = atom.items
        if name == "setdefault" and len(arguments.positional) == 2:
            element = join(element, arguments.positional[1])
            changed_map: Value = (intern(Mapping, None, UNKNOWN, element or UNKNOWN),)
            rebind(ev, frame, owner_node, join(rest, changed_map))
            return False
        known = True
        for other in arguments.positional[0] if arguments.positional else ():
            if isinstance(other, Mapping) and other.items is not None:
                items = (*(items or ()), *other.items)
                for _, value in other.items:
                    element = join(element, value)
            else:
                known = False
        for keyword, value in arguments.keywords.items():
            items = (*(items or ()), (keyword, value))
            element = join(element, value)
        if not known or (items is not None and len(items) > 60):
            items = None
        changed_map = (intern(Mapping, items, UNKNOWN, element or UNKNOWN),)
        rebind(ev, frame, owner_node, join(rest, changed_map))
        return not rest
    return False


def builtin_method(
    ev: Evaluator, frame: Frame, atom: Wrapped, arguments: Arguments, position: int
) -> Value:
    """Return what a method of a list, dict or string gives."""
    owner = atom.value[0]
    name = atom.extra
    if isinstance(owner, Mapping):
        if name in ("get", "pop", "setdefault") and arguments.positional:
            found = _item_of(ev, frame, owner, arguments.positional[0], position)
            if len(arguments.positional) > 1:
                return join(found, arguments.positional[1])
            if owner.items is not None and found != UNKNOWN and ANY not in found:
                known = {key for key, _ in owner.items if isinstance(key, str)}
                index = arguments.positional[0]
                if (
                    len(index) == 1
                    and isinstance(index[0], Const)
                    and index[0].value in known
                ):
                    return found
            return join(found, NONE)
        if name == "values":
            return sequence("iterator", _mapping_values(owner), owner.element)
        if name == "items":
            items = None
            if owner.items is not None:
                items = tuple(
                    sequence("tuple", (_key_value(key), value), UNKNOWN)
                    for key, value in owner.items
                )
            pair = sequence("tuple", (owner.key, owner.element), UNKNOWN)
            return sequence("iterator", items, pair)
        if name in ("copy",):
            return (owner,)
        if name == "keys":
            keys = None
            if owner.items is not None:
                keys = tuple(_key_value(key) for key, _ in owner.items)
            return sequence("iterator", keys, owner.key)
    if isinstance(owner, Sequence):
        if name in ("pop", "popleft"):
            return element_of(ev, frame, owner)
        if name in ("copy", "union", "intersection", "difference"):
            return (owner,)
        if name == "sort":
            key_function = arguments.keywords.get("key")
            if key_function is not None:
                ev.call(
                    frame,
                    key_function,
                    Arguments((element_of(ev, frame, owner),)),
                    position,
                    None,
                )
            return NONE
    if isinstance(owner, ExternalInstance) and owner.path == "builtins.str":
        if name == "join" and arguments.positional:
            ev.iterate(frame, arguments.positional[0], position, is_async=False)
        if name in ("split", "splitlines", "rsplit"):
            return sequence("list", None, (external_instance("builtins.str"),))
        if name in ("startswith", "endswith", "isdigit", "find", "count", "encode"):
            return UNKNOWN
        return (external_instance("builtins.str"),)
    return UNKNOWN


def _key_value(key: Any) -> Value:
    if isinstance(key, Atom):
        return (key,)
    return const(key)


def _mapping_values(owner: Mapping) -> tuple[Value, ...] | None:
    if owner.items is None:
        return None
    return tuple(value for _, value in owner.items)


def element_of(
    ev: Evaluator, frame: Frame, atom: Atom, empty: Value = UNKNOWN
) -> Value:
    """Return what iterating over an atom yields, without running anything."""
    if isinstance(atom, Sequence):
        if atom.items is None:
            return atom.element
        element: Value = ()
        for value in atom.items:
            element = join(element, value)
        return element or empty
    if isinstance(atom, Mapping):
        if atom.items is not None and 0 < len(atom.items) <= 8:
            keys: Value = ()
            for key, _ in atom.items:
                keys = join(keys, _key_value(key))
            return keys
        return atom.key
    return UNKNOWN


def iterate(
    ev: Evaluator, frame: Frame, value: Value, position: int, *, is_async: bool
) -> Value:
    """Return the elements of an iteration, running generators and `__iter__`."""
    result: Value = ()
    for atom in value:
        if atom in ev.iterating:
            # Its iterator is, or may be, an object of the same kind again.
            result = join(result, UNKNOWN)
            continue
        ev.iterating.append(atom)
        result = join(result, _iterate_atom(ev, frame, atom, position, is_async))
        ev.iterating.pop()
    return result or UNKNOWN


def _iterate_atom(
    ev: Evaluator, frame: Frame, atom: Atom, position: int, is_async: bool
) -> Value:
    if isinstance(atom, Suspended):
        key = atom.call
        summary = ev.summary_of(key)
        if atom.kind == "generator":
            ev.take_over(
                frame, position, key.function.qualified_name, summary, key.function
            )
        return summary.yields or UNKNOWN
    if isinstance(atom, (Sequence, Mapping)):
        return element_of(ev, frame, atom)
    if isinstance(atom, Wrapped) and atom.kind == "lazy map":
        elements = tuple(
            iterate(ev, frame, value, position, is_async=False) for value in atom.extra
        )
        return ev.call(frame, atom.value, Arguments(elements), position, None)
    if isinstance(atom, Instance):
        enter = "__aiter__" if is_async else "__iter__"
        step = "__anext__" if is_async else "__next__"
        found = atom.cls.find(enter)
        if found is not None:
            method = of_instance(ev, frame, atom, enter, position)
            iterator = ev.call(frame, method, NOTHING, position, None)
            if iterator == (atom,):
                return _step(ev, frame, atom, step, position)
            return iterate(ev, frame, iterator, position, is_async=is_async)
        if atom.cls.find("__getitem__") is not None and not is_async:
            return item(ev, frame, (atom,), UNKNOWN, position)
        for base in atom.cls.library_bases():
            result = ev.externals.iterate_base(frame, atom, base, position)
            if result:
                return result
        if atom.cls.find(step) is not None:
            return _step(ev, frame, atom, step, position)
        return UNKNOWN
    if isinstance(atom, (ExternalInstance, ExternalAttribute)):
        if is_async:
            return UNKNOWN
        return ev.externals.iterate(frame, atom, position)
    if isinstance(atom, ClassAtom):
        if ev.is_enumeration(atom.cls):
            return ev.instance_of(atom.cls, exact=True)
        inherited = of_class(ev, frame, atom, "__iter__", position)
        if without_any(inherited):
            return ev.call(frame, inherited, NOTHING, position, None)
    return UNKNOWN


def _step(
    ev: Evaluator, frame: Frame, atom: Instance, step: str, position: int
) -> Value:
    method = of_instance(ev, frame, atom, step, position)
    if not without_any(method):
        return UNKNOWN
    value = ev.call(frame, method, NOTHING, position, None)
    if step == "__anext__":
        return ev.awaited(frame, value, position)
    return value


_LONGEST_TEXT = 300
_OPERATORS = {
    "Add": "add",
    "Sub": "sub",
    "Mult": "mul",
    "MatMult": "matmul",
    "Div": "truediv",
    "FloorDiv": "floordiv",
    "Mod": "mod",
    "Pow": "pow",
    "LShift": "lshift",
    "RShift": "rshift",
    "BitOr": "or",
    "BitAnd": "and",
    "BitXor": "xor",
}


def binary(
    ev: Evaluator,
    frame: Frame,
    operator: str,
    left: Value,
    right: Value,
    position: int,
    in_place: bool = False,
) -> Value:
    """Return `left operator right`; the operator's method may be the project's."""
    name = _OPERATORS[operator]
    result: Value = ()
    for atom in left:
        one: Value = ()
        if isinstance(atom, Instance):
            methods = [f"__i{name}__", f"__{name}__"] if in_place else [f"__{name}__"]
            for method_name in methods:
                if atom.cls.find(method_name) is not None:
                    method = of_instance(ev, frame, atom, method_name, position)
                    one = ev.call(frame, method, Arguments((right,)), position, None)
                    break
        elif isinstance(atom, Sequence) and operator == "Add":
            for other in right:
                if isinstance(other, Sequence):
                    one = join(one, _concatenated(ev, frame, atom, other))
        elif isinstance(atom, Mapping) and operator == "BitOr":
            one = (atom,)
        elif isinstance(atom, ExternalInstance):
            one = ev.externals.operator(atom, name)
        elif operator == "BitOr" and _is_type(atom):
            # `A | B` as a type.
            one = (intern(Wrapped, "union", (atom,), right),)
        elif isinstance(atom, Const) and isinstance(atom.value, str):
            one = _joined_text(operator, atom.value, right)
        result = join(result, one or UNKNOWN)
    for atom in right:
        if isinstance(atom, Instance) and atom.cls.find(f"__r{name}__") is not None:
            method = of_instance(ev, frame, atom, f"__r{name}__", position)
            result = join(
                result, ev.call(frame, method, Arguments((left,)), position, None)
            )
        elif isinstance(atom, ExternalInstance) and not without_any(result):
            result = join(result, ev.externals.operator(atom, f"r{name}"))
    return result or UNKNOWN


def _is_type(atom: Atom) -> bool:
    """Whether an atom may stand for a type left of `|`."""
    if isinstance(atom, Wrapped):
        return atom.kind in ("union", "subscript", "new type")
    return isinstance(atom, (ClassAtom, External, Const))


def _joined_text(operator: str, left: str, right: Value) -> Value:
    """Return a constant text with what is added to it, as paths and keys are made."""
    only = right[0] if len(right) == 1 else None
    other = only.value if isinstance(only, Const) else None
    if operator == "Add":
        if isinstance(other, str) and len(left) + len(other) <= _LONGEST_TEXT:
            return const(left + other)
        if left.endswith("_") and left.isidentifier():
            return (external_instance("builtins.str", (const(left), const(""))),)
    if (
        operator == "Mod"
        and left.count("%") == left.count("%s") == 1
        and isinstance(other, (str, int))
        and len(left) + len(str(other)) <= _LONGEST_TEXT
    ):
        return const(left.replace("%s", str(other)))
    return (external_instance("builtins.str"),)


def names_like(ev: Evaluator, owner: Atom, name: Value) -> tuple[str, ...]:
    """Return the attributes of an object that a partly known name may be."""
    text = name[0] if len(name) == 1 else None
    if not (isinstance(text, ExternalInstance) and len(text.arguments) == 2):
        return ()
    before, after = (
        part[0].value if isinstance(part[0], Const) else "" for part in text.arguments
    )
    names: list[str] = []
    if isinstance(owner, (Instance, ClassAtom)):
        for base in owner.cls.mro:
            if isinstance(base, ClassInfo):
                names.extend(base.namespace)
    elif isinstance(owner, ModuleAtom):
        names.extend(owner.module.environment.names)
    found = dict.fromkeys(
        one
        for one in names
        if one.startswith(before)
        and one.endswith(after)
        and len(one) > len(before) + len(after)
        and not one.startswith("__")
    )
    return tuple(found) if len(found) <= _MOST_NAMES else ()


def _concatenated(
    ev: Evaluator, frame: Frame, left: Sequence, right: Sequence
) -> Value:
    if left.items is not None and right.items is not None:
        if len(left.items) + len(right.items) <= 40:
            return sequence(left.kind, (*left.items, *right.items), UNKNOWN)
    element = join(
        element_of(ev, frame, left, empty=()), element_of(ev, frame, right, empty=())
    )
    return sequence(left.kind, None, element or UNKNOWN)


def special(
    ev: Evaluator,
    frame: Frame,
    owner: Value,
    name: str,
    arguments: tuple[Value, ...],
    position: int,
) -> bool:
    """Call a special method of the project's instances; return whether there is one."""
    met = False
    for atom in owner:
        if isinstance(atom, Instance) and atom.cls.find(name) is not None:
            method = of_instance(ev, frame, atom, name, position)
            ev.call(frame, method, Arguments(arguments), position, None)
            met = True
        elif isinstance(atom, (ExternalInstance, ExternalAttribute)):
            ev.externals.special(frame, atom, name, position)
    return met


def enter(
    ev: Evaluator, frame: Frame, manager: Value, position: int, *, is_async: bool
) -> Value:
    """Enter and leave a `with` block; return what `as` binds."""
    result: Value = ()
    for atom in manager:
        if isinstance(atom, Suspended):
            key = atom.call
            summary = ev.summary_of(key)
            if atom.kind in ("context", "generator"):
                ev.take_over(
                    frame, position, key.function.qualified_name, summary, key.function
                )
            result = join(result, ev.yielded(key, summary))
        elif isinstance(atom, Instance):
            result = join(result, _enter_instance(ev, frame, atom, position, is_async))
        elif isinstance(atom, (ExternalInstance, ExternalAttribute)):
            result = join(
                result, ev.externals.enter(frame, atom, position, is_async=is_async)
            )
        elif isinstance(atom, Awaitable):
            result = join(result, atom.value)
        else:
            result = join(result, UNKNOWN)
    return result or UNKNOWN


def _enter_instance(
    ev: Evaluator, frame: Frame, atom: Instance, position: int, is_async: bool
) -> Value:
    first, last = ("__aenter__", "__aexit__") if is_async else ("__enter__", "__exit__")
    value: Value = (atom,)
    if atom.cls.find(first) is not None:
        method = of_instance(ev, frame, atom, first, position)
        value = ev.call(frame, method, NOTHING, position, None)
        if is_async:
            value = ev.awaited(frame, value, position)
    else:
        for base in atom.cls.library_bases():
            inherited = ev.externals.enter_base(frame, atom, base, position, is_async)
            if inherited:
                value = inherited
    if atom.cls.find(last) is not None:
        method = of_instance(ev, frame, atom, last, position)
        ev.call(frame, method, Arguments((NONE, NONE, NONE)), position, None)
    return value


__all__ = [
    "Function",
    "attribute",
    "binary",
    "builtin_method",
    "element_of",
    "enter",
    "external_attribute",
    "item",
    "iterate",
    "mutate",
    "of_class",
    "of_instance",
    "rebind",
    "set_attribute",
    "set_item",
    "special",
]
