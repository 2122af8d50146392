"""Findings of one cause, told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from roadworthy.findings import Entry, Finding


@dataclass(frozen=True, slots=True)
class Group:
    """Findings whose chains end at the same call of the project.

    `shown` is the one told in full: that with the shortest chain, the first of equals.
    """

    shown: Finding
    others: tuple[Finding, ...] = ()


def group(
    findings: Iterable[Finding], is_project: Callable[[str], bool]
) -> list[Group]:
    """Put findings together that have one cause, in the order of the first of each.

    A cause is the last call of a chain that stands in the project itself
    (`is_project` tells this from its path): whoever mends that mends all of them.
    """
    causes: dict[object, list[Finding]] = {}
    for finding in findings:
        causes.setdefault(_cause(finding, is_project), []).append(finding)
    groups = []
    for members in causes.values():
        shown = min(members, key=lambda finding: len(finding.chain))
        others = tuple(finding for finding in members if finding is not shown)
        groups.append(Group(shown, others))
    return groups


def _cause(finding: Finding, is_project: Callable[[str], bool]) -> object:
    own = (finding.path, finding.line, finding.column)
    last = next((s for s in reversed(finding.chain) if is_project(s.path)), None)
    place = own if last is None else (last.path, last.line, last.column)
    return (finding.rule, finding.severity, place)


def entries(finding: Finding) -> tuple[Entry, ...]:
    """Return every entry point of a finding, the first one first, none twice."""
    first = () if finding.entry is None else (finding.entry,)
    return tuple(dict.fromkeys((*first, *finding.other_entries)))
