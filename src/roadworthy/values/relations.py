"""Lazy relationships: what a synchronous session loaded asks the database when read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadworthy.effects.lookup import Block, Catalogue
from roadworthy.values.atoms import (
    UNKNOWN,
    Atom,
    Const,
    ExternalInstance,
    Instance,
    Mapping,
    Value,
    external_instance,
    instance,
    without_any,
)
from roadworthy.values.calls import Arguments
from roadworthy.values.frames import Frame

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

RELATION = "sqlalchemy.orm.Relationship"
"""What a class holds under the name of a relationship that is loaded when it is read."""
_LOADED = ("loaded",)
"""The key of instances that a synchronous session loaded, relationships not."""
_LOADING = frozenset(
    {"exec", "execute", "get", "get_one", "query", "scalar", "scalars"}
)
_STATEMENTS = ("sqlalchemy.Select", "sqlalchemy.orm.Query")
_SESSION = "sqlalchemy.orm.Session"
_LAZY_LOAD = Block(
    effect="database",
    why=(
        "The relationship is loaded when it is read: the synchronous session sends a "
        "query here, and the thread waits for the database."
    ),
    instead=(
        "load it with the query (`.options(selectinload(...))`), and the query with an "
        "`AsyncSession`, or read it in a function of a thread"
    ),
)


def declare(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    """Make a relationship; nothing is said of one that is loaded otherwise."""
    if arguments.is_open or not _is_select(arguments.keywords.get("lazy")):
        return UNKNOWN
    for atom in arguments.keywords.get("sa_relationship_kwargs", ()):
        if not isinstance(atom, Mapping) or atom.items is None:
            return UNKNOWN
        for key, value in atom.items:
            if key == "lazy" and not _is_select(value):
                return UNKNOWN
    return (external_instance(RELATION),)


def _is_select(lazy: Value | None) -> bool:
    return lazy is None or all(
        isinstance(atom, Const) and atom.value in ("select", True) for atom in lazy
    )


def queried(
    catalogue: Catalogue, path: str, arguments: Arguments, value: Value
) -> Value:
    """Return what a method gives, marked where a synchronous session loads it."""
    head, _, tail = path.rpartition(".")
    if (
        tail not in _LOADING
        or _SESSION not in catalogue.lineage(head)
        or arguments.is_open
        or "options" in arguments.keywords
        or any(
            isinstance(atom, ExternalInstance) and len(atom.arguments) > 1
            for atom in arguments.get(0) or ()
        )
    ):
        return value
    return tuple(_marked(atom, _LOADED) for atom in value)


def with_options(catalogue: Catalogue, path: str, value: Value) -> Value:
    """Return a query that says itself what it loads."""
    head, _, tail = path.rpartition(".")
    if tail != "options" or not any(s in catalogue.lineage(head) for s in _STATEMENTS):
        return value
    made: list[Atom] = []
    for atom in value:
        if isinstance(atom, ExternalInstance) and atom.arguments:
            plain = tuple(_marked(part, ()) for part in atom.arguments[0])
            atom = external_instance(atom.path, (plain, UNKNOWN))
        made.append(atom)
    return tuple(made)


def _marked(atom: Atom, key: tuple[str, ...]) -> Atom:
    if isinstance(atom, Instance) and atom.key in ((), _LOADED):
        if atom.key == key or not _has_relation(atom):
            return atom
        return instance(atom.cls, atom.exact, atom.arguments, key)
    if isinstance(atom, ExternalInstance) and len(atom.arguments) == 1:
        rows = tuple(_marked(part, key) for part in atom.arguments[0])
        return external_instance(atom.path, (rows,))
    return atom


def _has_relation(atom: Instance) -> bool:
    relation = external_instance(RELATION)
    return any(
        relation in value
        for base in atom.cls.mro
        if not isinstance(base, str)
        for value in base.namespace.values()
    )


def refresh(ev: Evaluator, frame: Frame, arguments: Arguments, position: int) -> Value:
    """Note that a function has its session load an object anew."""
    ev.externals.note(frame, f"{_SESSION}.refresh", arguments, position)
    for atom in arguments.get(0, "instance") or ():
        if isinstance(atom, Instance):
            frame.fetched[(atom, None)] = position
    return UNKNOWN


def read(
    ev: Evaluator, frame: Frame, receiver: Instance, name: str, position: int
) -> Value:
    """Read a lazy relationship: the first time, a query."""
    if (
        receiver.key == _LOADED
        and name not in receiver.fields
        and (receiver, None) not in frame.fetched
        and frame.fetched.setdefault((receiver, name), position) == position
    ):
        callee = f"{receiver.cls.name}.{name}"
        frame.block(position, callee, _LAZY_LOAD.effect, _LAZY_LOAD)
    return without_any(ev.declared_attribute(receiver, name)) or UNKNOWN
