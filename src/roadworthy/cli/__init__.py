"""The command line: `roadworthy VERB …`.

Each verb is a module of this package with `arguments(parser)` and `run(options)`; only
the module of the verb at hand is imported, so that a run starts at once. The standard
library's parser serves for the same reason.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn, Protocol, cast

from roadworthy import __version__, lifetime

OK, FOUND, FAILED, INTERRUPTED = 0, 1, 2, 130
"""Exit statuses: nothing found, findings, the work could not be done, Ctrl-C."""

VERBS = {
    "check": "review a service: what would hurt in production, why, what to write instead",
    "fix": "mend what was found: safe fixes, or with --unsafe all, each verified",
    "explain": "a rule: why it matters, wrong and right code, how to fix",
    "routes": "the map of a service: every route, what guards it, what blocks it",
    "new": "a new service: production-ready, and it starts at once",
    "add": "one more resource in such a service: model, routes, migration, tests",
}
"""Every verb, and what it is for in a line."""
_RUN_ONCE = frozenset({"check", "explain", "routes"})
"""Verbs that evaluate a service at most once."""


class _Verb(Protocol):
    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the verb's arguments."""

    def run(self, options: argparse.Namespace) -> int:
        """Do the verb's work and return the exit status."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(FAILED, f"{self.prog}: {message}\nTry '{self.prog} --help'.\n")


def command() -> NoReturn:
    """Be the process: run the command and end with its exit status.

    The process ends at once, as nothing is left to be done; where a verb runs once,
    taking apart what it has built would take longer than a small service's check.
    """
    status = main(is_process=True)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


def main(arguments: Sequence[str] | None = None, *, is_process: bool = False) -> int:
    """Run the command with these arguments (the process's own by default).

    `is_process` tells that nothing else is to be done in this process afterwards.
    Returns the exit status. Raises SystemExit for bad arguments, `--help` and
    `--version`, as the standard library's parser does.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            # Names and source may hold what the terminal's encoding lacks.
            reconfigure(errors="backslashreplace")
    try:
        status = _dispatch(given, is_process)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader, `head` say, has enough. The interpreter's own flush at exit must
        # not complain of it either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FOUND
    except KeyboardInterrupt:
        sys.stderr.write("\nroadworthy: interrupted\n")
        return INTERRUPTED
    except Exception as error:
        _report_bug(error)
        return FAILED
    return status


def _dispatch(given: list[str], is_process: bool) -> int:
    parser = _Parser(
        prog="roadworthy",
        description="A FastAPI production expert. It reads code and never runs it.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version", action="version", version=f"roadworthy {__version__}"
    )
    verbs = parser.add_subparsers(metavar="VERB", dest="verb")
    chosen = next((word for word in given if word in VERBS), None)
    module: _Verb | None = None
    for name, purpose in VERBS.items():
        verb = verbs.add_parser(
            name, help=purpose, description=_sentence(purpose), allow_abbrev=False
        )
        if name == chosen:
            module = cast(_Verb, importlib.import_module(f"roadworthy.cli.{name}"))
            module.arguments(verb)
    options = parser.parse_args(given)
    if module is None:
        parser.print_help(sys.stderr)
        return FAILED
    if is_process and chosen in _RUN_ONCE:
        lifetime.ends_after_one_run()
    return module.run(options)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."


def _report_bug(error: Exception) -> None:
    import traceback

    traceback.print_exception(error)
    sys.stderr.write(
        f"\nroadworthy: internal error ({type(error).__name__}: {error})\n"
        "This is a fault in roadworthy, not in your code: please report it together "
        "with the lines above.\n"
    )
