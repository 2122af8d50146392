"""What the runs on one tree came to, as data and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from blockbench import truth
from blockbench.sites import Site
from blockbench.timing import PHASES, Times, median, ratios
from blockbench.tools import ROADWORTHY, Tool
from blockbench.truth import Score, Truth

OURS = ROADWORTHY.name


@dataclass(frozen=True, slots=True)
class First:
    """The first run of a tool on a tree: cold, and watched for its memory."""

    sites: frozenset[Site]
    seconds: float
    memory: int


@dataclass(frozen=True, slots=True)
class TreeResult:
    """All that was measured on one tree; the tools by name, in the order they ran."""

    name: str
    first: Mapping[str, First]
    failures: Mapping[str, str]
    times: Mapping[str, Times]
    edited: str | None
    truth: Truth | None
    absent: tuple[str, ...] = ()
    unread: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Files not given to a tool, which would end at them."""

    def found(self) -> dict[str, frozenset[Site]]:
        """Return each tool's sites in the files that were judged."""
        return {
            name: self.truth.within(first.sites) if self.truth else first.sites
            for name, first in self.first.items()
        }

    def score(self, name: str) -> Score | None:
        """Return a tool's score; None for a tree without truth."""
        if self.truth is None:
            return None
        return truth.score(self.first[name].sites, self.truth)

    def unjudged(self) -> dict[Site, list[str]]:
        """Return the sites that nobody has judged, with the tools that report them."""
        if self.truth is None:
            return {}
        judged = self.truth.right | self.truth.wrong
        by_site: dict[Site, list[str]] = {}
        for name, sites in self.found().items():
            for site in sites - judged:
                by_site.setdefault(site, []).append(name)
        return dict(sorted(by_site.items()))

    def missed_by_all(self) -> frozenset[Site]:
        """Return the true sites that no tool found."""
        if self.truth is None:
            return frozenset()
        return self.truth.right.difference(*self.found().values())

    def seconds(self, name: str, phase: str) -> list[float]:
        """Return a tool's times in a phase; a first run stands in where none was timed."""
        times = self.times.get(name)
        if times is not None:
            return times.seconds[phase]
        return [self.first[name].seconds] if phase == "cold" else []

    def ratios(self, peer: str, phase: str) -> list[float]:
        """Return roadworthy's time over a peer's, a round each."""
        if OURS not in self.times or peer not in self.times:
            return []
        return ratios(self.times[OURS].seconds[phase], self.times[peer].seconds[phase])

    def document(self) -> dict[str, Any]:
        """Return the result as plain data; times in seconds, memory in bytes."""
        found = self.found()
        peers = [name for name in found if name != OURS]
        return {
            "name": self.name,
            "truth": self._truth_document(),
            "edited": self.edited,
            "tools": {name: self._tool_document(name, found) for name in found},
            "failures": dict(self.failures),
            "unread": {name: list(files) for name, files in self.unread.items()},
            "pairs": {
                peer: self._pair_document(peer, found)
                for peer in peers
                if OURS in found
            },
            "missed_by_all": _listed(self.missed_by_all()),
            "unjudged": [
                {"path": site.path, "line": site.line, "by": names}
                for site, names in self.unjudged().items()
            ],
        }

    def _truth_document(self) -> dict[str, Any] | None:
        if self.truth is None:
            return None
        scope = self.truth.scope
        return {
            "true": len(self.truth.right),
            "false": len(self.truth.wrong),
            "scope": None if scope is None else len(scope),
            "beyond_scope": self.truth.beyond,
            "absent": list(self.absent),
        }

    def _tool_document(
        self, name: str, found: dict[str, frozenset[Site]]
    ) -> dict[str, Any]:
        first = self.first[name]
        times = self.times.get(name)
        score = self.score(name)
        return {
            "sites": _listed(first.sites),
            "only_by_it": _listed(truth.only_by(found, name)),
            "score": score
            and {
                "right": len(score.right),
                "wrong": _listed(score.wrong),
                "missed": _listed(score.missed),
                "unjudged": _listed(score.unjudged),
                "beyond_scope": score.beyond,
                "recall": score.recall,
                "precision": score.precision,
                "least_precision": score.least_precision,
            },
            "first_seconds": first.seconds,
            "memory_bytes": first.memory,
            "seconds": dict(times.seconds) if times else None,
            "median_seconds": {
                phase: median(self.seconds(name, phase)) for phase in PHASES
            },
            "unsteady": _listed(times.unsteady) if times else [],
            "timing_failure": times.failure if times else None,
        }

    def _pair_document(
        self, peer: str, found: dict[str, frozenset[Site]]
    ) -> dict[str, Any]:
        shared = truth.overlap(found[OURS], found[peer])
        return {
            "both": _listed(shared.both),
            f"only_{OURS}": _listed(shared.first),
            "only_peer": _listed(shared.second),
            "ratios": {phase: self.ratios(peer, phase) for phase in PHASES},
            "median_ratio": {
                phase: median(self.ratios(peer, phase)) for phase in PHASES
            },
        }


def head_document(found: Iterable[Tool], missing: Mapping[str, str]) -> dict[str, Any]:
    """Return the tools, their versions and those that are not there."""
    return {
        "tools": {tool.name: tool.version for tool in found},
        "missing": dict(missing),
    }


def _listed(sites: Iterable[Site]) -> list[str]:
    return [str(site) for site in sorted(sites)]
