"""Gives each finding the fix that its rule has for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from roadworthy.findings import Edit, Finding, Fix, Unfixed
from roadworthy.fixes import edits, imports, places
from roadworthy.rules import registry
from roadworthy.rules.review import Review
from roadworthy.syntax.source import UnreadableSource


def attach(review: Review, findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings, those with a fix carrying it.

    A fix that fails on a service does not take the findings with it: the notes then say
    which one failed, and how.
    """
    failed: set[str] = set()
    known: dict[tuple[str, ...], tuple[Edit, ...]] = {}
    return [_with_fix(review, finding, failed, known) for finding in findings]


def _with_fix(
    review: Review,
    finding: Finding,
    failed: set[str],
    known: dict[tuple[str, ...], tuple[Edit, ...]],
) -> Finding:
    fix = finding.fix
    if fix is None and finding.rule in registry.modules():
        fixer = registry.load(finding.rule).fix
        if fixer is None:
            return finding
        try:
            outcome = fixer(review, finding)
        except Exception as error:
            if finding.rule not in failed:
                failed.add(finding.rule)
                review.notes.append(
                    f"{finding.rule} at {finding.path}:{finding.line} could not be "
                    f"given its fix ({type(error).__name__}: {error}); this is a fault "
                    "of roadworthy"
                )
            return finding
        if isinstance(outcome, Unfixed):
            return replace(finding, unfixed=outcome.reason)
        fix = outcome
    if fix is None:
        return finding
    if fix.imports and not fix.import_edits:
        fix = replace(fix, import_edits=_import_edits(review, fix, known))
    return replace(finding, fix=fix)


def _import_edits(
    review: Review, fix: Fix, known: dict[tuple[str, ...], tuple[Edit, ...]]
) -> tuple[Edit, ...]:
    """Return a fix's imports as edits of the files as they are."""
    found: list[Edit] = []
    for path in dict.fromkeys(wanted.path for wanted in fix.imports):
        statements = [w.statement for w in fix.imports if w.path == path]
        # Many fixes of one file want the same: its text is read once for all.
        key = (path, *statements)
        if key not in known:
            known[key] = _edits_of_file(review, path, statements)
        found.extend(known[key])
    return tuple(found)


def _edits_of_file(
    review: Review, path: str, statements: list[str]
) -> tuple[Edit, ...]:
    file = places.file_at(review, path)
    if file is None or file.source is None:
        return ()
    old = file.source.text
    try:
        new = imports.add(old, statements, first_party_of(review), file.tree)
    except UnreadableSource:
        return ()
    return edits.between(path, old, new)


def first_party_of(review: Review) -> frozenset[str]:
    """Return the top-level modules of the project."""
    return review.once(_first_party)


def _first_party(review: Review) -> frozenset[str]:
    return imports.top_level_modules(review.evaluator.program.project_names())
