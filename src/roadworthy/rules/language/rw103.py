"""RW103 not-formatted."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
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
    references=(
        "https://black.readthedocs.io/en/stable/",
        "https://pycqa.github.io/isort/docs/configuration/black_compatibility.html",
    ),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag files that the formatters would write otherwise."""
    for file, names in tools_of(review).unformatted().items():
        yield review.finding(RULE, file, 1, f"{names} would change this file")
