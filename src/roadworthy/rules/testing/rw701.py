"""RW701 untested-route."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import Route
from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import own_nodes
from roadworthy.rules.handlers import Handler
from roadworthy.rules.review import Review
from roadworthy.rules.testing.suite import calls_directly, suite_of

RULE = Rule(
    code="RW701",
    name="untested-route",
    severity="warning",
    summary="A route that no test requests.",
    why=(
        "Only a request runs everything that a route is: its path, the validation of "
        "what comes in, its dependencies and rights, and the shape of what goes out. A "
        "route without one breaks unnoticed with the next change of any of these."
    ),
    instead="A test that requests it with `TestClient` (or `httpx.AsyncClient`) and asserts the answer.",
    wrong="""\
# file: app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(item_id: int) -> int:
    return item_id


@app.delete("/items/{item_id}")  # expect: RW701
async def delete_item(item_id: int) -> None: ...
# file: tests/test_items.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_read_item() -> None:
    assert client.get("/items/1").json() == 1
""",
    right="""\
# file: app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/items/{item_id}")
async def read_item(item_id: int) -> int:
    return item_id


@app.delete("/items/{item_id}")
async def delete_item(item_id: int) -> None: ...
# file: tests/test_items.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_read_item() -> None:
    assert client.get("/items/1").json() == 1


def test_delete_item() -> None:
    assert client.delete("/items/1").status_code == 200
""",
    references=("https://fastapi.tiangolo.com/tutorial/testing/",),
)

_DOCUMENTATION = frozenset(
    f"fastapi.openapi.{module}.{name}"
    for module, name in (
        ("docs", "get_swagger_ui_html"),
        ("docs", "get_redoc_html"),
        ("docs", "get_swagger_ui_oauth2_redirect_html"),
        ("utils", "get_openapi"),
    )
)
"""What makes the pages that FastAPI serves by itself, unless they are turned off."""


def check(review: Review) -> Iterator[Finding]:
    """Flag the handlers none of whose routes any request of the tests reaches."""
    suite = suite_of(review)
    if not suite.tests or suite.reads_all_routes() or not suite.is_about_routes():
        return
    tested: set[Route] = set()
    for routes in suite.requested().values():
        tested.update(routes)
    for handler in review.handlers():
        if all(suite.is_left_out(route.application) for route in handler.routes):
            continue
        if tested.isdisjoint(handler.routes) and not _serves_documentation(
            review, handler
        ):
            message = f"no test requests {handler.label}"
            if calls_directly(suite, handler):
                message += (
                    f"; calling `{handler.node.name}` directly leaves out its path, "
                    "validation and dependencies"
                )
            yield review.route_finding(RULE, handler, message)


def _serves_documentation(review: Review, handler: Handler) -> bool:
    """Whether a handler stands in for one of FastAPI's own pages of documentation."""
    return any(
        isinstance(node, ast.Call)
        and not _DOCUMENTATION.isdisjoint(review.names(handler.file, node))
        for node in own_nodes(handler.node)
    )
