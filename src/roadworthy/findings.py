"""What a run has to say: findings, unread files, unresolved calls and figures.

These are the data that every stage after the rules works on; `output/` turns them
into text, JSON or SARIF, and nothing in here knows how they are shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "advice"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")
"""From the gravest to the mildest."""


def severity_rank(severity: Severity) -> int:
    """Return 0 for the gravest severity and more for milder ones."""
    return SEVERITIES.index(severity)


@dataclass(frozen=True, slots=True)
class Step:
    """One link of a chain: the expression at a place, and what it calls.

    Lines and columns begin at 1. `path` is relative to the checked folder, with `/`;
    for library code it is the path below the library's folder of installed packages.
    """

    path: str
    line: int
    column: int
    text: str
    callee: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the event loop comes in: a route, dependency, middleware, startup hook, …"""

    kind: str
    label: str
    function: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from one position up to another (both 1-based, end excluded).

    Columns count characters. The replacement's line ends are written as `\\n`; they
    become those of the file. An edit at 1:1 of a file that does not exist makes it.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Import:
    """An import that the edits of a fix need at the top of a file.

    `statement` is one line that binds one name: `import asyncio`, `from x import y`,
    `from x import y as z`. Nothing is added where the file has it already.
    """

    path: str
    statement: str


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that mend a finding; `safe` when they keep the code's behaviour.

    `note` is one line: what may behave otherwise afterwards (always given when unsafe),
    or what was done beyond the finding. All edits are applied, or none.
    """

    safe: bool
    edits: tuple[Edit, ...]
    note: str = ""
    imports: tuple[Import, ...] = ()
    import_edits: tuple[Edit, ...] = ()
    """`imports` as edits, for a program that applies this fix alone."""


@dataclass(frozen=True, slots=True)
class Unfixed:
    """Why a rule's fix leaves a finding; `reason` completes "it is left, since …"."""

    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that would hurt in production, and what to write instead."""

    rule: str
    name: str
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    message: str
    why: str
    instead: str
    entry: Entry | None = None
    chain: tuple[Step, ...] = ()
    fix: Fix | None = None
    other_entries: tuple[Entry, ...] = ()
    """Further entry points from which the same line is reached."""
    unfixed: str = ""
    """Why the rule's fix leaves this finding, where the rule can tell."""

    @property
    def sort_key(self) -> tuple[str, int, int, str]:
        """Order of a report: by place, then by rule."""
        return (self.path, self.line, self.column, self.rule)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be checked, and what to do about it."""

    path: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Unresolved:
    """A call on the event loop whose target could not be told (`--strict`)."""

    path: str
    line: int
    column: int
    text: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that a run of `check` found."""

    findings: tuple[Finding, ...]
    unread: tuple[Unread, ...] = ()
    notes: tuple[str, ...] = ()
    """One-line remarks on the run itself, such as a missing virtual environment."""
    unresolved: tuple[Unresolved, ...] = ()
    stats: dict[str, int | float | str] = field(default_factory=dict)
