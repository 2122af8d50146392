"""Reads a unified diff into the blocks that it changes."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HUNK = re.compile(r"@@ -(?P<old>\d+)(?:,(?P<olds>\d+))? \+\d+(?:,(?P<news>\d+))? @@")
Block = tuple[int, int, list[str]]
"""First and last line (from 0, the last excluded), and the lines in their place."""


def read_diff(text: str) -> Iterator[tuple[str, list[Block]]]:
    """Yield the files of a unified diff, each with its changed blocks."""
    lines = iter(text.split("\n"))
    path, blocks = "", list[Block]()
    for line in lines:
        if line.startswith("--- "):
            if blocks:
                yield path, blocks
            path, blocks = line[4:].rpartition("\t")[0], []
        elif match := _HUNK.match(line):
            old, new = (int(match[name] or 1) for name in ("olds", "news"))
            at = int(match["old"]) - (1 if old else 0)
            blocks += _read_hunk(lines, at, old, new)
    if blocks:
        yield path, blocks


def _read_hunk(lines: Iterator[str], at: int, old: int, new: int) -> list[Block]:
    blocks: list[Block] = []
    first, added, changing = at, list[str](), False
    while old > 0 or new > 0:
        line = next(lines, " ")
        if line[:1] in ("-", "+"):
            if not changing:
                first, added, changing = at, [], True
            if line[0] == "-":
                at, old = at + 1, old - 1
            else:
                added.append(line[1:])
                new -= 1
        elif not line.startswith("\\"):
            if changing:
                blocks.append((first, at, added))
                changing = False
            at, old, new = at + 1, old - 1, new - 1
    if changing:
        blocks.append((first, at, added))
    return blocks
