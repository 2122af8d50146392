"""Which of the fixes that were tried together is to blame for what went wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roadworthy.findings import Report
from roadworthy.fixes.compare import Difference, Lines
from roadworthy.fixes.documents import Document
from roadworthy.fixes.edits import EditError
from roadworthy.fixes.lay import Proposal
from roadworthy.fixes.texts import Texts, fault_of
from roadworthy.syntax.source import UnreadableSource


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of trying: who is to blame, or the report and the new documents.

    With neither, nobody can be blamed from the places alone.
    """

    reasons: tuple[tuple[Proposal, str], ...]
    report: Report | None = None
    documents: Mapping[str, Document] = dataclasses.field(default_factory=dict)


def judge(
    taken: Sequence[Proposal],
    difference: Difference,
    lines: Lines,
    has_unread: bool,
) -> Attempt:
    """Say which proposals are to blame, as far as that can be told from places."""
    if len(taken) == 1:
        return Attempt(((taken[0], _reason(difference, has_unread)),))
    owner = {id(claim): p for p in taken for claim in p.claims}
    reasons: dict[int, tuple[Proposal, str]] = {}
    unclear = has_unread
    for claim, still in difference.remaining:
        told = _reason(Difference(((claim, still),)), False)
        reasons[id(owner[id(claim)])] = (owner[id(claim)], told)
    for finding in difference.came:
        region = lines.of_new(finding.path, finding.line)
        near = [
            proposal
            for proposal in taken
            if any(
                edit.path == finding.path
                and region
                in (
                    lines.of_old(edit.path, edit.line),
                    lines.of_old(edit.path, edit.end_line),
                )
                for edit in proposal.fix.edits
            )
        ] or [proposal for proposal in taken if finding.path in proposal.paths]
        if len(near) == 1:
            told = _reason(Difference((), (finding,)), False)
            reasons[id(near[0])] = (near[0], told)
        else:
            unclear = True
    if reasons or not unclear:
        return Attempt(tuple(reasons.values()))
    return Attempt(())


def culprits(
    texts: Texts, suspects: Sequence[Proposal], before: Mapping[str, str]
) -> Attempt:
    """Find the proposals that leave their files broken, each by itself or together."""
    good: list[Proposal] = []
    found: list[tuple[Proposal, str]] = []
    for proposal in suspects:
        together = [*good, proposal]
        try:
            faults = [
                f"{path} would not be right: {fault}"
                for path, text in texts.laid(before, together).items()
                if (fault := fault_of(path, texts.document(path, text)))
            ]
        except (EditError, UnreadableSource, ValueError) as error:
            faults = [str(error)]
        if faults:
            found.append((proposal, faults[0]))
        else:
            good.append(proposal)
    return Attempt(tuple(found))


def without_revealed(difference: Difference, taken: Sequence[Proposal]) -> Difference:
    """Leave out what came that a rewriting was to bring to light."""
    reveals = tuple(code for proposal in taken for code in proposal.reveals)
    if not reveals:
        return difference
    came = tuple(f for f in difference.came if not f.rule.startswith(reveals))
    return Difference(difference.remaining, came)


def _reason(difference: Difference, has_unread: bool) -> str:
    if difference.remaining:
        still = difference.remaining[0][1]
        return f"{still.rule} is still found at {still.path}:{still.line}"
    if difference.came:
        new = difference.came[0]
        return f"{new.rule} would come at {new.path}:{new.line}: {new.message}"
    return "a file could not be checked any more" if has_unread else "unknown"
