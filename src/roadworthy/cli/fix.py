"""`roadworthy fix`: from finding to corrected code."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from roadworthy.cli import console, flags
from roadworthy.project.config import Settings, load_settings
from roadworthy.project.discovery import require
from roadworthy.project.errors import ProjectError
from roadworthy.project.selection import parse_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from roadworthy.fixes.lay import Proposal
    from roadworthy.fixes.outcome import Options, Outcome, Rewrite


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the verb's arguments."""
    flags.add_path(parser, "folder or file to fix")
    rules = parser.add_argument_group("what to fix")
    rules.add_argument(
        "--select",
        metavar="CODES",
        action="append",
        help="only findings of these rules: RW303, or RW3; comma-separated",
    )
    rules.add_argument(
        "--ignore", metavar="CODES", action="append", help="not these rules' findings"
    )
    rules.add_argument(
        "--unsafe",
        action="store_true",
        help="also fixes that may change behaviour; each says how",
    )
    rules.add_argument(
        "--deep",
        action="store_true",
        help="make whole chains of functions asynchronous, down to what blocks, "
        "where an asynchronous form exists; needs --unsafe",
    )
    rules.add_argument(
        "--migrate-async-db",
        action="store_true",
        help="make the database asynchronous, with all that asks it; needs --unsafe",
    )
    result = parser.add_argument_group("the result")
    result.add_argument(
        "--diff",
        action="store_true",
        help="print a unified diff, and change nothing",
    )
    result.add_argument(
        "--check",
        action="store_true",
        help="change nothing, and exit with 1 if anything would change",
    )
    result.add_argument(
        "--test",
        metavar="COMMAND",
        help="run the project's tests in its folder, before and after, and take back "
        "the fixes that break them",
    )
    project = parser.add_argument_group("where to look")
    flags.add_place(project)
    flags.add_cache(project)


def run(options: argparse.Namespace) -> int:
    """Fix a service, say what was changed and what is left; return the exit status."""
    from roadworthy.cli import FAILED, FOUND, OK
    from roadworthy.fixes import rounds, trial
    from roadworthy.fixes.documents import Unwritable
    from roadworthy.fixes.outcome import Options
    from roadworthy.output.progress import Progress

    dry = options.diff or options.check
    for flag in ("deep", "migrate_async_db"):
        if getattr(options, flag) and not options.unsafe:
            return console.fail(
                f"--{flag.replace('_', '-')} changes how the service runs: give it "
                "with --unsafe"
            )
    if options.test is not None and (dry or not options.test.strip()):
        return console.fail(
            "--test needs a command, and changes files: give it without --diff and "
            "--check"
        )
    broke: Sequence[Proposal] = ()
    try:
        settings = _settings(options)
        wanted = Options(
            unsafe=options.unsafe,
            select=_codes(options.select),
            ignore=_codes(options.ignore),
            rewrites=_rewrites(options),
        )
        with Progress() as progress:
            if options.test is not None:
                verdict = trial.run(settings, wanted, options.test, progress)
                outcome, broke = verdict.outcome, verdict.broke
            else:
                outcome = rounds.fix(settings, wanted, progress)
                if not dry:
                    trial.put(settings.folder, dict(outcome.results))
    except (ProjectError, Unwritable, trial.TestsFail) as error:
        return console.fail(error)
    except OSError as error:
        return console.fail(f"no copy of the project could be made: {error}")
    _print(outcome, wanted, broke, options)
    if outcome.after.unread and not outcome.after.findings and _read_none(outcome):
        return FAILED
    return FOUND if options.check and outcome.results else OK


def _settings(options: argparse.Namespace) -> Settings:
    """Return the project's settings with the flags laid over them.

    Raises:
        ProjectError: the path, the configuration or a flag is not to be used.
    """
    root = Path(options.path)
    require(root)
    return flags.with_place(load_settings(root), options)


def _codes(given: Sequence[str] | None) -> tuple[str, ...]:
    try:
        return parse_codes(given or ())
    except ValueError as error:
        raise ProjectError(str(error)) from error


def _rewrites(options: argparse.Namespace) -> tuple[Rewrite, ...]:
    """Return the rewritings of the whole project that are asked for."""
    found: list[Rewrite] = []
    if options.deep:
        from roadworthy.fixes.deep import plan

        found.append(plan.rewrite)
    if options.migrate_async_db:
        from roadworthy.fixes.async_db import migrate

        found.append(migrate)
    return tuple(found)


def _read_none(outcome: Outcome) -> bool:
    return len(outcome.after.unread) >= int(outcome.after.stats.get("files", 0))


def _print(
    outcome: Outcome,
    wanted: Options,
    broke: Sequence[Proposal],
    options: argparse.Namespace,
) -> None:
    from roadworthy.output import fixes
    from roadworthy.output.source import printable

    would = options.diff or options.check
    if options.diff:
        watched = sys.stdout.isatty()
        for line in fixes.diff(outcome.originals, outcome.results):
            body = line.rstrip("\r\n")
            end = line[len(body) :]
            sys.stdout.write((printable(body) + "\n") if watched else body + end)
    # A diff is for programs too: what is said of it goes beside it.
    stream = sys.stderr if options.diff else sys.stdout
    for line in fixes.report(outcome, wanted, broke, would=would):
        stream.write(line + "\n")
    for note in outcome.before.notes:
        console.note(note)
