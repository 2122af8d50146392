"""What fixing is asked for, and what it came to."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from roadworthy.findings import Finding, Report
from roadworthy.fixes.documents import Document
from roadworthy.fixes.edits import split
from roadworthy.fixes.lay import Left, Proposal, Rewriting
from roadworthy.project.selection import is_selected
from roadworthy.rules.review import Review

Rewrite = Callable[[Review], Rewriting]
"""Proposes to rewrite a project as a whole, beyond what one finding asks for."""
Key = tuple[tuple[str, str, str], ...]
"""What a proposal does, wherever its lines have gone: path, old and new text."""


@dataclass(frozen=True, slots=True)
class Options:
    """Which fixes are wanted. `select` and `ignore` are codes or beginnings of them."""

    unsafe: bool = False
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    rewrites: tuple[Rewrite, ...] = ()

    def wants(self, finding: Finding) -> bool:
        """Tell whether a finding's fix is to be applied."""
        fix = finding.fix
        return (
            fix is not None
            and (fix.safe or self.unsafe)
            and is_selected(finding.rule, self.select, self.ignore)
        )


@dataclass(frozen=True, slots=True)
class Refused:
    """A fix that was taken back, and why."""

    proposal: Proposal
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """Fixes that were applied together, to the texts as they were then."""

    applied: tuple[Proposal, ...]
    before: Mapping[str, Document]
    """The files of the project that the round changed, by path."""
    after: Mapping[str, Document]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What fixing came to. `before` and `after` are the reports of the project."""

    before: Report
    after: Report
    rounds: tuple[Round, ...] = ()
    refused: tuple[Refused, ...] = ()
    left: tuple[Left, ...] = ()
    originals: Mapping[str, bytes | None] = dataclasses.field(default_factory=dict)
    """Bytes of the changed files as they were; None for a file that is made."""

    @property
    def applied(self) -> tuple[Proposal, ...]:
        """All fixes that were applied, in order."""
        return tuple(proposal for round_ in self.rounds for proposal in round_.applied)

    @property
    def results(self) -> dict[str, bytes]:
        """The bytes of the changed files as they are to be."""
        found: dict[str, bytes] = {}
        for round_ in self.rounds:
            found.update((path, doc.data) for path, doc in round_.after.items())
        return {p: data for p, data in found.items() if data != self.originals.get(p)}


def key(proposal: Proposal, text_of: Callable[[str], str]) -> Key:
    """Return what a proposal does, without the numbers of its lines."""
    found = []
    for edit in proposal.fix.edits:
        lines = split(text_of(edit.path))[edit.line - 1 : edit.end_line]
        found.append((edit.path, f"{edit.column} {''.join(lines)}", edit.replacement))
    return tuple(found)
