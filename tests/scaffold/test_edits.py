"""Insertions into source files: the right place, and every other byte as it was."""

from __future__ import annotations

import black
import pytest

from roadworthy.scaffold import edits
from roadworthy.scaffold.edits import Source
from roadworthy.scaffold.errors import ScaffoldError


def source(text: str) -> Source:
    return Source("app/file.py", text)


@pytest.mark.parametrize(
    ("module", "name", "before", "after"),
    [
        ("app.b", "B", "from app.a import A\nfrom app.c import C\n", 1),
        ("app.z", "Z", "from app.a import A\nfrom app.c import C\n\nx = 1\n", 2),
        ("app.a", "A", "from app.b import B\n", 0),
        ("app.a", "A", "import os\n\nfrom sqlalchemy import text\n", 4),
        ("decimal", "Decimal", "from itertools import count\n\nimport x\n", 0),
        ("typing", "Any", "from itertools import count\n\nimport x\n", 1),
        ("datetime as dt", "", "from itertools import count\n", 0),
        ("datetime as dt", "", "import abc\nimport os\n", 1),
    ],
)
def test_an_import_goes_where_isort_wants_it(
    module: str, name: str, before: str, after: int
) -> None:
    text = edits.add_import(source(before), module, name).text
    line = f"from {module} import {name}\n" if name else f"import {module}\n"
    lines = text.splitlines(keepends=True)
    assert line in lines
    assert lines.index(line) == after
    assert text.replace(line, "").replace("\n\n", "\n") == before.replace("\n\n", "\n")


def test_an_import_of_another_section_has_a_blank_line_between() -> None:
    text = edits.add_import(source("from app.a import A\n"), "typing", "Any").text
    assert text == "from typing import Any\n\nfrom app.a import A\n"


def test_a_name_joins_the_import_there_is() -> None:
    text = "from app.api.v1 import auth, items, users  # routers\n"
    found = edits.add_import(source(text), "app.api.v1", "books").text
    assert found == "from app.api.v1 import auth, books, items, users  # routers\n"


def test_a_name_gets_a_line_where_each_has_one() -> None:
    text = "from app.v1 import (\n    auth,  # first\n    users,\n)\n"
    found = edits.add_import(source(text), "app.v1", "items").text
    assert (
        found == "from app.v1 import (\n    auth,  # first\n    items,\n    users,\n)\n"
    )


def test_an_import_that_becomes_too_long_is_broken() -> None:
    names = ", ".join(f"router_{letter}" for letter in "abcdefg")
    found = edits.add_import(
        source(f"from app.v1 import {names}\n"), "app.v1", "zebras"
    )
    assert max(map(len, found.text.splitlines())) <= 88
    assert found.text.endswith("    zebras,\n)\n")


def test_nothing_changes_when_it_is_there() -> None:
    text = (
        'from app.a import A\n\n__all__ = ["A"]\nSCOPES = {"a": "b"}\nr.include(a.r)\n'
    )
    found = edits.add_import(source(text), "app.a", "A")
    found = edits.add_to_all(found, "A")
    found = edits.add_to_dict(found, "SCOPES", "a", "b")
    found = edits.add_call(found, "include", "a.r")
    assert found.text == text


def test_all_stays_sorted() -> None:
    found = edits.add_to_all(source('__all__ = ["LIMIT", "Book", "User"]\n'), "Item")
    assert found.text == '__all__ = ["LIMIT", "Book", "Item", "User"]\n'


