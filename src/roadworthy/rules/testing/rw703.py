"""RW703 unittest-style."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.review import Review
from roadworthy.rules.testing.suite import suite_of

RULE = Rule(
    code="RW703",
    name="unittest-style",
    severity="advice",
    summary="Tests of the API as methods of a `unittest.TestCase`.",
    why=(
        "Fixtures with their own life, `parametrize`, and `async def` tests of one event "
        "loop do not reach into a `TestCase`, and `assertEqual` tells less of a "
        "difference than a plain `assert` that pytest takes apart."
    ),
    instead="Plain functions with `assert`, and fixtures for the client and the data.",
    wrong="""\
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "hello"
# file: test_main.py
import unittest

from fastapi.testclient import TestClient

from main import app


class TestRoot(unittest.TestCase):  # expect: RW703
    def setUp(self) -> None:
        self.client = TestClient(app)

    def test_root(self) -> None:
        self.assertEqual(self.client.get("/").json(), "hello")
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
from fastapi.testclient import TestClient

from main import app


@pytest.fixture
def client() -> TestClient:
    return TestClient(app)


def test_root(client: TestClient) -> None:
    assert client.get("/").json() == "hello"
""",
    references=("https://docs.pytest.org/en/stable/how-to/unittest.html",),
)

_CASES = frozenset(
    {
        "unittest.TestCase",
        "unittest.case.TestCase",
        "unittest.IsolatedAsyncioTestCase",
        "unittest.async_case.IsolatedAsyncioTestCase",
    }
)


def check(review: Review) -> Iterator[Finding]:
    """Flag test cases whose tests send requests."""
    suite = suite_of(review)
    classes: dict[ast.ClassDef, ReviewedFile] = {}
    for test in suite.tests:
        if test.cls is not None and test.cls not in classes:
            if _is_case(review, test.file, test.cls):
                classes[test.cls] = test.file
    for cls, file in classes.items():
        if any(
            request.file is file
            and request.client
            and cls.lineno <= request.call.lineno <= (cls.end_lineno or 0)
            for request in suite.requests
        ):
            yield review.finding(
                RULE, file, cls, f"`{cls.name}` tests the API as a `unittest.TestCase`"
            )


def _is_case(review: Review, file: ReviewedFile, cls: ast.ClassDef) -> bool:
    for base in cls.bases:
        for atom in kinds.known(review.static(file, base) or ()):
            if kinds.inherits(atom, _CASES):
                return True
    return False
