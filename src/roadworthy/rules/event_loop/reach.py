"""What each of many loop entries comes to: the blocking sites behind every one of them."""

from __future__ import annotations

from collections.abc import Iterable

from roadworthy.app.model import LoopEntry
from roadworthy.effects.lookup import EFFECTS
from roadworthy.effects.walk import walk
from roadworthy.findings import Finding
from roadworthy.rules.event_loop import report
from roadworthy.values.evaluator import Evaluator
from roadworthy.values.frames import CallKey
from roadworthy.values.program import Module


class Reach:
    """The sites that entries reach, worked out for all of them together.

    A dependency that a thousand routes share leads to the same thousands of calls from
    each. A set of sites is the bits of a number, and what calls each other in a circle
    has one set: each function is looked at once, however many entries come to it.
    """

    def __init__(
        self,
        evaluator: Evaluator,
        sources: report.Sources,
        entries: Iterable[LoopEntry],
    ) -> None:
        self._evaluator = evaluator
        serving = [entry for entry in entries if not entry.once]
        sites = walk(evaluator, serving).sites
        self._bits: dict[tuple[Module, int, str], int] = {
            (site.module, site.position.line, site.effect.partition("-")[0]): 1 << n
            for n, site in enumerate(sites)
        }
        positions = {id(site): n for n, site in enumerate(sites)}
        self._told: list[tuple[Finding, int]] = [
            (finding, sum(1 << positions[id(site)] for site in about))
            for finding, about in report.told(sites, sources)
        ]
        self._masks: dict[CallKey, int] = {}
        self._findings: dict[int, tuple[Finding, ...]] = {}
        for entry in serving:
            if entry.key not in self._masks:
                self._follow(entry.key)

    def findings(self, entries: Iterable[LoopEntry]) -> tuple[Finding, ...]:
        """Return what blocks the loop behind some entries, by place."""
        mask = 0
        for entry in entries:
            mask |= self._masks.get(entry.key, 0)
        known = self._findings.get(mask)
        if known is None:
            found = [finding for finding, bits in self._told if bits & mask]
            found.sort(key=lambda finding: (finding.rule, finding.path, finding.line))
            known = self._findings[mask] = tuple(found)
        return known

    def _own(self, key: CallKey) -> int:
        """Return the sites that stand in the code of a call itself."""
        if key.function.module.is_library:
            return 0
        mask = 0
        for (module, packed, first), effects in self._evaluator.summary_of(
            key
        ).sites.items():
            # As the walk chooses: the gravest of what a call comes to.
            effect = min(effects, key=lambda e: (EFFECTS.index(e), effects[e].length))
            place = module, report.line_of(packed, first), effect.partition("-")[0]
            mask |= self._bits.get(place, 0)
        return mask

    def _follow(self, start: CallKey) -> None:
        """Find the sites behind a call, and behind all that it leads to (Tarjan)."""
        numbers: dict[CallKey, int] = {start: 0}
        lowest: dict[CallKey, int] = {start: 0}
        open_keys: list[CallKey] = [start]
        waiting = [(start, iter(self._evaluator.summary_of(start).spawned))]
        gathered: dict[CallKey, int] = {start: self._own(start)}
        while waiting:
            key, following = waiting[-1]
            for other in following:
                if other in self._masks:
                    gathered[key] |= self._masks[other]
                elif other in numbers:
                    lowest[key] = min(lowest[key], numbers[other])
                else:
                    numbers[other] = lowest[other] = len(numbers)
                    open_keys.append(other)
                    gathered[other] = self._own(other)
                    spawned = self._evaluator.summary_of(other).spawned
                    waiting.append((other, iter(spawned)))
                    break
            else:
                waiting.pop()
                if lowest[key] == numbers[key]:
                    circle: list[CallKey] = []
                    while not circle or circle[-1] is not key:
                        circle.append(open_keys.pop())
                    mask = 0
                    for each in circle:
                        mask |= gathered.pop(each)
                    self._masks.update(dict.fromkeys(circle, mask))
                    if waiting:
                        gathered[waiting[-1][0]] |= mask
                elif waiting:
                    parent = waiting[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[key])
