"""From loop entries to sites: where code on the event loop enters blocking code."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from roadworthy.app.model import LoopEntry
from roadworthy.effects.lookup import EFFECTS
from roadworthy.syntax.code import Position, unpack
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.frames import CallKey, Witness
from roadworthy.values.program import FunctionInfo, Module

_GOES_ON = ("task", "callback", "background task", "from thread")


@dataclass(slots=True)
class LoopSite:
    """A line of loop code at which blocking code is entered."""

    module: Module
    position: Position
    effect: str
    witness: Witness
    function: FunctionInfo | None
    entries: list[LoopEntry] = field(default_factory=list)

    @property
    def once(self) -> bool:
        """Whether the line runs only while the server starts or stops."""
        return bool(self.entries) and all(entry.once for entry in self.entries)


@dataclass(slots=True)
class Walked:
    """What the walk from the entries met."""

    sites: list[LoopSite]
    functions: set[FunctionInfo]
    unresolved: dict[tuple[Module, int, int], FunctionInfo]


def walk(ev: Evaluator, entries: Iterable[LoopEntry]) -> Walked:
    """Follow what each entry runs on the loop, and collect the blocking sites."""
    reached: dict[CallKey, list[LoopEntry]] = {}
    functions: set[FunctionInfo] = set()
    order: list[CallKey] = []
    started: set[tuple[CallKey, str]] = set()
    queue = deque(entries)
    while queue:
        entry = queue.popleft()
        waiting = deque([entry.key])
        while waiting:
            key = waiting.popleft()
            known = reached.get(key)
            if known is None:
                known = reached[key] = []
                order.append(key)
                functions.add(key.function)
            elif any(other is entry for other in known):
                continue
            elif len(known) >= 6 and (entry.once or not all(e.once for e in known)):
                # Enough to show, and nothing that changes the severity.
                continue
            known.append(entry)
            summary = ev.summary_of(key)
            for spawned, kind in summary.spawned.items():
                if entry.once and kind in _GOES_ON:
                    # Started once, but it runs while the server serves.
                    later = LoopEntry("task", spawned.function.code.name, spawned)
                    if (spawned, "task") not in started:
                        started.add((spawned, "task"))
                        queue.append(later)
                else:
                    waiting.append(spawned)
    sites: dict[tuple[Module, int, str], LoopSite] = {}
    unresolved: dict[tuple[Module, int, int], FunctionInfo] = {}
    for key in order:
        summary = ev.summary_of(key)
        if key.function.module.is_library:
            continue
        for place in summary.unresolved:
            unresolved.setdefault(place, key.function)
        for (module, packed, first_line), effects in summary.sites.items():
            position = unpack(packed, first_line)
            # One call, one finding: the gravest of what it comes to.
            effect = min(effects, key=lambda e: (EFFECTS.index(e), effects[e].length))
            _add(sites, module, position, effect, effects[effect], key, reached[key])
    return Walked(list(sites.values()), functions, unresolved)


def _add(
    sites: dict[tuple[Module, int, str], LoopSite],
    module: Module,
    position: Position,
    effect: str,
    witness: Witness,
    key: CallKey,
    entries: list[LoopEntry],
) -> None:
    rule = effect.partition("-")[0]
    place = (module, position.line, rule)
    known = sites.get(place)
    if known is None:
        known = sites[place] = LoopSite(module, position, effect, witness, key.function)
    else:
        rank = EFFECTS.index(effect), witness.length
        if rank < (EFFECTS.index(known.effect), known.witness.length):
            known.position = position
            known.effect = effect
            known.witness = witness
            known.function = key.function
    for entry in entries:
        if entry not in known.entries:
            known.entries.append(entry)
