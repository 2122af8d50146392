"""Dependency containers: what their providers hand out (`dependency_injector`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadworthy.values.atoms import (
    UNKNOWN,
    Atom,
    ClassAtom,
    External,
    Function,
    Suspended,
    Value,
    Wrapped,
    intern,
    join,
)
from roadworthy.values.calls import NOTHING, Arguments
from roadworthy.values.frames import Frame

if TYPE_CHECKING:
    from roadworthy.values.evaluator import Evaluator

_WIRING = "dependency_injector.wiring."


class Provider:
    """Makes an object: calls what it was given, arguments that are providers resolved."""

    def __init__(self, target: Value, given: Arguments) -> None:
        self.target = target
        self.given = given

    def __hash__(self) -> int:
        return hash((Provider, self.target, self.given))

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Provider)
            and self.target == other.target
            and self.given == other.given
        )

    def __call__(
        self, ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        """Return what a call of the provider gives."""
        merged = Arguments(
            (
                *(_resolved(ev, frame, v, position) for v in self.given.positional),
                *arguments.positional,
            ),
            {
                **{
                    name: _resolved(ev, frame, value, position)
                    for name, value in self.given.keywords.items()
                },
                **arguments.keywords,
            },
            self.given.is_open or arguments.is_open,
        )
        made: Value = ()
        for atom in ev.call(frame, self.target, merged, position, None):
            if isinstance(atom, Suspended) and atom.kind == "generator":
                # A resource: what it yields is what is used.
                made = join(made, ev.iterate(frame, (atom,), position, is_async=False))
            else:
                made = join(made, (atom,))
        return made or UNKNOWN


def make_provider(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """Return a provider of what its first argument makes."""
    target = arguments.get(0, "provides") or UNKNOWN
    return (intern(Wrapped, "decorator", (), Provider(target, arguments.after(1))),)


def make_object(
    ev: Evaluator, frame: Frame, arguments: Arguments, position: int
) -> Value:
    """Return a provider of an object that is there already."""
    held = arguments.get(0, "provides") or UNKNOWN
    return (intern(Wrapped, "decorator", (), _Held(held)),)


class _Held(Provider):
    """Hands out what it holds."""

    def __init__(self, value: Value) -> None:
        super().__init__(value, NOTHING)

    def __call__(
        self, ev: Evaluator, frame: Frame, arguments: Arguments, position: int
    ) -> Value:
        """Return the object."""
        return self.target


def _resolved(ev: Evaluator, frame: Frame, value: Value, position: int) -> Value:
    result: Value = ()
    for atom in value:
        provider = _provider_of(atom)
        if provider is not None:
            result = join(result, provider(ev, frame, NOTHING, position))
        else:
            result = join(result, (atom,))
    return result or UNKNOWN


def _provider_of(atom: Atom) -> Provider | None:
    if isinstance(atom, Wrapped) and isinstance(atom.extra, Provider):
        return atom.extra
    return None


def injected(ev: Evaluator, atom: Atom) -> Value | None:
    """Return what the marker `Provide[Container.service]` stands for; None for others."""
    if not (isinstance(atom, Wrapped) and atom.kind == "subscript"):
        return None
    generic = atom.value[0]
    if not (isinstance(generic, External) and generic.path.startswith(_WIRING)):
        return None
    result: Value = ()
    for part in atom.extra:
        provider = _provider_of(part)
        if provider is None:
            result = join(result, injected(ev, part) or ())
            continue
        for target in provider.target:
            frame = _frame_of(target)
            if frame is not None:
                result = join(result, provider(ev, frame, NOTHING, 0))
                break
    return result or UNKNOWN


def _frame_of(atom: Atom) -> Frame | None:
    if isinstance(atom, ClassAtom):
        cls = atom.cls
        return Frame(cls.module, cls.code, cls.environment, None)
    if isinstance(atom, Function):
        function = atom.function
        return Frame(function.module, function.code, atom.closure, None)
    return None
