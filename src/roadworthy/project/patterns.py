"""Patterns of `.gitignore`, compiled to regular expressions.

Git's own rules, see `gitignore(5)`. An own translation, because the usual library for
it takes longer to import than all the other work on a small project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: what it matches, and whether a match excludes or brings back."""

    regex: re.Pattern[str]
    negated: bool
    folders_only: bool


@dataclass(frozen=True, slots=True)
class IgnoreFile:
    """The patterns that hold below one folder.

    `base` is the path of that folder relative to the walk's start, with `/` at its end,
    or empty for the start itself.
    """

    base: str
    patterns: tuple[Pattern, ...]

    def verdict(self, path: str, is_folder: bool) -> bool | None:
        """Return whether the path is excluded, or None if no pattern speaks of it.

        `path` is relative to the walk's start, with `/`; the last pattern that fits
        decides.
        """
        if not path.startswith(self.base):
            return None
        below = path[len(self.base) :]
        for pattern in reversed(self.patterns):
            if (is_folder or not pattern.folders_only) and pattern.regex.match(below):
                return not pattern.negated
        return None


def parse_patterns(lines: Iterable[str], base: str = "") -> IgnoreFile:
    """Compile the lines of a `.gitignore`; a line that is no pattern is left out."""
    patterns = [p for p in (_parse_line(line) for line in lines) if p is not None]
    return IgnoreFile(base, tuple(patterns))


def _parse_line(line: str) -> Pattern | None:
    line = line.rstrip("\r\n")
    if not line or line.startswith("#"):
        return None
    while line.endswith(" ") and not line.endswith("\\ "):
        line = line[:-1]
    negated = line.startswith("!")
    if negated:
        line = line[1:]
    folders_only = line.endswith("/")
    if folders_only:
        line = line[:-1]
    if not line:
        return None
    anchored = "/" in line
    line = line.removeprefix("/")
    # `a/**` is everything inside `a`, not `a` itself.
    inside = line.endswith("/**")
    if inside:
        line = line[:-3]
    body = _translate(line)
    prefix = "" if anchored else "(?:.*/)?"
    suffix = "/.+" if inside else ""
    try:
        regex = re.compile(f"{prefix}{body}{suffix}\\Z", re.DOTALL)
    except re.error:
        return None
    return Pattern(regex, negated, folders_only)


def _translate(glob: str) -> str:
    parts: list[str] = []
    index = 0
    while index < len(glob):
        char = glob[index]
        if glob.startswith("**/", index) and (index == 0 or glob[index - 1] == "/"):
            parts.append("(?:.*/)?")
            index += 3
        elif char == "*":
            while index < len(glob) and glob[index] == "*":
                index += 1
            # Possessive would be better still; runs of stars are merged so that no
            # pattern of an untrusted repository takes exponential time.
            parts.append("[^/]*")
        elif char == "?":
            parts.append("[^/]")
            index += 1
        elif char == "[":
            text, index = _translate_set(glob, index)
            parts.append(text)
        elif char == "\\" and index + 1 < len(glob):
            parts.append(re.escape(glob[index + 1]))
            index += 2
        else:
            parts.append(re.escape(char))
            index += 1
    return "".join(parts)


def _translate_set(glob: str, start: int) -> tuple[str, int]:
    """Translate `[…]` beginning at `start`; return the text and where to go on."""
    end = start + 1
    if end < len(glob) and glob[end] in "!^":
        end += 1
    if end < len(glob) and glob[end] == "]":
        end += 1
    while end < len(glob) and glob[end] != "]":
        end += 2 if glob[end] == "\\" else 1
    if end >= len(glob):
        # Git matches nothing with an unclosed set.
        return "(?!)", len(glob)
    inner = glob[start + 1 : end]
    negated = inner[:1] in ("!", "^")
    if negated:
        inner = inner[1:]
    inner = re.sub(r"\\(.)", r"\1", inner)
    escaped = "".join("\\" + c if c in "\\]^[&~|" else c for c in inner)
    return f"(?!/)[{'^' if negated else ''}{escaped}]", end + 1
