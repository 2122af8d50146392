"""What each tool's output says of blocking calls, in one form: sites.

A site is the place where code that runs on the event loop enters something that blocks:
the call in the innermost coroutine, not the blocking call far below it. Tools that print
a chain are read so that theirs is the same place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROADWORTHY_RULES = tuple(f"RW30{digit}" for digit in range(1, 9))
"""The rules of roadworthy on blocking calls."""

THERAPIST_RULES = frozenset(
    ("FASTT001", "FASTT002", "FASTT004", "FASTT005", "FASTT006", "FASTT033")
)
"""The rules of fastapi-therapist whose finding is one blocking call: input and output,
database, a nested loop, files, subprocesses, work for the processor."""

_BLOCKING_CALL = re.compile(r"ASYNC2\d\d")
"""The codes, in flake8-async and so in ruff, whose finding is one blocking call."""

_FLAKE8_LINE = re.compile(r"(?P<path>.+?):(?P<line>\d+):\d+: (?P<code>[A-Z]+\d+)\b")


class OutputError(ValueError):
    """A tool's output is not the report that it should be."""


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A line, beginning at 1, of a file; the path is relative to the tree, with `/`."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def parse_roadworthy(text: str, root: Path) -> frozenset[Site]:
    """Read `roadworthy check --format json`. Raises `OutputError`."""
    return _sites(
        root,
        (
            (_text(finding, "path"), _number(finding, "line"))
            for finding in _objects(_document(text), "findings")
            if finding.get("rule") in ROADWORTHY_RULES
        ),
    )


def parse_hydroid(text: str, root: Path) -> frozenset[Site]:
    """Read `hydroid --format json`. Raises `OutputError`."""
    places = (
        _object(diagnostic, "location")
        for diagnostic in _objects(_document(text), "diagnostics")
    )
    return _sites(root, ((_text(p, "path"), _number(p, "line")) for p in places))


def parse_blockpath(text: str, root: Path) -> frozenset[Site]:
    """Read `blockpath check --json`; the witness begins in the innermost coroutine.

    Raises `OutputError`.
    """
    frames = (
        _objects(finding, "witness")[0]
        for finding in _objects(_document(text), "findings")
        if _objects(finding, "witness")
    )
    return _sites(root, ((_text(f, "path"), _number(f, "line")) for f in frames))


def parse_therapist(text: str, root: Path) -> frozenset[Site]:
    """Read `fastapi-therapist --json`, its rules on blocking calls alone.

    Raises `OutputError`.
    """
    return _sites(
        root,
        (
            (_text(diagnostic, "filePath"), _number(diagnostic, "line"))
            for diagnostic in _objects(_document(text), "diagnostics")
            if diagnostic.get("rule") in THERAPIST_RULES
        ),
    )


def parse_ruff(text: str, root: Path) -> frozenset[Site]:
    """Read `ruff check --output-format json`, its rules on blocking calls alone.

    Raises `OutputError`.
    """
    document = _document(text)
    if not isinstance(document, list):
        raise OutputError("not a list of diagnostics")
    return _sites(
        root,
        (
            (
                _text(diagnostic, "filename"),
                _number(_object(diagnostic, "location"), "row"),
            )
            for diagnostic in document
            if isinstance(diagnostic, dict)
            and _BLOCKING_CALL.fullmatch(str(diagnostic.get("code")))
        ),
    )


def parse_flake8_async(text: str, root: Path) -> frozenset[Site]:
    """Read the lines of `flake8-async`, its rules on blocking calls alone.

    A message may go over several lines; what does not begin a finding is passed over.
    """
    found = (_FLAKE8_LINE.match(line) for line in text.splitlines())
    return _sites(
        root,
        (
            (match["path"], int(match["line"]))
            for match in found
            if match and _BLOCKING_CALL.fullmatch(match["code"])
        ),
    )


def _sites(root: Path, places: Iterable[tuple[str, int]]) -> frozenset[Site]:
    return frozenset(Site(_relative(path, root), line) for path, line in places)


def _relative(path: str, root: Path) -> str:
    """Return a path as it stands below the tree."""
    place = Path(path)
    if place.is_absolute():
        try:
            place = place.relative_to(root)
        except ValueError:
            raise OutputError(f"{path} is not in {root}") from None
    return place.as_posix()


def _document(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise OutputError(f"not JSON: {error}") from error


def _objects(value: Any, key: str) -> list[dict[str, Any]]:
    """Return the objects in the list under a key."""
    items = value.get(key) if isinstance(value, dict) else None
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        raise OutputError(f"no list of objects under {key!r}")
    return items


def _object(value: dict[str, Any], key: str) -> dict[str, Any]:
    item = value.get(key)
    if not isinstance(item, dict):
        raise OutputError(f"no object under {key!r}")
    return item


def _text(value: dict[str, Any], key: str) -> str:
    item = value.get(key)
    if not isinstance(item, str):
        raise OutputError(f"no text under {key!r}")
    return item


def _number(value: dict[str, Any], key: str) -> int:
    item = value.get(key)
    if not isinstance(item, int):
        raise OutputError(f"no number under {key!r}")
    return item


def python_files(root: Path) -> Iterator[str]:
    """Yield the Python files of a tree, relative to it, in order."""
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield "/".join(parts)
