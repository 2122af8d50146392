"""One round: the fixes that do not stand in each other's way, laid into the texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from roadworthy.findings import Edit, Finding, Fix
from roadworthy.fixes import edits, imports


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fix that might be applied, whole or not at all, and the findings it claims."""

    fix: Fix
    claims: tuple[Finding, ...]
    title: str = ""
    """What it is called in the report where it claims no finding."""
    reveals: tuple[str, ...] = ()
    """Rules, by the beginnings of their codes, whose findings it may bring to light: a
    rewriting of a whole chain makes visible what stood in it all along."""

    @property
    def paths(self) -> frozenset[str]:
        """The files that it changes."""
        edited = {edit.path for edit in self.fix.edits}
        return frozenset(edited | {wanted.path for wanted in self.fix.imports})


@dataclass(frozen=True, slots=True)
class Left:
    """A place that a rewriting left as it was, and why."""

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What a rewriting of the whole project proposes, and what it must leave."""

    proposals: tuple[Proposal, ...]
    left: tuple[Left, ...] = ()


_REVEALS = {"RW103": ("RW30",)}
"""What comes to light by the fixes of a rule: a line has one finding of a rule of the
event loop, and formatting makes several lines of one."""


def proposals(findings: Iterable[Finding]) -> list[Proposal]:
    """Return the fixes of findings; those with the very same edits are one."""
    found: dict[tuple[Edit, ...], Proposal] = {}
    for finding in findings:
        fix = finding.fix
        if fix is None:
            continue
        known = found.get(fix.edits)
        claims = (*known.claims, finding) if known else (finding,)
        reveals = _REVEALS.get(finding.rule, ())
        found[fix.edits] = Proposal(known.fix if known else fix, claims, "", reveals)
    return list(found.values())


def choose(wanted: Sequence[Proposal]) -> tuple[list[Proposal], list[Proposal]]:
    """Return the proposals that go together, and those that must wait for another round.

    The first come first: of two that change the same place, the second waits.
    """
    taken: list[Proposal] = []
    waiting: list[Proposal] = []
    by_path: dict[str, list[Proposal]] = {}
    for proposal in wanted:
        rivals = {
            id(other): other
            for path in proposal.paths
            for other in by_path.get(path, ())
        }
        if any(edits.conflict(other.fix, proposal.fix) for other in rivals.values()):
            waiting.append(proposal)
            continue
        taken.append(proposal)
        for path in proposal.paths:
            by_path.setdefault(path, []).append(proposal)
    return taken, waiting


def lay(
    texts: Mapping[str, str],
    taken: Sequence[Proposal],
    first_party: frozenset[str] = frozenset(),
) -> dict[str, str]:
    """Return the texts, by path, of the files that the proposals change or make.

    Raises:
        EditError: two edits overlap, or one does not fit its file.
        UnreadableSource: a file that needs an import is no Python after the edits.
        ValueError: an import that is none.
    """
    changed: dict[str, list[Edit]] = {}
    added: dict[str, list[str]] = {}
    for proposal in taken:
        for edit in proposal.fix.edits:
            changed.setdefault(edit.path, []).append(edit)
        for wanted in proposal.fix.imports:
            added.setdefault(wanted.path, []).append(wanted.statement)
    result: dict[str, str] = {}
    for path in sorted({*changed, *added}):
        text = edits.apply(texts.get(path, ""), changed.get(path, ()))
        statements = added.get(path, ())
        result[path] = (
            imports.add(text, statements, first_party) if statements else text
        )
    return result
