"""Turn the sites of the walk into findings: what, why, what instead, how reached."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from roadworthy.app.model import LoopEntry
from roadworthy.effects.lookup import EFFECTS, Block
from roadworthy.effects.walk import LoopSite
from roadworthy.findings import Entry, Finding, Severity, Step
from roadworthy.rules.event_loop import RULE_OF_EFFECT
from roadworthy.syntax.code import Position, unpack
from roadworthy.values.frames import Witness
from roadworthy.values.program import FunctionInfo, Module

_MOST_ENTRIES = 20
_LONGEST_TEXT = 80
_FEW_LOG_CALLS = 12

_FALLBACK = {
    "http": "an asynchronous client such as `httpx.AsyncClient`",
    "database": "the asynchronous session and driver of this database",
    "sleep": "`await asyncio.sleep(...)`",
    "file": "`aiofiles` or `anyio.Path`",
    "file-metadata": "`anyio.Path`",
    "subprocess": "`await asyncio.create_subprocess_exec(...)`",
    "cpu": "a thread, a process pool or a task queue",
    "wait": "the asyncio counterpart",
    "network": "an asynchronous client",
}

_QUEUE = "a `logging.handlers.QueueHandler` with a `QueueListener` around the handler"
_FALLBACK.update((effect, _QUEUE) for effect in EFFECTS if effect.endswith("-log"))

_SESSIONS = ("database",)


class Sources:
    """Lines of files, read once, for excerpts and character columns."""

    def __init__(self, root: Path, library_folders: Iterable[Path]) -> None:
        self._root = root
        self._library_folders = tuple(library_folders)
        self._lines: dict[Path, list[str]] = {}
        self._relative: dict[Path, str] = {}

    def lines(self, path: Path) -> list[str]:
        """Return a file's lines; none where it cannot be read any more."""
        found = self._lines.get(path)
        if found is None:
            try:
                text = path.read_bytes().decode("utf-8-sig", errors="replace")
            except OSError:
                text = ""
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            found = self._lines[path] = text.split("\n")
        return found

    def relative(self, path: Path) -> str:
        """Return a path as reports name it."""
        known = self._relative.get(path)
        if known is None:
            known = self._relative[path] = self._named(path)
        return known

    def _named(self, path: Path) -> str:
        for folder in (self._root, *self._library_folders):
            try:
                return path.relative_to(folder).as_posix()
            except ValueError:
                continue
        return path.as_posix()

    def column(self, path: Path, line: int, byte_column: int) -> int:
        """Return the 1-based column in characters of a 1-based column in bytes."""
        lines = self.lines(path)
        if line > len(lines):
            return byte_column
        text = lines[line - 1]
        if text.isascii():
            return byte_column
        return len(text.encode()[: byte_column - 1].decode(errors="ignore")) + 1

    def text(self, path: Path, position: Position) -> str:
        """Return the source of a span, on one line."""
        lines = self.lines(path)
        if position.end_line > len(lines):
            return ""
        start = self.column(path, position.line, position.column) - 1
        end = self.column(path, position.end_line, position.end_column) - 1
        if position.line == position.end_line:
            text = lines[position.line - 1][start:end]
        else:
            parts = [lines[position.line - 1][start:]]
            parts.extend(lines[position.line : position.end_line - 1])
            parts.append(lines[position.end_line - 1][:end])
            text = " ".join(part.strip() for part in parts)
        return text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"


def findings(sites: Iterable[LoopSite], sources: Sources) -> list[Finding]:
    """Return a finding for each site; of log calls one where their handler is set up.

    A service logs in hundreds of places, and the remedy is in one: the handler. Where a
    few calls alone write through it, as an audit log's, each has a finding of its own.
    """
    return [finding for finding, _ in told(sites, sources)]


def told(
    sites: Iterable[LoopSite], sources: Sources
) -> list[tuple[Finding, list[LoopSite]]]:
    """Return the findings of sites, each with the sites that it is about."""
    found: list[tuple[Finding, list[LoopSite]]] = []
    logged: dict[tuple[Module, int, int], list[LoopSite]] = {}
    for site in sites:
        place = _last(site.witness).block.place
        if place is None or place[0].is_library:
            found.append((_finding(site, sources), [site]))
        else:
            logged.setdefault(place, []).append(site)
    for place, calls in logged.items():
        if len(calls) <= _FEW_LOG_CALLS:
            found.extend((_finding(site, sources), [site]) for site in calls)
        else:
            found.append((_of_handler(place, calls, sources), calls))
    return found


def line_of(packed: int, first_line: int) -> int:
    """Return the line of a place as the evaluator keeps it."""
    return unpack(packed, first_line).line


