"""The methods that stand for each other: overridden, overriding, of one protocol."""

from __future__ import annotations

from roadworthy.fixes.event_loop.outcome import Left
from roadworthy.rules.review import Review
from roadworthy.values.program import ClassInfo, FunctionInfo

_HARMLESS_BASES = (
    "builtins.object",
    "abc.ABC",
    "typing.",
    "typing_extensions.",
    "collections.abc.",
    "pydantic.BaseModel",
    "pydantic.main.BaseModel",
    "pydantic_settings.",
)


def relatives(review: Review, function: FunctionInfo) -> list[FunctionInfo] | Left:
    """Return the methods that override a method, or that it overrides."""
    cls = function.cls
    if cls is None:
        return []
    name = function.code.name
    family: dict[ClassInfo, None] = {}
    for base in cls.mro:
        if isinstance(base, str):
            if not base.startswith(_HARMLESS_BASES):
                return Left(
                    f"`{cls.name}.{name}` may be called by `{base}`, from which its "
                    "class inherits"
                )
        else:
            family[base] = None
    protocols = [c for c in _classes(review) if _is_protocol(c) and name in c.namespace]
    changed = True
    while changed:
        changed = False
        for base in list(family):
            for below in base.all_subclasses():
                if below not in family:
                    family[below] = None
                    changed = True
        for protocol in protocols:
            if protocol not in family and any(
                _fulfils(member, protocol) for member in family
            ):
                family[protocol] = None
                changed = True
        for protocol in [p for p in protocols if p in family]:
            for other in _classes(review):
                if other not in family and _fulfils(other, protocol):
                    family[other] = None
                    changed = True
    found: list[FunctionInfo] = []
    for member in family:
        for atom in member.namespace.get(name, ()):
            for inner in getattr(atom, "value", (atom,)):
                info = getattr(inner, "function", None)
                if isinstance(info, FunctionInfo) and info is not function:
                    if not info.code.is_async:
                        found.append(info)
    return found


def _classes(review: Review) -> list[ClassInfo]:
    return [c for c in review.evaluator.classes_met() if not c.module.is_library]


def _is_protocol(cls: ClassInfo) -> bool:
    return any(
        isinstance(base, str) and base.rpartition(".")[2] == "Protocol"
        for base in cls.mro
    )


def _fulfils(cls: ClassInfo, protocol: ClassInfo) -> bool:
    """Whether a class has every method that a protocol asks for."""
    wanted = {
        name
        for name, value in protocol.namespace.items()
        if any(getattr(atom, "function", None) is not None for atom in value)
        and not name.startswith("__")
    }
    return bool(wanted) and all(cls.find(name) is not None for name in wanted)