def test_all_with_a_line_for_each() -> None:
    text = '__all__ = [\n    "Book",\n    "User",\n]\n'
    found = edits.add_to_all(source(text), "Zebra").text
    assert found == '__all__ = [\n    "Book",\n    "User",\n    "Zebra",\n]\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('S = {\n    "a": "b",\n}\n', 'S = {\n    "a": "b",\n    "k": "v",\n}\n'),
        (
            'S = {\n    "a": (\n        "b"\n    ),\n}\n',
            'S = {\n    "a": (\n        "b"\n    ),\n    "k": "v",\n}\n',
        ),
        (
            'S = {\n    "a": (\n        "b"  # (why)\n    )\n}\n',
            'S = {\n    "a": (\n        "b"  # (why)\n    ),\n    "k": "v",\n}\n',
        ),
        ('S = {\n    "a": "b"\n}\n', 'S = {\n    "a": "b",\n    "k": "v",\n}\n'),
        (
            'S: dict[str, str] = {\n    "a": "b",  # why, so\n}\nx = 1\n',
            'S: dict[str, str] = {\n    "a": "b",  # why, so\n    "k": "v",\n}\nx = 1\n',
        ),
        ('S = {"a": "b"}\n', 'S = {"a": "b",\n    "k": "v",\n}\n'),
    ],
)
def test_a_dictionary_gets_an_entry(before: str, after: str) -> None:
    assert edits.add_to_dict(source(before), "S", "k", "v").text == after


@pytest.mark.parametrize("length", [1, 10, 11, 12, 13, 60])
def test_a_long_entry_is_broken_as_black_has_it(length: int) -> None:
    value = "Create, change and delete your extraordinarily long names " + "x" * length
    found = edits.add_to_dict(source('S = {\n    "a": "b",\n}\n'), "S", "k" * 30, value)
    assert max(map(len, found.text.splitlines())) <= 88
    assert black.format_str(found.text, mode=black.Mode()) == found.text
    scope: dict[str, object] = {}
    exec(found.text, scope)
    assert scope["S"] == {"a": "b", "k" * 30: value}


def test_a_set_gets_an_element() -> None:
    text = 'ADMIN: Final = frozenset({"users:read"})\n'
    found = edits.add_to_set(source(text), "ADMIN", "books:write").text
    assert found == 'ADMIN: Final = frozenset({"users:read", "books:write"})\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "R: Final = (\n    a.router,\n    b.router,\n)\n",
            "R: Final = (\n    a.router,\n    b.router,\n    c.router,\n)\n",
        ),
        ("R = (a.router, b.router)\n", "R = (a.router, b.router, c.router)\n"),
    ],
)
def test_a_tuple_gets_an_element_once(before: str, after: str) -> None:
    found = edits.add_to_tuple(source(before), "R", "c.router")
    assert found.text == after
    assert edits.add_to_tuple(found, "R", "c.router").text == after


def test_a_call_comes_after_the_last_of_its_kind() -> None:
    text = "api = R()\napi.include(a.router)\napi.include(b.router)\n\nx = 1\n"
    found = edits.add_call(source(text), "include", "c.router").text
    assert found == text.replace("\n\nx", "\napi.include(c.router)\n\nx")


def test_line_endings_and_other_letters_stay() -> None:
    text = '"""Größe 漢字."""\r\n\r\nfrom app.a import A\r\n\r\nx = "é"; __all__ = ["A"]\r\n'
    found = edits.add_import(source(text), "app.b", "B")
    found = edits.add_to_all(found, "B")
    assert found.text == (
        '"""Größe 漢字."""\r\n\r\nfrom app.a import A\r\nfrom app.b import B\r\n'
        '\r\nx = "é"; __all__ = ["A", "B"]\r\n'
    )


def test_a_file_without_a_last_newline() -> None:
    assert edits.add_call(source("r.include(a)"), "include", "b").text == (
        "r.include(a)\nr.include(b)"
    )


def test_a_function_is_appended_once() -> None:
    code = "def f() -> None:\n    pass\n"
    found = edits.append(source("x = 1\n"), "f", code)
    assert found.text == "x = 1\n\n\n" + code
    assert edits.append(found, "f", code).text == found.text


@pytest.mark.parametrize(
    "edit",
    [
        lambda s: edits.add_to_all(s, "A"),
        lambda s: edits.add_to_set(s, "ADMIN", "a"),
        lambda s: edits.add_to_dict(s, "SCOPES", "a", "b"),
        lambda s: edits.add_call(s, "include_router", "a.router"),
        lambda s: edits.require(s, "numbers"),
    ],
)
def test_a_missing_place_is_said_with_the_file(edit) -> None:
    with pytest.raises(ScaffoldError, match=r"app/file\.py: there is no `"):
        edit(source("x = 1\n"))