def _of_handler(
    place: tuple[Module, int, int], calls: list[LoopSite], sources: Sources
) -> Finding:
    """Return the finding of a log handler through which many calls write."""
    module, packed, first_line = place
    calls = sorted(calls, key=lambda s: (len(s.entries) == 0, s.witness.length))
    first = calls[0]
    entries = list({id(e): e for site in calls for e in site.entries}.values())
    gravest = min(calls, key=lambda site: EFFECTS.index(site.effect))
    last = _last(gravest.witness)
    installed = Witness(
        module, packed, first_line, last.callee, last.block, first.witness, 0
    )
    whole = LoopSite(
        module,
        unpack(packed, first_line),
        gravest.effect,
        installed,
        None,
        entries,
    )
    finding = _finding(whole, sources)
    return replace(
        finding,
        message=(
            f"`{last.callee}` blocks the event loop in each of {len(calls)} calls that "
            f"log through the handler set up here"
        ),
    )


def _finding(site: LoopSite, sources: Sources) -> Finding:
    rule = RULE_OF_EFFECT[site.effect]
    severity: Severity = rule.severity
    if site.effect in ("file-metadata", "file-log"):
        severity = "advice"
    elif site.once and severity == "error":
        severity = "warning"
    path = site.module.path
    position = site.position
    text = sources.text(path, position)
    chain = _chain(site.witness, sources)
    last = _last(site.witness)
    block: Block = last.block
    called = _short(text)
    if len(chain) > 1:
        message = f"`{called}` blocks the event loop: it comes to `{last.callee}`"
    else:
        message = f"`{last.callee}` blocks the event loop"
    if site.once:
        message += ", while the server starts or stops"
    entries = [_entry(entry, sources) for entry in site.entries[:_MOST_ENTRIES]]
    return Finding(
        rule=rule.code,
        name=rule.name,
        severity=severity,
        path=sources.relative(path),
        line=position.line,
        column=sources.column(path, position.line, position.column),
        end_line=position.end_line,
        end_column=sources.column(path, position.end_line, position.end_column),
        message=message,
        why=block.why or rule.why,
        instead=_instead(site, block, text, len(chain)),
        entry=entries[0] if entries else None,
        chain=chain,
        other_entries=tuple(entries[1:]),
    )


def _last(witness: Witness) -> Witness:
    while witness.after is not None:
        witness = witness.after
    return witness


def _chain(witness: Witness, sources: Sources) -> tuple[Step, ...]:
    steps: list[Step] = []
    current: Witness | None = witness
    while current is not None:
        position = current.position
        path = current.module.path
        steps.append(
            Step(
                path=sources.relative(path),
                line=position.line,
                column=sources.column(path, position.line, position.column),
                text=sources.text(path, position),
                callee=current.callee,
            )
        )
        current = current.after
    return tuple(steps)


def _short(text: str) -> str:
    head = text.partition("(")[0].strip()
    return f"{head}()" if head and "(" in text else (head or text)


def _instead(site: LoopSite, block: Block, text: str, length: int) -> str:
    if site.effect.endswith("-log"):
        own = block.effect.endswith("-log") and block.instead
        return own or _FALLBACK[site.effect]
    alternative = block.instead or _FALLBACK[site.effect]
    threaded = _threaded(text)
    if length == 1:
        if block.thread:
            return f"{threaded}; {block.instead}" if block.instead else threaded
        return alternative
    if site.effect in _SESSIONS:
        # A session must not be used from two threads: no wrapping in a thread here.
        return (
            f"make the chain asynchronous, down to {alternative}; a chain that passes "
            "a session must not be moved to a thread"
        )
    if block.thread or not block.instead:
        return threaded
    return f"make the chain asynchronous, down to {alternative}; or {threaded}"


def _threaded(text: str) -> str:
    """Return the call as `asyncio.to_thread` takes it."""
    if text.endswith(")") and "(" in text and not text.startswith("("):
        head, _, rest = text.partition("(")
        inner = rest[:-1].strip()
        if head and head.count(")") == 0 and inner.count("(") == inner.count(")"):
            arguments = f", {inner}" if inner else ""
            return f"`await asyncio.to_thread({head}{arguments})`"
    return "`await asyncio.to_thread(...)` around a function that does this"


def _entry(entry: LoopEntry, sources: Sources) -> Entry:
    function: FunctionInfo = entry.function
    module: Module = function.module
    return Entry(
        kind=entry.kind,
        label=entry.label,
        function=function.qualified_name,
        path=sources.relative(module.path),
        line=function.code.first_line,
    )


RunProgress = Callable[[str, int, int], None]
