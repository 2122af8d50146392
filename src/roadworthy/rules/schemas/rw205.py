"""RW205 environment-outside-settings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds, library_names
from roadworthy.rules.arguments import is_environment
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.values.atoms import External

RULE = Rule(
    code="RW205",
    name="environment-outside-settings",
    severity="warning",
    summary="An environment variable read outside of the settings class.",
    why=(
        "A variable that is read where it is used is checked nowhere: a missing or "
        "misspelt one shows only when that line runs, in production, and nobody can "
        "tell from one place what the service needs."
    ),
    instead="Declare a field on the `BaseSettings` class and read it from there.",
    wrong="""\
import os

from fastapi import FastAPI

app = FastAPI()


@app.get("/mail")
async def read_mail() -> str:
    return os.environ["MAIL_FROM"]  # expect: RW205
""",
    right="""\
from fastapi import FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    mail_from: str


settings = Settings()
app = FastAPI()


@app.get("/mail")
async def read_mail() -> str:
    return settings.mail_from
""",
    references=("https://fastapi.tiangolo.com/advanced/settings/",),
)

_READS = frozenset(
    {
        "os.getenv",
        "os.getenvb",
        "os.environ.get",
        "os.environ.__getitem__",
        "decouple.config",
        "decouple.Config.__call__",
        "dotenv.dotenv_values",
        "dotenv.get_key",
        "dotenv.main.dotenv_values",
        "dotenv.main.get_key",
        "starlette.config.Config",
        "starlette.config.Config.__call__",
    }
)
_LAST = frozenset({name.rpartition(".")[2] for name in _READS})


def check(review: Review) -> Iterator[Finding]:
    """Flag reads of the environment in application files without settings classes."""
    for file in review.files:
        if not file.mentions("environ", "getenv", "config", "dotenv"):
            continue
        if _holds_settings(review, file):
            continue
        for node in _reads(review, file):
            yield review.finding(
                RULE,
                file,
                node,
                f"`{file.text(node)}` reads the environment outside of the settings",
            )


def _holds_settings(review: Review, file: ReviewedFile) -> bool:
    """Whether a file holds settings classes, or sources that such classes read."""
    return any(
        name in library_names.SETTINGS or name.startswith("pydantic_settings.")
        for _, cls in review.classes(file)
        for name in kinds.class_lineage(cls)
    )


def _reads(review: Review, file: ReviewedFile) -> Iterator[ast.expr]:
    for call in file.nodes(ast.Call):
        function = call.func
        last = function.attr if isinstance(function, ast.Attribute) else None
        if isinstance(function, ast.Attribute) and last not in _LAST:
            continue
        names = review.static_names(file, call)
        if "starlette.config.Config" in names and _makes(review, file, call):
            continue  # the object that reads, not a read
        if not _READS.isdisjoint(names) and (
            not call.args or _is_fixed(review, file, call.args[0])
        ):
            yield call
    for item in file.nodes(ast.Subscript):
        if (
            isinstance(item.ctx, ast.Load)
            and is_environment(review, file, item.value)
            and _is_fixed(review, file, item.slice)
        ):
            yield item
    for test in file.nodes(ast.Compare):
        if (
            isinstance(test.ops[0], (ast.In, ast.NotIn))
            and is_environment(review, file, test.comparators[0])
            and _is_fixed(review, file, test.left)
        ):
            yield test


def _makes(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call makes an object: what is called is a class, not an instance."""
    return kinds.any_is(
        review.static(file, call.func) or (), lambda atom: isinstance(atom, External)
    )


def _is_fixed(review: Review, file: ReviewedFile, name: ast.expr) -> bool:
    """Whether a variable's name is written in the code: others can be no field."""
    if isinstance(name, ast.Constant):
        return True
    return kinds.constants(review.static(file, name) or ()) is not None
