"""What `roadworthy fix` did, or would do, for people: as a diff and as a report."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from roadworthy.findings import Finding
from roadworthy.fixes import documents
from roadworthy.fixes.edits import split
from roadworthy.fixes.lay import Left, Proposal
from roadworthy.fixes.outcome import Options, Outcome
from roadworthy.output.source import counted, printable
from roadworthy.project.selection import is_selected


def diff(
    originals: Mapping[str, bytes | None], results: Mapping[str, bytes]
) -> Iterator[str]:
    """Yield a unified diff, for `git apply` and `patch -p1`, as lines with their ends."""
    for path, data in sorted(results.items()):
        original = originals.get(path)
        old = _lines(original) if original is not None else []
        before = f"a/{path}" if original is not None else "/dev/null"
        if original is None:
            # What tells git of a new file, also where it is empty.
            yield f"diff --git a/{path} b/{path}\nnew file mode 100644\n"
        for line in difflib.unified_diff(old, _lines(data), before, f"b/{path}"):
            if line.endswith(("\n", "\r")):
                yield line
            else:
                yield f"{line}\n\\ No newline at end of file\n"


def _lines(data: bytes) -> list[str]:
    document = documents.decode(data)
    return split(("\ufeff" if document.has_mark else "") + document.text)


def report(
    outcome: Outcome,
    options: Options,
    broke: Sequence[Proposal] = (),
    *,
    would: bool = False,
) -> Iterator[str]:
    """Yield what was (or `would` be) changed, what was taken back, and what is left."""
    for proposal in outcome.applied:
        yield from _proposal(proposal)
    files = len(outcome.results)
    rules = Counter(
        claim.rule for proposal in outcome.applied for claim in proposal.claims
    )
    rewritten = sum(1 for proposal in outcome.applied if not proposal.claims)
    if outcome.applied:
        yield ""
    verb = "Would fix" if would else "Fixed"
    if not outcome.results:
        yield "Nothing to fix."
    else:
        parts = [counted(sum(rules.values()), "finding")] if rules else []
        if rewritten:
            parts.append(counted(rewritten, "rewriting"))
        listed = ", ".join(f"{rule} {n}" for rule, n in sorted(rules.items()))
        yield (
            f"{verb} {' and '.join(parts)} in {counted(files, 'file')}"
            + (f": {listed}." if listed else ".")
        )
    yield from _taken_back(outcome, broke)
    yield from _left(outcome, options)


def _proposal(proposal: Proposal) -> Iterator[str]:
    for claim in proposal.claims:
        place = printable(f"{claim.path}:{claim.line}")
        mark = "" if proposal.fix.safe else "  unsafe"
        yield f"{place}  {claim.rule} {claim.name}{mark}"
    if not proposal.claims:
        yield printable(proposal.title)
    if proposal.fix.note:
        head = "note" if proposal.fix.safe else "warning"
        yield f"  {head}: {printable(proposal.fix.note)}"


def _taken_back(outcome: Outcome, broke: Sequence[Proposal]) -> Iterator[str]:
    lines = [
        f"  {_title(refused.proposal)}: {printable(refused.reason)}"
        for refused in outcome.refused
    ]
    lines += [f"  {_title(proposal)}: the tests failed with it" for proposal in broke]
    if lines:
        yield ""
        yield "Taken back:"
        yield from lines


def _title(proposal: Proposal) -> str:
    if not proposal.claims:
        return printable(proposal.title)
    claim = proposal.claims[0]
    more = f" (and {len(proposal.claims) - 1} more)" if proposal.claims[1:] else ""
    return printable(f"{claim.rule} at {claim.path}:{claim.line}{more}")


def _left(outcome: Outcome, options: Options) -> Iterator[str]:
    left = [
        f
        for f in outcome.after.findings
        if is_selected(f.rule, options.select, options.ignore)
    ]
    unsafe = [f for f in left if f.fix is not None and not f.fix.safe]
    by_hand = [f for f in left if f.fix is None]
    if not options.unsafe and unsafe:
        yield ""
        yield f"{counted(len(unsafe), 'finding')} more with `--unsafe`: {_rules(unsafe)}."
        notes = {f.rule: f.fix.note for f in reversed(unsafe) if f.fix is not None}
        for rule, note in sorted(notes.items()):
            yield f"  {rule}: {printable(note)}"
    if by_hand:
        yield ""
        yield (
            f"{counted(len(by_hand), 'finding')} left for you "
            f"(`roadworthy check` tells of them): {_rules(by_hand)}."
        )
        for finding in by_hand:
            if finding.unfixed:
                place = f"{finding.path}:{finding.line}"
                yield printable(f"  {place}  {finding.rule}: {finding.unfixed}")
    yield from _places(outcome.left)
    for unread in outcome.after.unread:
        yield printable(f"not read: {unread.path}:{unread.line}: {unread.message}")


def _places(left: Sequence[Left]) -> Iterator[str]:
    if not left:
        return
    yield ""
    yield "Not converted:"
    for place in left:
        yield printable(f"  {place.path}:{place.line}: {place.reason}")


def _rules(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.rule for finding in findings)
    return ", ".join(f"{rule} {count}" for rule, count in sorted(counts.items()))
