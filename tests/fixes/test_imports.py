"""Imports that fixes need are added where isort would have them."""

from __future__ import annotations

import pytest

from roadworthy.fixes import imports


def added(
    text: str, *statements: str, first_party: frozenset[str] = frozenset()
) -> str:
    return imports.add(text, statements, first_party)


def test_a_module_is_added_in_order_of_its_section() -> None:
    text = "import json\nimport time\n\nimport httpx\nfrom fastapi import FastAPI\n"

    assert added(text, "import asyncio") == f"import asyncio\n{text}"
    assert added(text, "import logging") == text.replace(
        "import time", "import logging\nimport time"
    )


def test_what_is_there_already_is_not_added() -> None:
    text = "import asyncio\nfrom typing import Annotated\n"

    assert added(text, "import asyncio", "from typing import Annotated") == text


def test_a_name_joins_the_names_from_the_same_module() -> None:
    text = "from fastapi import APIRouter, FastAPI\n"

    assert added(text, "from fastapi import Depends") == (
        "from fastapi import APIRouter, Depends, FastAPI\n"
    )


def test_a_name_joins_a_list_with_a_line_for_each() -> None:
    text = "from fastapi import (\n    APIRouter,\n    FastAPI,\n)\n"

    assert added(text, "from fastapi import Depends", "from fastapi import Query") == (
        "from fastapi import (\n    APIRouter,\n    Depends,\n    FastAPI,\n"
        "    Query,\n)\n"
    )


def test_a_section_of_its_own_is_made_where_there_is_none() -> None:
    assert added("from fastapi import FastAPI\n\napp = 1\n", "import asyncio") == (
        "import asyncio\n\nfrom fastapi import FastAPI\n\napp = 1\n"
    )
    assert added(
        "import json\n\napp = 1\n",
        "from app.core import x",
        first_party=frozenset({"app"}),
    ) == ("import json\n\nfrom app.core import x\n\napp = 1\n")


def test_plain_imports_come_before_the_others() -> None:
    text = "import json\nfrom typing import Any\n"

    assert added(text, "import time", "from abc import ABC") == (
        "import json\nimport time\nfrom abc import ABC\nfrom typing import Any\n"
    )


def test_the_first_import_stands_below_the_docstring() -> None:
    assert added('"""What it is."""\n\nx = 1\n', "import asyncio") == (
        '"""What it is."""\n\nimport asyncio\n\nx = 1\n'
    )
    assert added("#!/usr/bin/env python\nx = 1\n", "import asyncio") == (
        "#!/usr/bin/env python\nimport asyncio\n\nx = 1\n"
    )


def test_line_ends_are_those_of_the_file() -> None:
    assert added("import json\r\n\r\nx = 1\r\n", "import asyncio") == (
        "import asyncio\r\nimport json\r\n\r\nx = 1\r\n"
    )


def test_the_future_stays_first() -> None:
    text = "from __future__ import annotations\n\nimport json\n"

    assert added(text, "import asyncio") == (
        "from __future__ import annotations\n\nimport asyncio\nimport json\n"
    )


@pytest.mark.parametrize("statement", ["x = 1", "import a, b", "from a import *", "("])
def test_what_is_no_import_of_one_name_is_refused(statement: str) -> None:
    with pytest.raises(ValueError, match="import"):
        added("", statement)
