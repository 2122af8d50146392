"""RW206 settings-per-request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.trees import targets_of
from roadworthy.values.atoms import ClassAtom
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW206",
    name="settings-per-request",
    severity="warning",
    summary="The settings are read anew on each request.",
    why=(
        "Each `BaseSettings()` reads the environment and the `.env` file from disk and "
        "validates every field, on the event loop, for every request; and two parts of "
        "one request may see different settings."
    ),
    instead=(
        "Make the settings once: put `@lru_cache` on the function that provides them, "
        "or make them at module level."
    ),
    wrong="""\
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = "shop"


def get_settings() -> Settings:
    return Settings()  # expect: RW206


app = FastAPI()


@app.get("/name")
async def read_name(settings: Annotated[Settings, Depends(get_settings)]) -> str:
    return settings.name
""",
    right="""\
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = "shop"


@lru_cache
def get_settings() -> Settings:
    return Settings()


app = FastAPI()


@app.get("/name")
async def read_name(settings: Annotated[Settings, Depends(get_settings)]) -> str:
    return settings.name
""",
    references=("https://fastapi.tiangolo.com/advanced/settings/#lru-cache",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag settings made in handlers and dependencies, and in what provides them."""
    files = [file for file in review.files if file.mentions("Settings", "Config")]
    if not any(_settings_classes(review)):
        return
    entered = _entered(review)
    for file in files:
        for node, info in review.reached_functions(file):
            if _is_cached(file, node):
                continue
            for call in own_nodes(node):
                if not isinstance(call, ast.Call) or not _makes_settings(
                    review, file, call
                ):
                    continue
                if _is_kept(file, node, call):
                    continue
                if info in entered or isinstance(file.parent(call), ast.Return):
                    name = file.text(call.func)
                    yield review.finding(
                        RULE,
                        file,
                        call,
                        f"`{name}()` reads the settings anew on each request",
                        entry=review.entry_of(info),
                    )


def _settings_classes(review: Review) -> Iterator[bool]:
    for file in review.files:
        if file.mentions("BaseSettings"):
            yield True


def _entered(review: Review) -> set[FunctionInfo]:
    found: set[FunctionInfo] = set()
    for handler in review.handlers():
        found.add(handler.function)
        for use in review.dependencies(handler):
            found.update(function.function for function in use.functions)
    return found


def _is_cached(file: ReviewedFile, node: FunctionNode) -> bool:
    """Whether a decorator keeps the result: `lru_cache`, `cache`, `alru_cache`, …"""
    return any(
        "cache" in file.text(decorator).lower()
        or "singleton" in file.text(decorator).lower()
        for decorator in node.decorator_list
    )


def _makes_settings(review: Review, file: ReviewedFile, call: ast.Call) -> bool:
    return any(
        isinstance(atom, ClassAtom) and kinds.is_settings(atom)
        for atom in kinds.known(review.static(file, call.func) or ())
    )


def _is_kept(file: ReviewedFile, function: FunctionNode, call: ast.Call) -> bool:
    """Whether what is made is kept where later requests find it."""
    targets = targets_of(file.statement_of(call))
    shared = {
        name
        for node in own_nodes(function)
        if isinstance(node, (ast.Global, ast.Nonlocal))
        for name in node.names
    }
    if function.name == "__init__":
        # Of a class that is a dependency: the object lives as long as the request.
        targets = [
            target
            for target in targets
            if not (
                isinstance(target, ast.Attribute)
                and isinstance(target.value, ast.Name)
                and target.value.id == "self"
            )
        ]
    return any(
        isinstance(target, (ast.Attribute, ast.Subscript))
        or (isinstance(target, ast.Name) and target.id in shared)
        for target in targets
    )
