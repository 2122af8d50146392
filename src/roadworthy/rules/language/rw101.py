"""RW101 missing-annotation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.rules.base import Rule
from roadworthy.rules.language.tools import byte_column, tools_of
from roadworthy.rules.review import Review
from roadworthy.syntax.code import Position

RULE = Rule(
    code="RW101",
    name="missing-annotation",
    severity="advice",
    summary="A parameter or return value without an annotation.",
    why=(
        "FastAPI validates and documents what is annotated, and nothing else; a type "
        "checker follows a value only as far as its annotations reach."
    ),
    instead="Annotate every parameter and the return value; `-> None` where nothing is returned.",
    wrong="""\
from fastapi import FastAPI

app = FastAPI()


def price(amount, currency: str) -> str:  # expect: RW101
    return f"{amount} {currency}"


@app.get("/price")
async def read_price(amount: int) -> str:
    return price(amount, "EUR")


def log(amount: int, /):  # expect: RW101
    print(amount)
""",
    right="""\
from fastapi import FastAPI

app = FastAPI()


def price(amount: int, currency: str) -> str:
    return f"{amount} {currency}"


@app.get("/price")
async def read_price(amount: int) -> str:
    return price(amount, "EUR")
""",
    fixed="""\
from fastapi import FastAPI

app = FastAPI()


def price(amount, currency: str) -> str:  # expect: RW101
    return f"{amount} {currency}"


@app.get("/price")
async def read_price(amount: int) -> str:
    return price(amount, "EUR")


def log(amount: int, /) -> None:  # expect: RW101
    print(amount)
""",
    fix_summary="Adds `-> None` to functions that return nothing; what a parameter or another result is, only a person knows.",
    references=("https://docs.astral.sh/ruff/rules/#flake8-annotations-ann",),
)

_NONE = re.compile(r"[ ]*->[ ]*None[ ]*")
_UNUSED = re.compile(r"`\*{0,2}_\w*`")


def check(review: Review) -> Iterator[Finding]:
    """Translate ruff's findings of missing annotations."""
    for found in tools_of(review).diagnostics("ANN"):
        if found.code == "ANN204" and "`__init__`" in found.message:
            continue
        if found.code in ("ANN002", "ANN003") and _UNUSED.search(found.message):
            continue
        start = byte_column(found.file, found.line, found.column)
        end = byte_column(found.file, found.end_line, found.end_column)
        yield review.finding(
            RULE,
            found.file,
            Position(found.line, start, found.end_line, end),
            f"{found.message} (ruff {found.code})",
            fix=_returns_nothing(found.fix),
        )


def fix(review: Review, finding: Finding) -> Fix | None:
    """Write `-> None` where ruff sees that nothing is returned."""
    return finding.fix


def _returns_nothing(found: Fix | None) -> Fix | None:
    """Return ruff's fix where it is `-> None` and no more: that says what is so."""
    if found is None or not all(
        _NONE.fullmatch(edit.replacement) for edit in found.edits
    ):
        return None
    return Fix(True, found.edits)
