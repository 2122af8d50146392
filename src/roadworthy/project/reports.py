"""Reports as bytes, for the cache."""

from __future__ import annotations

import json
from typing import Any

from roadworthy.findings import (
    Edit,
    Entry,
    Finding,
    Fix,
    Import,
    Report,
    Step,
    Unread,
    Unresolved,
)


def pack_report(report: Report) -> bytes:
    """Return a report as bytes that `unpack_report` reads."""
    data = [
        [_finding(finding) for finding in report.findings],
        [[u.path, u.line, u.message] for u in report.unread],
        list(report.notes),
        [[u.path, u.line, u.column, u.text] for u in report.unresolved],
        report.stats,
    ]
    return json.dumps(data, separators=(",", ":")).encode()


def unpack_report(data: bytes) -> Report | None:
    """Return the report that was packed, or None if these are not its bytes."""
    try:
        findings, unread, notes, unresolved, stats = json.loads(data)
        return Report(
            tuple(_read(finding) for finding in findings),
            tuple(Unread(*parts) for parts in unread),
            tuple(notes),
            tuple(Unresolved(*parts) for parts in unresolved),
            stats,
        )
    except (ValueError, TypeError, LookupError):
        return None


def _finding(finding: Finding) -> list[Any]:
    return [
        finding.rule,
        finding.name,
        finding.severity,
        finding.path,
        finding.line,
        finding.column,
        finding.end_line,
        finding.end_column,
        finding.message,
        finding.why,
        finding.instead,
        _entry(finding.entry) if finding.entry is not None else None,
        [[s.path, s.line, s.column, s.text, s.callee] for s in finding.chain],
        _fix(finding.fix) if finding.fix is not None else None,
        [_entry(entry) for entry in finding.other_entries],
        finding.unfixed,
    ]


def _read(parts: list[Any]) -> Finding:
    *plain, entry, chain, fix, others, unfixed = parts
    fields: list[Any] = [
        *plain,
        Entry(*entry) if entry is not None else None,
        tuple(Step(*step) for step in chain),
        (_read_fix(fix) if fix is not None else None),
        tuple(Entry(*other) for other in others),
        unfixed,
    ]
    return Finding(*fields)


def _entry(entry: Entry) -> list[Any]:
    return [entry.kind, entry.label, entry.function, entry.path, entry.line]


def _fix(fix: Fix) -> list[Any]:
    return [
        fix.safe,
        _edits(fix.edits),
        fix.note,
        [[i.path, i.statement] for i in fix.imports],
        _edits(fix.import_edits),
    ]


def _edits(edits: tuple[Edit, ...]) -> list[Any]:
    return [
        [e.path, e.line, e.column, e.end_line, e.end_column, e.replacement]
        for e in edits
    ]


def _read_fix(parts: list[Any]) -> Fix:
    safe, edits, note, imports, import_edits = parts
    return Fix(
        safe,
        tuple(Edit(*edit) for edit in edits),
        note,
        tuple(Import(*parts) for parts in imports),
        tuple(Edit(*edit) for edit in import_edits),
    )
