"""How verbs speak to whoever started them: in colour or not, and of what failed."""

from __future__ import annotations

import os
import sys

from roadworthy.cli import FAILED


def has_colour() -> bool:
    """Tell whether to write in colour: to a terminal, or wherever `FORCE_COLOR` is set.

    `NO_COLOR` rules both out, and a terminal that calls itself `dumb` has none. Set to
    nothing, neither variable says anything.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return os.environ.get("TERM") != "dumb" and sys.stdout.isatty()


def fail(message: object) -> int:
    """Say why the work could not be done; return the exit status that says so too."""
    sys.stderr.write(f"roadworthy: {message}\n")
    return FAILED


def note(message: str) -> None:
    """Remark on the run, beside its result."""
    sys.stderr.write(f"roadworthy: note: {message}\n")
