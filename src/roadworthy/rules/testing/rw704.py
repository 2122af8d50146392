"""RW704 test-asserts-nothing."""

from __future__ import annotations

from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules.base import Rule
from roadworthy.rules.review import Review
from roadworthy.rules.testing.suite import suite_of

RULE = Rule(
    code="RW704",
    name="test-asserts-nothing",
    severity="warning",
    summary="A test that sends a request and checks nothing.",
    why=(
        "The client does not raise for status 404 or 422, so the test passes whatever "
        "the service answers: it counts as coverage and protects from nothing."
    ),
    instead="Assert the status and the body that the client relies on.",
    wrong="""\
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
# file: test_main.py
from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_root() -> None:  # expect: RW704
    response = client.get("/")
    print(response.json())
""",
    right="""\
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
# file: test_main.py
from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def test_root() -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.json() == "hello"
""",
    references=("https://fastapi.tiangolo.com/tutorial/testing/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag tests with a request of their own, and no check anywhere in them."""
    suite = suite_of(review)
    for test in suite.tests:
        if not suite.requests_in(test) or suite.asserts(test.file, test.node):
            continue
        yield review.finding(
            RULE,
            test.file,
            test.node,
            f"`{test.node.name}` sends a request and checks nothing of the answer",
        )
