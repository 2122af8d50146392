"""A report for people."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roadworthy.findings import (
    SEVERITIES,
    Entry,
    Finding,
    Report,
    Severity,
    Step,
    severity_rank,
)
from roadworthy.output.grouping import Group, entries, group
from roadworthy.output.source import SourceLines, counted, expand, printable, width
from roadworthy.sections import SECTIONS, section_of

_STYLES = {
    "error": "1;31",
    "warning": "1;33",
    "advice": "1;36",
    "strong": "1",
    "dim": "2",
    "code": "36",
}
_LABEL = 11
_MOST_LINES = 4
_MOST_ENTRIES = 6
_OTHER_CALL = 40


@dataclass(frozen=True, slots=True)
class Look:
    """How to print: in colour or not, how many columns, and whether advice is listed."""

    colour: bool = False
    columns: int = 100
    advice: bool = False
    statistics: bool = False


def render(report: Report, sources: SourceLines, look: Look) -> Iterator[str]:
    """Yield the report as lines without their ends."""
    yield from _Terminal(sources, look).report(report)


class _Terminal:
    def __init__(self, sources: SourceLines, look: Look) -> None:
        self._sources = sources
        self._look = look
        self._told: set[str] = set()

    def report(self, report: Report) -> Iterator[str]:
        shown = [
            f for f in report.findings if self._look.advice or f.severity != "advice"
        ]
        for member in group(shown, self._sources.has):
            yield from self._group(member)
            yield ""
        if report.unresolved:
            yield self._paint(
                "Calls on the event loop that could not be resolved", "strong"
            )
            for call in report.unresolved:
                place = f"{call.path}:{call.line}:{call.column}"
                yield f"  {printable(place)}  {self._code(call.text)}"
            yield ""
        if report.unread:
            yield self._paint("Not checked", "strong")
            for unread in report.unread:
                place = f"{unread.path}:{unread.line}"
                yield from self._wrapped(f"{place}: {unread.message}", "  ", "    ")
            yield ""
        yield from self._summary(report, len(report.findings) - len(shown))
        for note in report.notes:
            yield from self._wrapped(f"note: {note}", "", "      ")

    def _group(self, member: Group) -> Iterator[str]:
        finding = member.shown
        place = f"{finding.path}:{finding.line}:{finding.column}"
        yield (
            f"{self._paint(printable(place), 'strong')}  "
            f"{self._paint(f'{finding.rule} {finding.severity}', finding.severity)}  "
            f"{self._paint(finding.name, 'dim')}"
        )
        yield from self._wrapped(finding.message, "  ", "  ")
        yield from self._excerpt(finding)
        yield from self._entries(finding)
        yield from self._chain(finding)
        if finding.why and finding.why not in self._told:
            # Once a report: the tenth blocking query is as bad for the same reason.
            self._told.add(finding.why)
            yield from self._field("why", finding.why)
        if finding.instead:
            yield from self._field("instead", finding.instead)
        if finding.fix is not None:
            how = "roadworthy fix" + ("" if finding.fix.safe else " --unsafe")
            yield from self._field("fix", f"`{how}`")
        yield from self._others(member)

    def _excerpt(self, finding: Finding) -> Iterator[str]:
        last = min(max(finding.end_line, finding.line), finding.line + _MOST_LINES - 1)
        numbers = range(finding.line, last + 1)
        lines = [(n, self._sources.line(finding.path, n)) for n in numbers]
        known = [(n, line) for n, line in lines if line is not None]
        if not any(line.strip() for _, line in known):
            return
        gutter = len(str(known[-1][0]))
        indent = min(
            len(x) - len(x.lstrip()) for _, x in known if x.strip() or x == known[0][1]
        )
        room = max(self._look.columns - gutter - 8, 20)
        yield ""
        for number, line in known:
            start = finding.column - 1 if number == finding.line else None
            end = (
                finding.end_column - 1
                if number == finding.end_line
                else len(line.rstrip())
            )
            if start is None:
                start = len(line) - len(line.lstrip())
            text, begin, stop = expand(line[indent:], start - indent, end - indent)
            text, begin, stop = _clip(text, begin, stop, room)
            bar = self._paint("|", "dim")
            yield f"  {self._paint(str(number).rjust(gutter), 'dim')} {bar} {text}".rstrip()
            if stop > begin:
                mark = self._paint("^" * (stop - begin), finding.severity)
                yield f"  {' ' * gutter} {bar} {' ' * begin}{mark}"
        if finding.end_line > last:
            yield f"  {' ' * gutter} {self._paint('|', 'dim')} ..."
        yield ""

    def _entries(self, finding: Finding) -> Iterator[str]:
        every = entries(finding)
        if not every:
            return
        yield from self._field("reached by", _entry_text(every[0], finding.path))
        rest = every[1:]
        if rest:
            names = ", ".join(_name(entry) for entry in rest[:_MOST_ENTRIES])
            more = len(rest) - _MOST_ENTRIES
            names += f" and {more} more" if more > 0 else ""
            yield from self._field("", f"and by {names}")

    def _chain(self, finding: Finding) -> Iterator[str]:
        chain = finding.chain
        if not chain:
            return
        if len(chain) == 1:
            # The excerpt shows the call; only its target is left to tell.
            yield from self._field("calls", f"`{chain[0].callee}`")
            return
        calls = [
            "  " * depth + _one_line(step.text) for depth, step in enumerate(chain)
        ]
        room = max(self._look.columns - _LABEL - 2, 30)
        column = min(max(map(width, calls)), room * 3 // 5)
        label = "through"
        for call, step in zip(calls, chain, strict=True):
            call = _shorten(call, column)
            padding = " " * (column - width(call))
            place = self._paint(_place(step), "dim")
            yield f"  {self._label(label)}{self._paint(call, 'code')}{padding}  {place}"
            label = ""
        target = "  " * len(chain) + f"blocks in {chain[-1].callee}"
        yield f"  {self._label('')}{printable(target)}"

    def _others(self, member: Group) -> Iterator[str]:
        if not member.others:
            return
        count = len(member.others)
        places = "place" if count == 1 else "places"
        yield from self._field("also at", f"{count} more {places} with the same cause:")
        for finding in member.others:
            place = printable(f"{finding.path}:{finding.line}:{finding.column}")
            first = next(iter(entries(finding)), None)
            entry = f"  {self._paint(_name(first), 'dim')}" if first else ""
            call = finding.chain[0].text if finding.chain else ""
            call = f"  {self._code(_shorten(call, _OTHER_CALL))}" if call else ""
            yield f"  {self._label('')}{place}{call}{entry}"

    def _summary(self, report: Report, hidden: int) -> Iterator[str]:
        files = report.stats.get("files")
        seconds = report.stats.get("seconds")
        scope = f" in {counted(files, 'file')}" if isinstance(files, int) else ""
        if isinstance(seconds, int | float):
            scope += f" ({seconds:.1f} s)"
        counts = Counter(finding.severity for finding in report.findings)
        if not report.findings:
            yield self._paint(f"Nothing found{scope}.", "strong")
        else:
            parts = [_severity_count(s, counts[s]) for s in SEVERITIES if counts[s]]
            listed = (
                parts[0]
                if len(parts) == 1
                else f"{', '.join(parts[:-1])} and {parts[-1]}"
            )
            yield self._paint(f"Found {listed}{scope}.", "strong")
            yield from self._sections(report.findings)
            yield ""
            yield from self._rules(report.findings)
        yield from self._fixable(report.findings)
        if hidden:
            yield f"{counted(hidden, 'finding')} of advice not shown; `--advice` lists them."
        silenced = report.stats.get("suppressed")
        if isinstance(silenced, int) and silenced:
            yield f"{counted(silenced, 'finding')} suppressed by comments."
        if report.unread:
            yield f"{counted(len(report.unread), 'file')} not checked, listed above."
        if self._look.statistics:
            yield ""
            yield self._paint("Statistics", "strong")
            longest = max(map(len, report.stats), default=0)
            for key, value in report.stats.items():
                number = f"{value:.3f}" if isinstance(value, float) else str(value)
                yield f"  {key.ljust(longest)}  {printable(number)}"

    def _fixable(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Say how many findings `roadworthy fix` mends, safely and otherwise."""
        fixes = [finding.fix for finding in findings if finding.fix is not None]
        safe = sum(1 for fix in fixes if fix.safe)
        parts = []
        if safe:
            parts.append(f"{safe:,} fixable with `roadworthy fix`")
        if len(fixes) > safe:
            parts.append(f"{len(fixes) - safe:,} more with `roadworthy fix --unsafe`")
        if parts:
            yield from self._wrapped(f"{', '.join(parts)}.", "", "")

    def _sections(self, findings: Iterable[Finding]) -> Iterator[str]:
        """Yield the seven sections of the catalogue, with counts by severity."""
        counts = Counter((section_of(f.rule), f.severity) for f in findings)
        longest = max(map(len, SECTIONS.values()))
        heads = "".join(severity.rjust(9) for severity in SEVERITIES)
        yield self._paint(f"  {' ' * (longest + 2)}{heads}", "dim")
        for number, title in SECTIONS.items():
            cells = ""
            for severity in SEVERITIES:
                count = counts[number, severity]
                cell = f"{count:,}" if count else "-"
                cells += self._paint(cell.rjust(9), severity if count else "dim")
            yield f"  {number} {title.ljust(longest)}{cells}"

    def _rules(self, findings: Iterable[Finding]) -> Iterator[str]:
        rules = Counter((severity_rank(f.severity), f.rule, f.name) for f in findings)
        longest = max(len(name) for _, _, name in rules)
        for (rank, rule, name), count in sorted(
            rules.items(), key=lambda item: (item[0][0], -item[1], item[0][1])
        ):
            severity = SEVERITIES[rank]
            yield (
                f"  {count:5}  {rule}  {name.ljust(longest)}  "
                f"{self._paint(severity, severity)}"
            )

    def _field(self, label: str, text: str) -> Iterator[str]:
        lines = self._wrapped(text, "  " + " " * _LABEL, "  " + " " * _LABEL)
        for index, line in enumerate(lines):
            if index == 0:
                yield f"  {self._label(label)}{line[2 + _LABEL:]}"
            else:
                yield line

    def _label(self, label: str) -> str:
        return self._paint(label, "dim") + " " * (_LABEL - len(label))

    def _wrapped(self, text: str, first: str, rest: str) -> list[str]:
        lines = textwrap.wrap(
            printable(" ".join(text.split())),
            max(self._look.columns, 30),
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        )
        return self._highlighted(lines)

    def _highlighted(self, lines: list[str]) -> list[str]:
        """Colour what stands between backticks, over the ends of lines too."""
        if not self._look.colour:
            return lines
        inside = False
        painted = []
        for line in lines:
            body = line.lstrip(" ")
            pieces = body.split("`")
            out = []
            for index, piece in enumerate(pieces):
                out.append(self._paint(piece, "code") if inside else piece)
                if index < len(pieces) - 1:
                    inside = not inside
            painted.append(line[: len(line) - len(body)] + "".join(out))
        return painted

    def _code(self, text: str) -> str:
        return self._paint(_one_line(text), "code")

    def _paint(self, text: str, style: str) -> str:
        if not self._look.colour or not text:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def _entry_text(entry: Entry, here: str) -> str:
    """Say what an entry point is, and where unless that is the finding's own file."""
    name = _name(entry)
    function = entry.function.rpartition(".")[2]
    place = f"{entry.path}:{entry.line}" if entry.path != here else f"line {entry.line}"
    if function and function not in name:
        return f"{name}, `{function}` ({place})"
    return f"{name} ({place})"


def _name(entry: Entry) -> str:
    if entry.kind in ("route", "websocket") and entry.label:
        return printable(entry.label)
    label = entry.label or entry.function
    return printable(label if label.startswith(entry.kind) else f"{entry.kind} {label}")


def _place(step: Step) -> str:
    return printable(f"{step.path}:{step.line}")


def _one_line(text: str) -> str:
    return printable(" ".join(text.split()))


def _shorten(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    while text and width(text) > columns - 3:
        text = text[:-1]
    return text + "..."


def _clip(text: str, begin: int, stop: int, room: int) -> tuple[str, int, int]:
    """Cut a long line to the part around the mark."""
    if width(text) <= room:
        return text, begin, stop
    if stop > room and begin > room // 3:
        cut = begin - room // 3
        text, begin, stop = f"...{text[cut + 3:]}", begin - cut, stop - cut
    return _shorten(text, room), begin, min(stop, room)


def _severity_count(severity: Severity, number: int) -> str:
    if severity == "advice":
        return counted(number, "piece") + " of advice"
    return counted(number, severity)
