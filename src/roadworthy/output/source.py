"""Lines of source for excerpts, made safe to print."""

from __future__ import annotations

import unicodedata
from pathlib import Path

TAB = 4


class SourceLines:
    """Reads lines of files below a folder; each file at most once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: dict[str, list[str] | None] = {}

    def has(self, path: str) -> bool:
        """Tell whether a path of a report is a file of the checked folder."""
        return self._lines(path) is not None

    def line(self, path: str, number: int) -> str | None:
        """Return a line (from 1) without its end, or None where there is none."""
        lines = self._lines(path)
        if lines is None or not 1 <= number <= len(lines):
            return None
        return lines[number - 1]

    def _lines(self, path: str) -> list[str] | None:
        if path not in self._files:
            try:
                text = (self._root / path).read_bytes().decode("utf-8", "replace")
            except (OSError, ValueError):
                self._files[path] = None
            else:
                # Python's own line ends only: `splitlines` would count form feeds too.
                text = text.removeprefix("\ufeff")
                text = text.replace("\r\n", "\n").replace("\r", "\n")
                self._files[path] = text.split("\n")
        return self._files[path]


def printable(text: str) -> str:
    """Return text in which nothing can steer a terminal.

    What is checked is untrusted: an escape sequence in a file's name or in a string
    must not reach the terminal.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char == "\t" else "\N{REPLACEMENT CHARACTER}"
        for char in text
    )


def width(text: str) -> int:
    """Return how many columns of a terminal a text without tabs takes."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def expand(line: str, start: int, end: int) -> tuple[str, int, int]:
    """Return a line as it is shown, and where a part of it then begins and ends.

    `start` and `end` are 0-based and count characters; the answers count columns of a
    terminal. Indentation common to the whole line is kept, tabs become spaces.
    """
    shown = ""
    places = []
    for char in line:
        places.append(width(shown))
        if char == "\t":
            shown += " " * (TAB - width(shown) % TAB)
        else:
            shown += printable(char)
    places.append(width(shown))
    last = len(places) - 1
    return shown, places[min(max(start, 0), last)], places[min(max(end, 0), last)]


def counted(number: int, noun: str) -> str:
    """Return a number with what is counted, in the plural where there is not one."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
