"""RW103 not-formatted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import places
from roadworthy.rules.base import Rule
from roadworthy.rules.language.tools import tools_of
from roadworthy.rules.review import Review

RULE = Rule(
    code="RW103",
    name="not-formatted",
    severity="advice",
    summary="A file that black or isort would change.",
    why=(
        "Where each writes in a form of their own, reviews argue about spaces, and every "
        "change drags lines along that it has nothing to do with."
    ),
    instead="`black .` and `isort --profile black .`, in a pre-commit hook and in CI.",
    wrong="""\
from fastapi import FastAPI  # expect: RW103

app = FastAPI( )


@app.get('/')
async def root()->str:
    return 'hello'
""",
    right="""\
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
""",
    fixed="""\
from fastapi import FastAPI  # expect: RW103

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
""",
    fix_summary="Formats the whole file with the project's own formatters, under its settings.",
    references=(
        "https://black.readthedocs.io/en/stable/",
        "https://pycqa.github.io/isort/docs/configuration/black_compatibility.html",
    ),
)


def prepare(review: Review) -> None:
    """Let the formatters work while other rules are checked."""
    tools_of(review).begin()


def check(review: Review) -> Iterator[Finding]:
    """Flag files that the formatters would write otherwise."""
    for file, names in tools_of(review).unformatted().items():
        yield review.finding(RULE, file, 1, f"{names} would change this file")


def fix(review: Review, finding: Finding) -> Fix | None:
    """Write the file as the formatters would; of many files only where it is wanted."""
    file = places.file_of(review, finding)
    tools = tools_of(review)
    names = tools.unformatted().get(file, "") if file is not None else ""
    if file is None or not names or not tools.is_rewritten(file):
        return None
    if file.source is None:
        return None
    if "isort" not in names and not tools.uses_ruff:
        return Fix(True, tools.black_edits(file))
    from roadworthy.fixes.edits import between
    from roadworthy.fixes.formatting import Formatter

    formatter = Formatter(tools.root, [Path(root) for root in tools.module_roots])
    old = file.source.text
    try:
        # What sorts the imports may leave more to format.
        new = formatter.whole(file.path, old, sort="isort" in names, style=True)
    except Exception:
        return None
    return Fix(True, between(file.relative, old, new)) if new != old else None
