"""A report as one JSON object, version 1 of the format."""

from __future__ import annotations

import json
from typing import Any

from roadworthy.findings import Entry, Finding, Fix, Report

VERSION = 1


def render(report: Report) -> str:
    """Return the report as JSON on one line.

    Only ASCII is written: the text comes through whatever encoding the output has, and
    names of files that are not valid Unicode do too. What the format has no place for,
    notes and unresolved calls, stands under `stats`.
    """
    return json.dumps(document(report), separators=(",", ":"))


def document(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    stats: dict[str, Any] = dict(report.stats)
    if report.notes:
        stats["notes"] = list(report.notes)
    if report.unresolved:
        stats["unresolved"] = [
            {"path": u.path, "line": u.line, "column": u.column, "text": u.text}
            for u in report.unresolved
        ]
    return {
        "version": VERSION,
        "findings": [_finding(finding) for finding in report.findings],
        "unread": [
            {"path": u.path, "line": u.line, "message": u.message}
            for u in report.unread
        ],
        "stats": stats,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "end_line": finding.end_line,
        "end_column": finding.end_column,
        "message": finding.message,
        "why": finding.why,
        "instead": finding.instead,
        "entry": _entry(finding.entry),
        "chain": [
            {
                "path": step.path,
                "line": step.line,
                "column": step.column,
                "text": step.text,
                "callee": step.callee,
            }
            for step in finding.chain
        ],
        "fix": _fix(finding.fix),
    }


def _entry(entry: Entry | None) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "kind": entry.kind,
        "label": entry.label,
        "function": entry.function,
        "path": entry.path,
        "line": entry.line,
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    return {
        "safe": fix.safe,
        "edits": [
            {
                "path": edit.path,
                "line": edit.line,
                "column": edit.column,
                "end_line": edit.end_line,
                "end_column": edit.end_column,
                "replacement": edit.replacement,
            }
            for edit in (*fix.import_edits, *fix.edits)
        ],
    }
