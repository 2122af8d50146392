"""RW102 legacy-typing."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.rules.base import Rule
from roadworthy.rules.language.tools import Diagnostic, byte_column, tools_of
from roadworthy.rules.review import Review
from roadworthy.syntax.code import Position

RULE = Rule(
    code="RW102",
    name="legacy-typing",
    severity="advice",
    summary="`typing.List`, `Optional`, `Union` and the like, where the language has its own.",
    why=(
        "Since Python 3.10 `list[int]` and `int | None` say the same without imports; the "
        "aliases of `typing` are deprecated, and two spellings of one type make a schema "
        "harder to read."
    ),
    instead="Built-in generics and `X | Y`.",
    wrong="""\
from typing import List, Optional

from fastapi import FastAPI

app = FastAPI()


@app.get("/names")
async def read_names(
    prefix: Optional[str] = None,  # expect: RW102
) -> List[str]:  # expect: RW102
    return [prefix or ""]
""",
    right="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/names")
async def read_names(
    prefix: str | None = None,
) -> list[str]:
    return [prefix or ""]
""",
    fixed="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/names")
async def read_names(
    prefix: str | None = None,  # expect: RW102
) -> list[str]:  # expect: RW102
    return [prefix or ""]
""",
    fix_summary="Writes `list[int]` and `int | None`, and removes the imports that this leaves unused.",
    references=(
        "https://docs.astral.sh/ruff/rules/non-pep585-annotation/",
        "https://docs.astral.sh/ruff/rules/non-pep604-annotation-union/",
    ),
)


_UNIONS = frozenset({"UP007", "UP045"})


def check(review: Review) -> Iterator[Finding]:
    """Translate ruff's findings of old spellings of types."""
    for found in tools_of(review).diagnostics("UP"):
        start = byte_column(found.file, found.line, found.column)
        end = byte_column(found.file, found.end_line, found.end_column)
        yield review.finding(
            RULE,
            found.file,
            Position(found.line, start, found.end_line, end),
            f"{found.message} (ruff {found.code})",
            fix=_translated(review, found),
        )


def _translated(review: Review, found: Diagnostic) -> Fix | None:
    """Return ruff's fix where ruff calls it safe, for the Pythons that are asked for."""
    if found.fix is None or not found.fix.safe:
        return None
    oldest = review.oldest_python
    if found.code in _UNIONS and oldest is not None and oldest < (3, 10):
        note = (
            f"`X | Y` needs Python 3.10, and the project says that it runs on "
            f"{oldest[0]}.{oldest[1]}"
        )
        return Fix(False, found.fix.edits, note)
    return Fix(True, found.fix.edits)


def fix(review: Review, finding: Finding) -> Fix | None:
    """Write the type as the language has it: ruff's own fix, where ruff calls it safe."""
    return finding.fix
