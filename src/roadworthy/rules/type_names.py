"""Types as people write them: `list[User]`, `User | None`."""

from __future__ import annotations

from roadworthy.rules import kinds
from roadworthy.values.atoms import ANY, Atom, ClassAtom, Const, Value, Wrapped

_DEEPEST = 6


def text_of_types(types: Value, depth: int = 0) -> str:
    """Return an annotation's types as text; "" where nothing is known of them."""
    if depth > _DEEPEST:
        return "..."
    names = [_text(atom, depth) for atom in kinds.plain_types(types)]
    known = list(dict.fromkeys(name for name in names if name))
    if known and _may_be_none(types):
        known.append("None")
    return " | ".join(known)


def is_none(types: Value) -> bool:
    """Whether the only type is None."""
    return bool(types) and all(
        isinstance(atom, Const) and atom.value is None for atom in types
    )


def _may_be_none(types: Value) -> bool:
    for atom in types:
        if isinstance(atom, Const) and atom.value is None:
            return True
        if isinstance(atom, Wrapped) and atom.kind == "union":
            if _may_be_none(atom.value) or _may_be_none(atom.extra):
                return True
        if isinstance(atom, Wrapped) and atom.kind == "subscript":
            name = kinds.type_name(atom)
            if name == "Optional":
                return True
            if name in ("Annotated", "Union"):
                arguments = kinds.type_arguments(atom)
                if name == "Annotated":
                    arguments = arguments[:1]
                if any(_may_be_none(argument) for argument in arguments):
                    return True
    return False


def _text(atom: Atom, depth: int) -> str:
    if atom is ANY:
        return ""
    if isinstance(atom, Const):
        return "None" if atom.value is None else repr(atom.value)
    if isinstance(atom, ClassAtom):
        name = atom.cls.name
    else:
        name = kinds.type_name(atom)
        if not name and isinstance(atom, Wrapped) and atom.value:
            name = _text(atom.value[0], depth + 1)
        elif not name:
            name = (kinds.path_of(atom) or "").rpartition(".")[2]
    arguments = kinds.type_arguments(atom)
    inner = [text_of_types(argument, depth + 1) or "..." for argument in arguments]
    if not name or not inner:
        return name
    return f"{name}[{', '.join(inner)}]"
