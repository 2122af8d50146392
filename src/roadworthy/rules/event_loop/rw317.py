"""RW317 sequential-awaits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.event_loop.places import loaded_names, target_names
from roadworthy.rules.event_loop.services import READS, Services
from roadworthy.rules.files import ReviewedFile, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.trees import targets_of

RULE = Rule(
    code="RW317",
    name="sequential-awaits",
    severity="advice",
    summary="Independent calls to other services, awaited one after the other.",
    why=(
        "The client waits for the sum of the answers where it could wait for the slowest "
        "alone: three services of 200 ms each make 600 ms."
    ),
    instead="`first, second = await asyncio.gather(read_a(), read_b())`, or an `asyncio.TaskGroup`.",
    wrong="""\
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient()


@app.get("/dashboard")
async def dashboard() -> list[str]:
    weather = await client.get("https://weather.example/today")
    news = await client.get("https://news.example/today")  # expect: RW317
    return [weather.text, news.text]
""",
    right="""\
import asyncio

import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient()


@app.get("/dashboard")
async def dashboard() -> list[str]:
    weather, news = await asyncio.gather(
        client.get("https://weather.example/today"),
        client.get("https://news.example/today"),
    )
    return [weather.text, news.text]
""",
    references=(
        "https://docs.python.org/3/library/asyncio-task.html#running-tasks-concurrently",
    ),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag the second and later of neighbouring, independent reads of services."""
    services = Services(review)
    for file in review.files:
        for node, info in review.reached_functions(file):
            if not isinstance(node, ast.AsyncFunctionDef):
                continue
            pairs = [
                pair
                for block in _blocks(node)
                for pair in _neighbours(review, file, services, block)
            ]
            pairs.extend(_within(review, file, services, node))
            if pairs:
                yield from (
                    review.finding(
                        RULE,
                        file,
                        call,
                        f"`{file.text(call.func)}(...)` could run together with the call "
                        f"of line {before.lineno}: neither needs the other's result",
                        entry=review.entry_of(info),
                    )
                    for before, call in pairs
                )


def _blocks(node: ast.AsyncFunctionDef) -> Iterator[list[ast.stmt]]:
    for inner in (node, *own_nodes(node)):
        if isinstance(inner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if inner is not node:
                continue
        for name in ("body", "orelse", "finalbody"):
            block = getattr(inner, name, None)
            if isinstance(block, list) and len(block) > 1:
                yield block


def _neighbours(
    review: Review, file: ReviewedFile, services: Services, block: list[ast.stmt]
) -> Iterator[tuple[ast.Call, ast.Call]]:
    before: tuple[ast.Call, set[str]] | None = None
    for statement in block:
        step = _step(statement)
        if step is None:
            before = None
            continue
        call, names = step
        asked = services.asked(file, call)
        if not asked or not asked <= READS:
            before = None
            continue
        if (
            before is not None
            and not before[1] & loaded_names(statement)
            and not _share_a_session(review, file, before[0], call)
        ):
            yield before[0], call
            names |= before[1]
        before = call, names


def _step(statement: ast.stmt) -> tuple[ast.Call, set[str]] | None:
    """Return the call and the names of `name = await call(...)`."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return None
    targets, value = targets_of(statement), statement.value
    if isinstance(value, ast.Await) and isinstance(value.value, ast.Call):
        names = {n for target in targets for n in target_names(target)}
        return (value.value, names) if names else None
    return None


def _within(
    review: Review,
    file: ReviewedFile,
    services: Services,
    node: ast.AsyncFunctionDef,
) -> Iterator[tuple[ast.Call, ast.Call]]:
    """Yield the calls that one list, dictionary or call awaits one after the other."""
    for inner in own_nodes(node):
        if isinstance(inner, ast.Dict):
            parts: list[ast.expr] = inner.values
        elif isinstance(inner, (ast.List, ast.Tuple, ast.Set)):
            parts = inner.elts
        elif isinstance(inner, ast.Call):
            parts = [*inner.args, *(k.value for k in inner.keywords)]
        else:
            continue
        calls = [
            part.value
            for part in parts
            if isinstance(part, ast.Await) and isinstance(part.value, ast.Call)
        ]
        calls = [
            call
            for call in calls
            if (asked := services.asked(file, call)) and asked <= READS
        ]
        for before, call in pairwise(calls):
            if not _share_a_session(review, file, before, call):
                yield before, call


def _share_a_session(
    review: Review, file: ReviewedFile, one: ast.Call, other: ast.Call
) -> bool:
    for call in (one, other):
        for argument in (*call.args, *(k.value for k in call.keywords)):
            value = review.value(file, argument)
            if kinds.any_is(value, kinds.is_session):
                return True
    return False
