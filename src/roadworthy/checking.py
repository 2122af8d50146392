"""A check as every verb wants it: the engine's findings without what is not wanted."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from roadworthy.findings import Finding, Report
from roadworthy.project import suppress
from roadworthy.project.cache import Cache
from roadworthy.project.config import Settings
from roadworthy.project.discovery import discover

if TYPE_CHECKING:
    from roadworthy.syntax.store import CodeStore

Progress = Callable[[str, int, int], None]


def check(
    settings: Settings,
    progress: Progress | None,
    started: float | None = None,
    store: CodeStore | None = None,
) -> Report:
    """Run the engine and take out what the user does not want to hear of.

    `started` is when the run began, by `time.perf_counter`, if not now; `store` is where
    code is kept, if not in the caches.

    Raises:
        ProjectError: the folder cannot be read.
    """
    # Here, so that what only names this module loads no engine.
    from roadworthy import engine

    if started is None:
        started = time.perf_counter()
    found = discover(settings.root, settings.exclude, settings.base)
    report = engine.run(settings.root, settings, progress, found, store)
    findings = wanted(report.findings, settings)
    unread = dict.fromkeys((*report.unread, *found.unread))
    cache = Cache.for_project(settings.folder, settings.use_cache)
    comments = suppress.collect(found.files, cache)
    left, silenced = suppress.apply(
        findings, comments, settings.selects, (u.path for u in unread)
    )
    # What is said of comments is subject to `per-file-ignores` as well.
    left = wanted(left, settings)
    notes = dict.fromkeys((*report.notes, *cache.notes))
    if not found.files and not unread:
        notes[f"no Python files at or below {settings.root}"] = None
    stats: dict[str, int | float | str] = {
        "files": len(found.files),
        **report.stats,
        "findings": len(left),
        "suppressed": silenced,
        "seconds": round(time.perf_counter() - started, 3),
    }
    return dataclasses.replace(
        report,
        findings=tuple(sorted(left, key=lambda finding: finding.sort_key)),
        unread=tuple(unread),
        notes=tuple(notes),
        unresolved=report.unresolved if settings.strict else (),
        stats=stats,
    )


def wanted(findings: Sequence[Finding], settings: Settings) -> list[Finding]:
    """Return the findings that `select`, `ignore` and `per-file-ignores` let through."""
    from roadworthy.project.patterns import parse_patterns
    from roadworthy.project.selection import match_length

    ignores = [
        (parse_patterns([pattern]), codes)
        for pattern, codes in settings.per_file_ignores
    ]
    prefix = os.path.relpath(settings.folder.resolve(), settings.base.resolve())
    prefix = "" if prefix == "." else prefix.replace(os.sep, "/") + "/"

    def is_ignored(finding: Finding) -> bool:
        # A pattern may name a folder; then it holds for all below it.
        parts = (prefix + finding.path).split("/")
        ways = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return any(
            match_length(finding.rule, codes) >= 0
            and any(file.verdict(way, way != ways[-1]) for way in ways)
            for file, codes in ignores
        )

    return [f for f in findings if settings.selects(f.rule) and not is_ignored(f)]
