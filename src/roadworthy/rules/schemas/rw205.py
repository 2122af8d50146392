"""RW205 environment-outside-settings."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds, library_names
from roadworthy.rules.arguments import is_environment
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.values.atoms import External, ExternalInstance, Instance

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
_READER_CLASSES = frozenset(
    {
        "decouple.AutoConfig",
        "decouple.Config",
        "starlette.config.Config",
    }
)
_LAST = frozenset({name.rpartition(".")[2] for name in _READS})
_MARKS = ("environ", "getenv", "dotenv")
_READERS = ("decouple", "starlette.config")
"""Libraries whose objects read the environment when they are called, by any name."""
_BUILT_IN = frozenset(dir(builtins))
_DJANGO = frozenset({"INSTALLED_APPS", "ROOT_URLCONF", "DATABASES"})


def check(review: Review) -> Iterator[Finding]:
    """Flag reads of the environment in application files without settings classes."""
    marks: tuple[str, ...] = _MARKS
    if any(file.mentions(*_READERS) for file in review.files):
        marks += ("config",)
    homes: set[str] | None = None
    for file in review.files:
        if not file.mentions(*marks):
            continue
        reads = [node for node in _reads(review, file) if _is_used(review, file, node)]
        if not reads or _holds_settings(review, file) or _is_of_django(file):
            continue
        if homes is None:
            homes = set(_packages_of_settings(review))
        if file.relative.rpartition("/")[0] in homes:
            continue
        for node in reads:
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


def _packages_of_settings(review: Review) -> Iterator[str]:
    """Yield the packages `settings` with settings classes, which the rest of them serves.

    A package `config` is none: connections are made there as well.
    """
    for file in review.files:
        folder = file.relative.rpartition("/")[0]
        if folder.rpartition("/")[2] == "settings" and file.mentions("Settings"):
            if _holds_settings(review, file):
                yield folder


def _is_of_django(file: ReviewedFile) -> bool:
    """Whether a file is a settings module of Django, which is no class by design."""
    return file.mentions("INSTALLED_APPS") and len(_DJANGO & _assigned(file)) > 1


def _assigned(file: ReviewedFile) -> set[str]:
    return {
        target.id
        for statement in file.tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }


def _is_used(review: Review, file: ReviewedFile, node: ast.expr) -> bool:
    """Whether the application may run the function that a read stands in.

    A function that the run did not meet counts as used if one that it met (or a module)
    names it, or the class that it belongs to: it may be called in a way not seen.
    """
    function = file.function_of(node)
    if function is None or _is_met(review, file, function):
        return True
    names = {function.name}
    for outer in file.ancestors(function):
        if isinstance(outer, ast.ClassDef):
            names.add(outer.name)
        elif isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return True
    for other in review.files:
        if not other.mentions(*names):
            continue
        for use in (use for name in names for use in other.named(name)):
            where = other.function_of(use)
            if where is not function and (
                where is None or _is_met(review, other, where)
            ):
                return True
    return False


def _is_met(review: Review, file: ReviewedFile, function: FunctionNode) -> bool:
    info = review.function_info(file, function)
    return info is None or info.contexts > 0 or review.is_reached(info)


def _reads(review: Review, file: ReviewedFile) -> Iterator[ast.expr]:
    # Most calls are of functions defined in the file, or built in.
    own = _BUILT_IN | {
        node.name
        for node in file.nodes(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    }
    for call in file.nodes(ast.Call):
        function = call.func
        last = function.attr if isinstance(function, ast.Attribute) else None
        if isinstance(function, ast.Attribute) and last not in _LAST:
            continue
        if isinstance(function, ast.Name) and function.id in own:
            continue
        names = review.static_names(file, call)
        reads = not _READS.isdisjoint(names)
        if not reads and (not names or not _READER_CLASSES.isdisjoint(names)):
            reads = _asks_reader(review, file, call)
        if "starlette.config.Config" in names and _makes(review, file, call):
            continue  # the object that reads, not a read
        if reads and (not call.args or _is_fixed(review, file, call.args[0])):
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


def _asks_reader(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    """Whether a call asks an object that reads the environment: `config("DEBUG")`."""
    return any(
        isinstance(atom, (Instance, ExternalInstance))
        and not _READER_CLASSES.isdisjoint(kinds.lineage(atom))
        for atom in kinds.known(review.static(file, call.func) or ())
    )


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
