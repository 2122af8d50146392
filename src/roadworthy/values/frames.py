"""What is known of a call while it is evaluated, and what remains of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from roadworthy.syntax import code as c
from roadworthy.syntax.code import Code, Node, Position, unpack
from roadworthy.values.atoms import Atom, Environment, Value, join
from roadworthy.values.program import FunctionInfo, Module


@dataclass(slots=True, eq=False)
class Witness:
    """A link of the chain from a call to the library call that blocks.

    Never changed once it is made; `frozen` would make making it three times as slow.
    """

    module: Module
    packed: int
    first_line: int
    callee: str
    block: Any
    """The catalogue's entry (`effects.lookup.Block`) at the end of the chain."""
    after: Witness | None
    length: int

    @property
    def position(self) -> Position:
        """Where in the module's file the call stands."""
        return unpack(self.packed, self.first_line)


Effects = dict[str, Witness]
"""By effect, the shortest chain."""


@dataclass(eq=False, slots=True)
class CallKey:
    """One call of a function with given arguments; the memo holds one object each."""

    function: FunctionInfo
    closure: Environment
    receiver: Atom | None
    bound: tuple[tuple[str, Value], ...]
    summary: Summary | None = None
    callees: dict[CallKey, None] = field(default_factory=dict)
    forgotten: int = 0
    """How often a summary was dropped, as it told of a part of a cycle only."""


@dataclass(slots=True, eq=False)
class Use:
    """A place whose function took over a call's effects as its own; never changed."""

    summary: Summary
    """The caller's."""
    module: Module
    first_line: int
    packed: int
    name: str
    function: FunctionInfo


@dataclass(eq=False, slots=True)
class Summary:
    """What evaluating a function body told."""

    returns: Value = ()
    yields: Value = ()
    effects: Effects = field(default_factory=dict)
    sites: dict[tuple[Module, int, int], Effects] = field(default_factory=dict)
    """By (module, packed position, first line of its function)."""
    spawned: dict[CallKey, str] = field(default_factory=dict)
    """Calls that run on the loop on their own, and as what."""
    unresolved: dict[tuple[Module, int, int], str] = field(default_factory=dict)
    complete: bool = False
    uses: list[Use] = field(default_factory=list)


class CallNotes:
    """What the calls in one function called and gave, for the rules that ask.

    Kept while the function is evaluated, so that it need not be evaluated again.
    """

    __slots__ = ("callees", "values")

    def __init__(self) -> None:
        self.callees: dict[int, Value] = {}
        """By packed position of what is called: `session.get` of `session.get(1)`."""
        self.values: dict[int, Value] = {}
        """By packed position of the call, or of that whose method is called."""

    def add(self, callee: int, function: Value, position: int, value: Value) -> None:
        """Note one call."""
        self.callees[callee] = join(self.callees.get(callee, ()), function)
        self.values[position] = join(self.values.get(position, ()), value)

    def add_owner(self, node: Node, value: Value) -> None:
        """Note that whose method is called: the `session` of `session.get(1)`."""
        place = _PLACE_OF_OWNER.get(node[0])
        if place is not None:
            packed = node[place]
            self.values[packed] = join(self.values.get(packed, ()), value)


_PLACE_OF_OWNER = {c.NAME: 2, c.ATTR: 3, c.AWAIT: 2, c.SUBSCRIPT: 3}
"""Where in a node its packed position is."""


class Frame:
    """The state of one evaluation of a function body, class body or module."""

    __slots__ = (
        "awaiting",
        "code",
        "environment",
        "exits",
        "fetched",
        "first_line",
        "function",
        "module",
        "notes",
        "probed",
        "summary",
    )

    def __init__(
        self,
        module: Module,
        code: Code,
        environment: Environment,
        function: FunctionInfo | None,
    ) -> None:
        self.module = module
        self.code = code
        self.first_line = code.first_line
        self.environment = environment
        self.function = function
        self.summary = Summary()
        self.awaiting = -1
        self.probed = False
        """Whether the running loop was asked for, which on the loop cannot fail."""
        self.exits: list[dict[str, Value]] = []
        self.fetched: dict[tuple[Atom, str | None], int] = {}
        """Relationships that were read, with where; None for all of an object."""
        self.notes: CallNotes | None = None

    def block(self, packed: int, callee: str, effect: str, block: Any) -> None:
        """Record that the call at a position is itself a blocking library call."""
        if packed == self.awaiting:
            return
        self._record(
            packed,
            effect,
            Witness(self.module, packed, self.first_line, callee, block, None, 1),
        )

    def inherit(self, packed: int, callee: str, effects: Effects) -> None:
        """Record that the call at a position enters code with these effects."""
        inherit(self.summary, self.module, self.first_line, packed, callee, effects)

    def _record(self, packed: int, effect: str, witness: Witness) -> None:
        record(self.summary, (self.module, packed, self.first_line), effect, witness)


def inherit(
    summary: Summary,
    module: Module,
    first_line: int,
    packed: int,
    callee: str,
    effects: Effects,
) -> bool:
    """Record that the call at a position of a function enters code with these effects.

    Returns whether that told anything new of the function.
    """
    place = (module, packed, first_line)
    here = summary.sites.get(place)
    told = False
    for effect, witness in effects.items():
        length = witness.length + 1
        if here is not None:
            known = here.get(effect)
            if known is not None and known.length <= length:
                # The function's own chain is no longer than that of any of its sites.
                continue
        link = Witness(
            module,
            packed,
            first_line,
            callee,
            witness.block,
            witness,
            length,
        )
        if record(summary, place, effect, link):
            told = True
        here = summary.sites[place]
    return told


def record(
    summary: Summary, place: tuple[Module, int, int], effect: str, witness: Witness
) -> bool:
    """Keep a chain where it is the shortest; return whether it is the function's."""
    here = summary.sites.setdefault(place, {})
    known = here.get(effect)
    if known is None or witness.length < known.length:
        here[effect] = witness
    known = summary.effects.get(effect)
    if known is None or witness.length < known.length:
        summary.effects[effect] = witness
        return True
    return False
