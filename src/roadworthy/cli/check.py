"""`roadworthy check`: review a service."""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.project.config import FAIL_ON, Settings, load_settings
from roadworthy.project.discovery import discover, require
from roadworthy.project.errors import ConfigurationError, ProjectError
from roadworthy.project.selection import parse_codes
from roadworthy.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadworthy.findings import Finding, Report


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        default=".",
        help="folder or file to check (default: this folder)",
    )
    parser.add_argument(
        "--format",
        choices=("terminal", "json"),
        default="terminal",
        help="for people or for programs (default: terminal)",
    )
    rules = parser.add_argument_group("what to look for")
    rules.add_argument(
        "--select",
        metavar="CODES",
        action="append",
        help="only these rules: RW301, or RW3 for all that begin so; comma-separated",
    )
    rules.add_argument(
        "--section",
        metavar="N",
        action="append",
        type=int,
        choices=tuple(SECTIONS),
        help="only the rules of a section, 1 to 7; repeatable",
    )
    rules.add_argument(
        "--ignore", metavar="CODES", action="append", help="not these rules"
    )
    rules.add_argument(
        "--advice",
        action="store_true",
        help="list findings of advice too, which are else only counted",
    )
    rules.add_argument(
        "--strict",
        action="store_true",
        default=None,
        help="also list calls on the event loop that could not be resolved",
    )
    project = parser.add_argument_group("where to look")
    project.add_argument(
        "--exclude",
        metavar="PATTERN",
        action="append",
        help="leave out files and folders, as in .gitignore; repeatable",
    )
    project.add_argument(
        "--python",
        metavar="PATH",
        help="the service's interpreter or virtual environment",
    )
    project.add_argument(
        "--no-cache",
        action="store_true",
        help="neither read nor keep anything of other runs",
    )
    result = parser.add_argument_group("the result")
    result.add_argument(
        "--fail-on",
        choices=FAIL_ON,
        help="exit with 1 from this severity on (default: warning)",
    )
    result.add_argument(
        "--statistics", action="store_true", help="add figures on the run"
    )


def run(options: argparse.Namespace) -> int:
    """Check a service, print what was found, and return the exit status."""
    from roadworthy.cli import FAILED, FOUND, OK

    started = time.perf_counter()
    root = Path(options.path)
    fault: ConfigurationError | None = None
    try:
        require(root)
        try:
            settings = load_settings(root)
        except ConfigurationError as error:
            if not error.broken:
                raise
            # Nothing can be known of the settings; the code can still be checked.
            fault = error
            settings = Settings(root=root)
        settings = _with_flags(settings, options)
        report = _check(settings, fault, started)
    except ProjectError as error:
        sys.stderr.write(f"roadworthy: {error}\n")
        return FAILED
    if fault:
        sys.stderr.write(
            f"roadworthy: {fault}; checked with the default settings meanwhile\n"
        )
    _print(report, settings, options)
    nothing_read = len(report.unread) >= int(report.stats.get("files", 0))
    if fault or (report.unread and nothing_read and not report.findings):
        return FAILED
    return FOUND if _fails(report.findings, settings) else OK


def _with_flags(settings: Settings, options: argparse.Namespace) -> Settings:
    """Return the settings with the flags laid over them.

    `--select` and `--section` begin anew; `--ignore` and `--exclude` add to what the
    file says.
    """
    try:
        sections = tuple(f"RW{number}" for number in options.section or ())
        select = (*parse_codes(options.select or ()), *sections)
        ignore = parse_codes(options.ignore or ())
    except ValueError as error:
        raise ProjectError(str(error)) from error
    python = settings.python
    if options.python:
        python = Path(options.python)
        if not python.exists() and python.name == options.python:
            # A name such as `python3.12`, as a shell finds it.
            python = Path(shutil.which(options.python) or options.python)
    exclude = tuple(options.exclude or ())
    return dataclasses.replace(
        settings,
        select=select or settings.select,
        ignore=ignore if select else (*settings.ignore, *ignore),
        exclude=(*settings.exclude, *exclude),
        fail_on=options.fail_on or settings.fail_on,
        python=python,
        use_cache=settings.use_cache and not options.no_cache,
        strict=settings.strict or bool(options.strict),
    )


def _check(
    settings: Settings, fault: ConfigurationError | None, started: float
) -> Report:
    """Run the engine and take out what the user does not want to hear of."""
    from roadworthy import engine
    from roadworthy.findings import Unread
    from roadworthy.output.progress import Progress
    from roadworthy.project import suppress
    from roadworthy.project.cache import Cache

    found = discover(settings.root, settings.exclude, settings.base)
    with Progress() as progress:
        report = engine.run(settings.root, settings, progress, found)
    findings = _wanted(report.findings, settings)
    unread = dict.fromkeys((*report.unread, *found.unread))
    cache = Cache.for_project(settings.folder, settings.use_cache)
    comments = suppress.collect(found.files, cache)
    left, silenced = suppress.apply(
        findings, comments, settings.selects, (u.path for u in unread)
    )
    # What is said of comments is subject to `per-file-ignores` as well.
    left = _wanted(left, settings)
    if fault:
        place = os.path.relpath(fault.path, settings.folder).replace(os.sep, "/")
        unread = {Unread(place, fault.line, fault.message): None, **unread}
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


def _wanted(findings: Sequence[Finding], settings: Settings) -> list[Finding]:
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


def _fails(findings: Sequence[Finding], settings: Settings) -> bool:
    from roadworthy.findings import severity_rank

    if settings.fail_on == "never":
        return False
    threshold = severity_rank(settings.fail_on)
    return any(severity_rank(finding.severity) <= threshold for finding in findings)


def _print(report: Report, settings: Settings, options: argparse.Namespace) -> None:
    if options.format == "json":
        from roadworthy.output import json

        sys.stdout.write(json.render(report) + "\n")
        for note in report.notes:
            sys.stderr.write(f"roadworthy: note: {note}\n")
        return
    from roadworthy.output.source import SourceLines
    from roadworthy.output.terminal import Look, render

    colour = _has_colour()
    columns = shutil.get_terminal_size((100, 24)).columns
    look = Look(
        colour=colour,
        columns=min(columns, 110),
        advice=options.advice,
        statistics=options.statistics,
    )
    for line in render(report, SourceLines(settings.folder), look):
        sys.stdout.write(line + "\n")


def _has_colour() -> bool:
    """Tell whether to write in colour: to a terminal, unless `NO_COLOR` says no."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()
