"""Findings to print."""

import pytest

from roadworthy.findings import Entry, Finding, Step


@pytest.fixture
def make():
    """Return a function that makes a finding, with what is given changed in it."""

    def finding(**changes):
        values = {
            "rule": "RW302",
            "name": "blocking-database",
            "severity": "error",
            "path": "app/api.py",
            "line": 3,
            "column": 12,
            "end_line": 3,
            "end_column": 32,
            "message": "`crud.load` waits for the database on the event loop",
            "why": "While it waits, no other request is served.",
            "instead": "`await session.get(...)` on an `AsyncSession`",
            "entry": Entry("route", "GET /users/{id}", "app.api.read", "app/api.py", 1),
            "chain": (
                Step("app/api.py", 3, 12, "crud.load(db, key)", "app.crud.load"),
                Step("app/crud.py", 2, 5, "db.get(User, key)", "Session.get"),
            ),
        }
        values.update(changes)
        return Finding(**values)

    return finding
