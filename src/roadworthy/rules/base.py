"""What a rule is: a code, a name, and all that there is to say about it."""

from __future__ import annotations

from dataclasses import dataclass

from roadworthy.findings import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of the catalogue, as `explain` and the documentation tell it."""

    code: str
    name: str
    severity: Severity
    summary: str
    """One line: what is flagged."""
    why: str
    """Why it hurts in production."""
    instead: str
    """What to write instead."""
    wrong: str
    """Example code that the rule flags, on the lines marked `# expect: CODE`."""
    right: str
    """The same, done well."""
    references: tuple[str, ...] = ()
    advice: bool = False
    fixed: str = ""
    """What `roadworthy fix` makes of the wrong example; empty without a fix.

    Marks stand where they stood, also those of findings that are gone.
    """
    fix_summary: str = ""
    """What the fix does, and what it leaves, in one or two sentences."""
    fix_safe: bool = True
    """Whether the fix of the wrong example is applied without `--unsafe`."""
