"""What annotations say of values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadworthy.values.atoms import (
    ANY,
    NONE,
    UNKNOWN,
    Atom,
    ClassAtom,
    Const,
    External,
    Instance,
    Mapping,
    Sequence,
    TypeVariable,
    Value,
    Wrapped,
    external_instance,
    intern,
    join,
    sequence,
)
from roadworthy.values.calls import awaitable
from roadworthy.values.program import ClassInfo

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

_TYPING = ("typing.", "typing_extensions.", "collections.abc.", "builtins.")

_CONTAINERS = {
    "list": "list",
    "List": "list",
    "set": "set",
    "Set": "set",
    "frozenset": "set",
    "FrozenSet": "set",
    "deque": "list",
    "Sequence": "list",
    "MutableSequence": "list",
    "Collection": "list",
    "Iterable": "iterator",
    "Iterator": "iterator",
    "Generator": "iterator",
    "AsyncIterator": "iterator",
    "AsyncGenerator": "iterator",
    "AsyncIterable": "iterator",
}
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "OrderedDict"}
_CLASSES = ("builtins.type", "typing.Type")
_SAME = {"ClassVar", "Final", "Required", "NotRequired", "ReadOnly", "Annotated"}


def instances(ev: Evaluator, types: Value, receiver: Atom | None) -> Value:
    """Return the value that something annotated with these types has."""
    result: Value = ()
    for atom in types:
        result = join(result, _instance_of(ev, atom, receiver))
    return result or UNKNOWN


def _instance_of(ev: Evaluator, atom: Atom, receiver: Atom | None) -> Value:
    if isinstance(atom, ClassAtom):
        return ev.instance_of(
            atom.cls, exact=False, arguments=_resolved(ev, atom.arguments, receiver)
        )
    if isinstance(atom, External):
        return _of_external(ev, atom.path, receiver)
    if isinstance(atom, Const):
        return NONE if atom.value is None else UNKNOWN
    if isinstance(atom, TypeVariable):
        return _of_variable(ev, atom, receiver)
    if isinstance(atom, Wrapped):
        if atom.kind == "union":
            left = instances(ev, atom.value, receiver)
            return join(left, instances(ev, atom.extra, receiver))
        if atom.kind == "subscript":
            return _of_subscript(ev, atom, receiver)
        if atom.kind == "new type":
            return instances(ev, atom.value, receiver)
    return UNKNOWN


def _resolved(
    ev: Evaluator, arguments: tuple[Value, ...], receiver: Atom | None
) -> tuple[Value, ...]:
    """Replace type variables in type arguments by what they stand for."""
    if not arguments:
        return arguments
    resolved: list[Value] = []
    for value in arguments:
        part: Value = ()
        for atom in value:
            if isinstance(atom, TypeVariable):
                part = join(part, variable_types(ev, atom, receiver) or (atom,))
            else:
                part = join(part, (atom,))
        resolved.append(part)
    return tuple(resolved)


def _of_external(ev: Evaluator, path: str, receiver: Atom | None) -> Value:
    head, _, tail = path.rpartition(".")
    if head in ("typing", "typing_extensions"):
        if tail == "Self" and receiver is not None:
            if isinstance(receiver, ClassAtom):
                return ev.instance_of(receiver.cls, exact=True)
            return (receiver,)
        if tail in _CONTAINERS or tail in _MAPPINGS:
            return UNKNOWN
        return UNKNOWN
    if head == "builtins" and tail in ("object", "type"):
        return UNKNOWN
    if path in ("builtins.list", "builtins.set", "builtins.tuple"):
        return sequence(tail, None, UNKNOWN)
    if path == "builtins.dict":
        return (intern(Mapping, None, UNKNOWN, UNKNOWN),)
    if head == "collections.abc":
        return UNKNOWN
    return (external_instance(path),)


def variable_types(ev: Evaluator, atom: TypeVariable, receiver: Atom | None) -> Value:
    """Return the types that a type variable stands for on a receiver."""
    if isinstance(receiver, (Instance, ClassAtom)):
        cls: ClassInfo = receiver.cls
        found = cls.variables.get(atom.name)
        if found and not all(isinstance(part, TypeVariable) for part in found):
            return found
        for parameter, value in zip(cls.parameters, receiver.arguments, strict=False):
            if parameter == atom.name:
                return value
        if found:
            for part in found:
                if isinstance(part, TypeVariable):
                    for parameter, value in zip(
                        cls.parameters, receiver.arguments, strict=False
                    ):
                        if parameter == part.name:
                            return value
    return ()


def _of_variable(ev: Evaluator, atom: TypeVariable, receiver: Atom | None) -> Value:
    types = variable_types(ev, atom, receiver)
    if not types:
        types = ev.told_variables.get(atom.name, ()) or atom.bound
    types = tuple(part for part in types if not isinstance(part, TypeVariable))
    if not types or types == UNKNOWN or atom in ev.resolving:
        # A variable may stand for a type that is made of itself: `T` for `list[T]`.
        return UNKNOWN
    ev.resolving.append(atom)
    value = instances(ev, types, receiver)
    ev.resolving.pop()
    return value


def has_variable(types: Value) -> bool:
    """Whether a type variable stands in an annotation."""
    for atom in types:
        if isinstance(atom, TypeVariable):
            return True
        if isinstance(atom, Wrapped) and atom.kind == "union":
            if has_variable(atom.value) or has_variable(atom.extra):
                return True
        elif isinstance(atom, Wrapped) and atom.kind == "subscript":
            if has_variable(atom.extra):
                return True
        elif isinstance(atom, Sequence) and any(map(has_variable, atom.items or ())):
            return True
    return False


def class_variable(types: Value) -> str | None:
    """Return the name of the variable in `type[T]`."""
    for atom in types:
        if isinstance(atom, Wrapped) and atom.kind == "subscript":
            generic = atom.value[0]
            if isinstance(generic, External) and generic.path in _CLASSES:
                for part in atom.extra:
                    if isinstance(part, TypeVariable):
                        return part.name
    return None


def _of_subscript(ev: Evaluator, atom: Wrapped, receiver: Atom | None) -> Value:
    generic = atom.value[0]
    assert isinstance(generic, External)
    head, _, tail = generic.path.rpartition(".")
    parts: tuple[Value, ...] = (atom.extra,)
    if len(atom.extra) == 1 and isinstance(atom.extra[0], Sequence):
        parts = atom.extra[0].items or ()
    first = parts[0] if parts else UNKNOWN
    if f"{head}." in _TYPING or head == "collections":
        if tail in ("Optional",):
            return join(instances(ev, first, receiver), NONE)
        if tail == "Union":
            result: Value = ()
            for part in parts:
                result = join(result, instances(ev, part, receiver))
            return result
        if tail in ("Type", "type"):
            return (
                tuple(
                    _own_class(part, receiver)
                    for part in _resolved(ev, (first,), receiver)[0]
                    if not isinstance(part, TypeVariable)
                )
                or UNKNOWN
            )
        if tail in _CONTAINERS:
            return sequence(_CONTAINERS[tail], None, instances(ev, first, receiver))
        if tail in _MAPPINGS:
            key = instances(ev, first, receiver)
            value = instances(ev, parts[1], receiver) if len(parts) > 1 else UNKNOWN
            return (intern(Mapping, None, key, value),)
        if tail in ("tuple", "Tuple"):
            if len(parts) == 2 and parts[1] == UNKNOWN:
                return sequence("tuple", None, instances(ev, first, receiver))
            return sequence(
                "tuple", tuple(instances(ev, part, receiver) for part in parts), UNKNOWN
            )
        if tail in ("Awaitable", "Coroutine"):
            last = parts[-1] if parts else UNKNOWN
            return awaitable(instances(ev, last, receiver))
        if tail in _SAME:
            return instances(ev, first, receiver)
        return UNKNOWN
    if generic.path.startswith("sqlalchemy.") and tail == "Mapped":
        # On an instance the column's value is there.
        return instances(ev, first, receiver)
    arguments = tuple(instances(ev, part, receiver) for part in parts)
    return (external_instance(generic.path, arguments),)


def _own_class(atom: Atom, receiver: Atom | None) -> Atom:
    """Return the class that `type[Self]` means on a receiver."""
    if isinstance(atom, External) and atom.path.endswith(".Self"):
        if isinstance(receiver, Instance):
            return intern(ClassAtom, receiver.cls, receiver.arguments)
        if isinstance(receiver, ClassAtom):
            return receiver
    return atom


def alternatives(types: Value) -> list[Atom]:
    """Return the plain types in an annotation: unions and `Annotated` are opened."""
    found: list[Atom] = []
    for atom in types:
        if isinstance(atom, Wrapped) and atom.kind == "union":
            found.extend(alternatives(atom.value))
            found.extend(alternatives(atom.extra))
        elif isinstance(atom, Wrapped) and atom.kind == "subscript":
            tail = ""
            if isinstance(atom.value[0], External):
                tail = atom.value[0].path.rpartition(".")[2]
            inner = atom.extra
            if len(inner) == 1 and isinstance(inner[0], Sequence):
                items = inner[0].items or ()
                if tail == "Annotated":
                    items = items[:1]
                for value in items:
                    found.extend(alternatives(value))
            else:
                found.extend(alternatives(inner))
        elif atom is not ANY:
            found.append(atom)
    return found


def metadata(types: Value) -> list[Value]:
    """Return what `Annotated[T, ...]` carries besides the type, nested aliases too."""
    found: list[Value] = []
    for atom in types:
        if isinstance(atom, Wrapped) and atom.kind == "subscript":
            generic = atom.value[0]
            inner = atom.extra
            if isinstance(generic, External) and generic.path.endswith(".Annotated"):
                if len(inner) == 1 and isinstance(inner[0], Sequence):
                    items = inner[0].items or ()
                    if items:
                        found.extend(metadata(items[0]))
                        found.extend(items[1:])
            elif isinstance(generic, External) and generic.path.endswith(
                (".Optional", ".Union")
            ):
                found.extend(metadata(inner))
        elif isinstance(atom, Wrapped) and atom.kind == "union":
            found.extend(metadata(atom.value))
            found.extend(metadata(atom.extra))
    return found
