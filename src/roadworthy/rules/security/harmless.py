"""Values that cannot be a text which a client wrote: numbers, keys, members of enums."""

from __future__ import annotations

from roadworthy.rules import kinds
from roadworthy.rules.handlers import HandlerParameter
from roadworthy.values.atoms import (
    ANY,
    Atom,
    ClassAtom,
    Const,
    External,
    ExternalInstance,
    Value,
    Wrapped,
)

_HARMLESS = frozenset(
    {
        "builtins.int",
        "builtins.float",
        "builtins.bool",
        "builtins.complex",
        "uuid.UUID",
        "datetime.datetime",
        "datetime.date",
        "datetime.time",
        "datetime.timedelta",
        "decimal.Decimal",
        "ipaddress.IPv4Address",
    }
)


def is_harmless(value: Value) -> bool:
    """Whether a value cannot be a text that the client wrote."""
    known = [atom for atom in value if not _is_none(atom)]
    return bool(known) and all(_is_harmless_atom(atom) for atom in known)


def _is_none(atom: Atom) -> bool:
    return isinstance(atom, Const) and atom.value is None


def _is_harmless_atom(atom: Atom) -> bool:
    if atom is ANY:
        return False
    if isinstance(atom, Const):
        return True
    if isinstance(atom, ExternalInstance):
        return atom.path in _HARMLESS
    if isinstance(atom, Wrapped) and kinds.type_name(atom) == "Literal":
        return True
    return kinds.is_enumeration(atom)


def is_constrained(parameter: HandlerParameter) -> bool:
    """Whether a parameter's type or marker allows only harmless texts."""
    if parameter.marker is not None and any(
        name in parameter.marker.keywords for name in ("pattern", "regex")
    ):
        return True
    types = parameter.plain_types
    return bool(types) and all(_is_harmless_type(atom) for atom in types)


def is_structure(parameter: HandlerParameter) -> bool:
    """Whether a parameter is a dictionary or a model for certain: no text by itself."""
    types = parameter.plain_types
    return bool(types) and all(
        (isinstance(atom, ClassAtom) and kinds.is_model(atom))
        or kinds.type_name(atom) in ("dict", "Dict", "Mapping")
        or (isinstance(atom, External) and atom.path == "builtins.dict")
        for atom in types
    )


def _is_harmless_type(atom: Atom) -> bool:
    if kinds.is_list_type(atom) and kinds.type_arguments(atom):
        inner = [
            each
            for argument in kinds.type_arguments(atom)
            for each in kinds.plain_types(argument)
        ]
        return bool(inner) and all(_is_harmless_type(each) for each in inner)
    return (
        (isinstance(atom, External) and atom.path in _HARMLESS)
        or kinds.type_name(atom) == "Literal"
        or kinds.is_enumeration(atom)
    )
