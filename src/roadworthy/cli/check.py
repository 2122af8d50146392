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

from roadworthy.cli import console, flags
from roadworthy.project.config import FAIL_ON, Settings, load_settings
from roadworthy.project.discovery import require
from roadworthy.project.errors import ConfigurationError, ProjectError
from roadworthy.project.selection import parse_codes
from roadworthy.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadworthy.findings import Finding, Report


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    flags.add_path(parser, "folder or file to check")
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
    flags.add_place(project)
    flags.add_cache(project)
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
        return console.fail(error)
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
    return dataclasses.replace(
        flags.with_place(settings, options),
        select=select or settings.select,
        ignore=ignore if select else (*settings.ignore, *ignore),
        fail_on=options.fail_on or settings.fail_on,
        strict=settings.strict or bool(options.strict),
    )


def _check(
    settings: Settings, fault: ConfigurationError | None, started: float
) -> Report:
    """Check, and tell of a configuration that could not be read."""
    from roadworthy.checking import check
    from roadworthy.findings import Unread
    from roadworthy.output.progress import Progress

    with Progress() as progress:
        report = check(settings, progress, started)
    if fault is None:
        return report
    place = os.path.relpath(fault.path, settings.folder).replace(os.sep, "/")
    told = Unread(place, fault.line, fault.message)
    return dataclasses.replace(report, unread=(told, *report.unread))


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
            console.note(note)
        return
    from roadworthy.output.source import SourceLines
    from roadworthy.output.terminal import Look, render

    columns = shutil.get_terminal_size((100, 24)).columns
    look = Look(
        colour=console.has_colour(),
        columns=min(columns, 110),
        advice=options.advice,
        statistics=options.statistics,
    )
    for line in render(report, SourceLines(settings.folder), look):
        sys.stdout.write(line + "\n")
