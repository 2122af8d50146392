"""RW705 sync-client-in-async-test."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.testing.suite import Suite, Test, suite_of

RULE = Rule(
    code="RW705",
    name="sync-client-in-async-test",
    severity="error",
    summary="`TestClient` used in an `async def` test.",
    why=(
        "`TestClient` runs the application in an event loop of its own, in another "
        "thread, and blocks the test's loop meanwhile: what the test made on its loop (a "
        "session, a pool, a task) belongs to another one, and fails or hangs."
    ),
    instead='`httpx.AsyncClient(transport=ASGITransport(app=app), base_url="http://test")`.',
    wrong="""\
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
# file: test_main.py
import pytest
from fastapi.testclient import TestClient

from main import app


@pytest.mark.anyio
async def test_root() -> None:
    client = TestClient(app)  # expect: RW705
    assert client.get("/").json() == "hello"
""",
    right="""\
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
# file: test_main.py
import pytest
from httpx import ASGITransport, AsyncClient

from main import app


@pytest.mark.anyio
async def test_root() -> None:
    transport = ASGITransport(app=app)
    async with AsyncClient(transport=transport, base_url="http://test") as client:
        assert (await client.get("/")).json() == "hello"
""",
    references=("https://fastapi.tiangolo.com/advanced/async-tests/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag the first place of each asynchronous test that meets a `TestClient`."""
    suite = suite_of(review)
    for test in suite.tests:
        if not isinstance(test.node, ast.AsyncFunctionDef):
            continue
        place = _place(suite, test)
        if place is not None:
            yield review.finding(
                RULE,
                test.file,
                place,
                f"`{test.node.name}` is asynchronous, and `TestClient` blocks its loop",
            )


def _place(suite: Suite, test: Test) -> ast.expr | None:
    uses: list[ast.expr] = []
    for node in own_nodes(test.node):
        if isinstance(node, ast.Call) and suite.is_test_client(
            suite.client_classes(test.file, node)
        ):
            return node
        if isinstance(node, ast.Attribute) and isinstance(
            node.value, (ast.Name, ast.Attribute)
        ):
            if suite.is_test_client(suite.client_classes(test.file, node.value)):
                uses.append(node)
    return min(uses, key=lambda n: (n.lineno, n.col_offset)) if uses else None
