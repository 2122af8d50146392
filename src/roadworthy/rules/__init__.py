"""The rules: a package a section of the catalogue, a module a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadworthy.rules import registry

if TYPE_CHECKING:
    from roadworthy.findings import Finding
    from roadworthy.rules.review import Review


def prepare(review: Review) -> None:
    """Begin what other processes do for the selected rules, before the walk is made."""
    for registered in registry.selected(review.settings):
        if registered.prepare is not None:
            registered.prepare(review)


def run(review: Review) -> list[Finding]:
    """Return what the selected rules find, each finding once.

    A rule that fails on a service does not take the others' findings with it: the notes
    then say which one failed, and how.
    """
    found: dict[tuple[str, str, int, int, str], Finding] = {}
    for registered in registry.selected(review.settings):
        assert registered.check is not None
        try:
            findings = list(registered.check(review))
        except Exception as error:
            review.notes.append(
                f"{registered.rule.code} could not be checked "
                f"({type(error).__name__}: {error}); this is a fault of roadworthy"
            )
            continue
        for finding in findings:
            place = (
                finding.rule,
                finding.path,
                finding.line,
                finding.column,
                finding.message,
            )
            found.setdefault(place, finding)
    return list(found.values())
