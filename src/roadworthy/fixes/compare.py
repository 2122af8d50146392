"""Two reports, before and after edits: which findings are gone, which came."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from roadworthy.findings import Finding
from roadworthy.fixes.edits import changed_blocks, split

Region = tuple[str, str, int]
"""Path, and a line of the new text that is as it was, or a block that has changed."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What fixes did to a report beside what they claimed.

    `remaining` pairs a claimed finding with the one that is still there; `came` are
    findings that were not there before.
    """

    remaining: tuple[tuple[Finding, Finding], ...] = ()
    came: tuple[Finding, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.remaining or self.came)


class Lines:
    """Where the lines of files have gone."""

    def __init__(self, before: Mapping[str, str], after: Mapping[str, str]) -> None:
        """Compare texts by path; files that `after` lacks are as they were."""
        self._blocks = {
            path: list(changed_blocks(split(before.get(path, "")), split(text)))
            for path, text in after.items()
        }
        self._olds = {p: [b[0] for b in blocks] for p, blocks in self._blocks.items()}
        self._news = {p: [b[2] for b in blocks] for p, blocks in self._blocks.items()}

    def of_old(self, path: str, line: int) -> Region:
        """Return the region of a line (from 1) of the text before."""
        blocks = self._blocks.get(path)
        if not blocks:
            return (path, "line", line)
        index = bisect_right(self._olds[path], line - 1) - 1
        while index >= 0 and blocks[index][0] == blocks[index][1] == line - 1:
            index -= 1  # an insertion before this line
        if index < 0:
            return (path, "line", line)
        _, end, _, new_end = blocks[index]
        if line - 1 < end:
            return (path, "block", index)
        return (path, "line", line + new_end - end)

    def of_new(self, path: str, line: int) -> Region:
        """Return the region of a line (from 1) of the text after."""
        blocks = self._blocks.get(path)
        if not blocks:
            return (path, "line", line)
        index = bisect_right(self._news[path], line - 1) - 1
        if index >= 0 and line - 1 < blocks[index][3]:
            return (path, "block", index)
        return (path, "line", line)


def compare(
    before: Sequence[Finding],
    after: Sequence[Finding],
    claims: Iterable[Finding],
    lines: Lines,
) -> Difference:
    """Return which claimed findings remain, and which findings came.

    A finding is known again by its place, as the edits moved it; then, since edits may
    move code from one file to another, by what it says.
    """
    claimed = {id(claim) for claim in claims}
    unclaimed = [finding for finding in before if id(finding) not in claimed]
    still_claimed = [finding for finding in before if id(finding) in claimed]
    open_after = list(after)

    def old_region(finding: Finding) -> Hashable:
        return (finding.rule, lines.of_old(finding.path, finding.line))

    def new_region(finding: Finding) -> Hashable:
        return (finding.rule, lines.of_new(finding.path, finding.line))

    _, unclaimed, open_after = _match(
        unclaimed, open_after, _with_message(old_region), _with_message(new_region)
    )
    _, unclaimed, open_after = _match(unclaimed, open_after, old_region, new_region)
    remaining, still_claimed, open_after = _match(
        still_claimed, open_after, old_region, new_region
    )
    for key in (_words_in_file, _words, _file):
        _, unclaimed, open_after = _match(unclaimed, open_after, key, key)
    for key in (_words_in_file, _file):
        more, still_claimed, open_after = _match(still_claimed, open_after, key, key)
        remaining += more
    return Difference(tuple(remaining), tuple(open_after))


Key = Callable[[Finding], Hashable]


def _with_message(region: Key) -> Key:
    return lambda finding: (region(finding), finding.message)


def _words_in_file(finding: Finding) -> Hashable:
    return (finding.rule, finding.path, finding.message)


def _words(finding: Finding) -> Hashable:
    return (finding.rule, finding.message)


def _file(finding: Finding) -> Hashable:
    return (finding.rule, finding.path)


def _match(
    old: list[Finding], new: list[Finding], old_key: Key, new_key: Key
) -> tuple[list[tuple[Finding, Finding]], list[Finding], list[Finding]]:
    """Pair findings whose keys are the same; return the pairs and what is left of each."""
    waiting: dict[Hashable, list[Finding]] = {}
    for finding in reversed(old):
        waiting.setdefault(old_key(finding), []).append(finding)
    pairs: list[tuple[Finding, Finding]] = []
    left: list[Finding] = []
    for finding in new:
        matches = waiting.get(new_key(finding))
        if matches:
            pairs.append((matches.pop(), finding))
        else:
            left.append(finding)
    rest = {id(finding) for findings in waiting.values() for finding in findings}
    return pairs, [finding for finding in old if id(finding) in rest], left
