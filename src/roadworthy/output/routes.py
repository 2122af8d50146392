"""The map of routes: a table for people, a Markdown table, JSON."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from roadworthy.findings import Unread
from roadworthy.output.source import printable, width
from roadworthy.route_map import Blocking, MappedRoute

_HEADS = (
    "method",
    "path",
    "handler",
    "request",
    "response",
    "security",
    "limit",
    "session",
    "runs",
    "blocked by",
    "tests",
)
_FIXED = frozenset({"method", "path", "runs", "tests"})
_NARROWEST = 16
_INDENT = "    "
_GAP = 2


def to_json(
    routes: Sequence[MappedRoute], unread: Sequence[Unread], notes: Sequence[str]
) -> str:
    """Return the map as one JSON object on one line.

    The calls that block stand in one list; a route has their positions in it, since a
    dependency that all routes share blocks each of them in the same places.
    """
    places: dict[Blocking, int] = {}
    told: list[dict[str, Any]] = []
    for route in routes:
        for block in route.blocking:
            places.setdefault(block, len(places))
        fields = {
            field.name: getattr(route, field.name)
            for field in dataclasses.fields(route)
        }
        fields["tests"] = [dataclasses.asdict(test) for test in route.tests]
        fields["blocking"] = [places[block] for block in route.blocking]
        told.append(fields)
    found: dict[str, Any] = {
        "version": 1,
        "routes": told,
        "blocking": [dataclasses.asdict(block) for block in places],
        "unread": [dataclasses.asdict(file) for file in unread],
        "notes": list(notes),
    }
    return json.dumps(found, separators=(",", ":"))


def to_markdown(routes: Sequence[MappedRoute]) -> Iterator[str]:
    """Yield the map as the lines of a Markdown table."""
    yield f"| {' | '.join(_HEADS)} |"
    yield "|" + "---|" * len(_HEADS)
    for route in routes:
        cells = (cell.replace("|", "\\|") for cell in _cells(route))
        yield f"| {' | '.join(cells)} |"


def to_terminal(
    routes: Sequence[MappedRoute],
    columns: int | None,
    colour: bool,
    nothing: str = "No routes found.",
) -> Iterator[str]:
    """Yield the map as lines, of a number of columns at most where one is given.

    What has no room in its column goes on below; where there is no room for columns,
    each route has lines of its own. Nothing is left out either way.
    """
    if not routes:
        yield nothing
        return
    table = [_HEADS, *map(_cells, routes)]
    # A column in which nothing stands says nothing.
    used = [
        index
        for index, head in enumerate(_HEADS)
        if head in _FIXED or any(row[index] not in ("", "-") for row in table[1:])
    ]
    widths = _widths(table, used, columns)
    if widths is None:
        for row in table[1:]:
            yield from _record(row, used, columns or 0, colour)
    else:
        for number, row in enumerate(table):
            for line in _row(row, widths):
                yield _bold(line, colour and number == 0)
    yield ""
    yield _summary(routes)


def _bold(line: str, colour: bool) -> str:
    return f"\x1b[1m{line}\x1b[0m" if colour else line


def _cells(route: MappedRoute) -> tuple[str, ...]:
    methods = ",".join(route.methods)
    if not methods:
        methods = "WEBSOCKET" if route.kind == "websocket" else "*"
    security = ", ".join((*route.schemes, *route.guards))
    if route.scopes:
        security += f" ({' '.join(route.scopes)})"
    runs = {True: "async", False: "thread", None: "?"}[route.is_async]
    blocked = dict.fromkeys(block.rule for block in route.blocking)
    cells = (
        methods,
        route.path,
        route.handler or "?",
        ", ".join(route.request),
        route.response,
        security,
        ", ".join(route.limits),
        ", ".join(route.sessions),
        runs,
        " ".join(blocked),
        str(len({(test.path, test.test) for test in route.tests})),
    )
    return tuple(printable(cell) or "-" for cell in cells)


def _widths(
    table: Sequence[Sequence[str]], used: Sequence[int], columns: int | None
) -> dict[int, int] | None:
    """Return the width of each column; None where there is no room for columns.

    The widest give way where room is scarce.
    """
    widths = {i: max(width(row[i]) for row in table) for i in used}
    if columns is None:
        return widths
    elastic = [i for i in used if _HEADS[i] not in _FIXED]
    room = columns - _GAP * (len(used) - 1)
    while sum(widths.values()) > room:
        widest = max(elastic, key=lambda i: widths[i])
        if widths[widest] <= _NARROWEST:
            return None
        widths[widest] -= 1
    return widths


def _row(row: Sequence[str], widths: dict[int, int]) -> Iterator[str]:
    """Yield the lines of a row of the table."""
    cells = [_wrapped(row[i], room) for i, room in widths.items()]
    for lines in zip_longest(*cells, fillvalue=""):
        padded = (
            text + " " * (room - width(text))
            for text, room in zip(lines, widths.values(), strict=True)
        )
        yield (" " * _GAP).join(padded).rstrip()


def _record(
    row: Sequence[str], used: Sequence[int], columns: int, colour: bool
) -> Iterator[str]:
    """Yield the lines of a route that stands by itself."""
    cells = {_HEADS[i]: row[i] for i in used if row[i] != "-"}
    for line in _wrapped(f"{cells.pop('method')}  {cells.pop('path')}", columns):
        yield _bold(line, colour)
    line = ""
    for head, text in cells.items():
        told = f"{head}: {text}"
        if line and width(line) + width(told) + 2 <= columns:
            line += f"; {told}"
            continue
        if line:
            yield line
        *full, last = _wrapped(told, max(columns - len(_INDENT), _NARROWEST))
        yield from (_INDENT + part for part in full)
        line = _INDENT + last
    yield line


def _wrapped(text: str, room: int) -> list[str]:
    """Return a text as lines that fit, parted where names and lists part if possible."""
    lines: list[str] = []
    while width(text) > room:
        end = len(text)
        while end > 1 and width(text[:end]) > room:
            end -= 1
        parting = max(text.rfind(mark, 0, end) for mark in " .,_[|/") + 1
        if parting > end // 3:
            end = parting
        lines.append(text[:end].rstrip())
        text = text[end:].lstrip()
    return [*lines, text]


def _summary(routes: Sequence[MappedRoute]) -> str:
    parts = [f"{len(routes):,} route" + ("" if len(routes) == 1 else "s")]
    for count, words in (
        (sum(not r.schemes and not r.guards for r in routes), "without security"),
        (sum(bool(r.blocking) for r in routes), "blocking the event loop"),
        (sum(not r.tests for r in routes), "that no test requests"),
    ):
        if count:
            parts.append(f"{count:,} {words}")
    return ", ".join(parts) + "."
