"""The JSON form, against the contract that programs rely on."""

import json

from roadworthy.findings import Edit, Fix, Report, Unread, Unresolved
from roadworthy.output.json import render


def parsed(*findings, **more):
    return json.loads(render(Report(findings=findings, **more)))


def test_has_the_keys_of_the_contract_and_no_others(make):
    document = parsed(make())
    assert list(document) == ["version", "findings", "unread", "stats"]
    assert document["version"] == 1
    (finding,) = document["findings"]
    assert finding == {
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
        "entry": {
            "kind": "route",
            "label": "GET /users/{id}",
            "function": "app.api.read",
            "path": "app/api.py",
            "line": 1,
        },
        "chain": [
            {
                "path": "app/api.py",
                "line": 3,
                "column": 12,
                "text": "crud.load(db, key)",
                "callee": "app.crud.load",
            },
            {
                "path": "app/crud.py",
                "line": 2,
                "column": 5,
                "text": "db.get(User, key)",
                "callee": "Session.get",
            },
        ],
        "fix": None,
    }


def test_absent_entry_is_null_and_absent_chain_is_empty(make):
    (finding,) = parsed(make(entry=None, chain=()))["findings"]
    assert finding["entry"] is None
    assert finding["chain"] == []


def test_fix_has_its_edits(make):
    edit = Edit("app/api.py", 3, 5, 3, 9, "await x")
    (finding,) = parsed(make(fix=Fix(False, (edit,), "note")))["findings"]
    assert finding["fix"] == {
        "safe": False,
        "edits": [
            {
                "path": "app/api.py",
                "line": 3,
                "column": 5,
                "end_line": 3,
                "end_column": 9,
                "replacement": "await x",
            }
        ],
    }


def test_lists_unread_files_notes_and_unresolved_calls():
    document = parsed(
        unread=(Unread("a.py", 4, "invalid syntax"),),
        notes=("no virtual environment found",),
        unresolved=(Unresolved("b.py", 1, 2, "x.y()"),),
        stats={"files": 3, "seconds": 0.5},
    )
    assert document["unread"] == [
        {"path": "a.py", "line": 4, "message": "invalid syntax"}
    ]
    assert document["stats"] == {
        "files": 3,
        "seconds": 0.5,
        "notes": ["no virtual environment found"],
        "unresolved": [{"path": "b.py", "line": 1, "column": 2, "text": "x.y()"}],
    }


def test_comes_through_any_encoding(make):
    text = render(Report(findings=(make(path="caf\udce9/é.py"),)))
    assert text.isascii()
    assert "\n" not in text
    assert json.loads(text)["findings"][0]["path"] == "caf\udce9/é.py"
