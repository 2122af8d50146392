"""RW707 no-tests."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.testing.suite import suite_of

RULE = Rule(
    code="RW707",
    name="no-tests",
    severity="warning",
    summary="An application with routes, and no tests at all.",
    why=(
        "Nothing tells whether a change or an upgrade of a library breaks a route, "
        "before the clients do."
    ),
    instead="`pytest` with `TestClient(app)`; begin with one test for each route.",
    wrong="""\
from fastapi import FastAPI  # expect: RW707

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
""",
    right="""\
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
# file: tests/test_main.py
from fastapi.testclient import TestClient

from main import app


def test_root() -> None:
    assert TestClient(app).get("/").json() == "hello"
""",
    references=("https://fastapi.tiangolo.com/tutorial/testing/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag the files that create applications with routes, where nothing is tested."""
    suite = suite_of(review)
    if suite.tests and suite.is_collection():
        return
    tested = bool(suite.tests) and suite.is_about_routes()
    seen: set[ReviewedFile] = set()
    served = {id(route.application) for route in review.routes}
    for application in review.applications:
        file = review.file_of(application.place.module)
        if file is None or file in seen or id(application) not in served:
            continue
        if tested and not suite.is_left_out(application):
            continue
        seen.add(file)
        yield review.finding(
            RULE, file, 1, "the application has routes, and no tests request any"
        )
