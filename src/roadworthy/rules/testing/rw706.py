"""RW706 overrides-not-reset."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.findings import Finding, Fix
from roadworthy.fixes import places
from roadworthy.rules.base import Rule
from roadworthy.rules.files import FunctionNode, own_nodes
from roadworthy.rules.review import Review
from roadworthy.rules.testing.overrides import (
    Override,
    clears,
    fixture_scope,
    has_own_application,
    overrides,
)
from roadworthy.rules.testing.suite import Suite, suite_of
from roadworthy.rules.testing.texts import is_fixture
from roadworthy.rules.trees import dotted

RULE = Rule(
    code="RW706",
    name="overrides-not-reset",
    severity="warning",
    summary="`dependency_overrides` is set and never cleared.",
    why=(
        "The application is shared by all tests of a run: an override that stays makes "
        "later tests pass, or fail, by what an earlier one left, and in another order "
        "otherwise."
    ),
    instead="Set it in a fixture, and `app.dependency_overrides.clear()` after its `yield`.",
    wrong="""\
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


async def get_user() -> str:
    return "somebody"


@app.get("/me")
async def me(user: Annotated[str, Depends(get_user)]) -> str:
    return user
# file: test_main.py
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from main import app, get_user


@pytest.fixture
def client() -> Iterator[TestClient]:
    app.dependency_overrides[get_user] = lambda: "ann"  # expect: RW706
    yield TestClient(app)


def test_me(client: TestClient) -> None:
    assert client.get("/me").json() == "ann"
""",
    right="""\
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


async def get_user() -> str:
    return "somebody"


@app.get("/me")
async def me(user: Annotated[str, Depends(get_user)]) -> str:
    return user
# file: test_main.py
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from main import app, get_user


@pytest.fixture
def client() -> Iterator[TestClient]:
    app.dependency_overrides[get_user] = lambda: "ann"
    yield TestClient(app)
    app.dependency_overrides.clear()


def test_me(client: TestClient) -> None:
    assert client.get("/me").json() == "ann"
""",
    fixed="""\
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


async def get_user() -> str:
    return "somebody"


@app.get("/me")
async def me(user: Annotated[str, Depends(get_user)]) -> str:
    return user
# file: test_main.py
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from main import app, get_user


@pytest.fixture
def client() -> Iterator[TestClient]:
    app.dependency_overrides[get_user] = lambda: "ann"  # expect: RW706
    yield TestClient(app)
    app.dependency_overrides.pop(get_user, None)


def test_me(client: TestClient) -> None:
    assert client.get("/me").json() == "ann"
""",
    fix_summary="In a fixture, takes the override away after its `yield`; overrides that tests set themselves are left to you.",
    references=("https://fastapi.tiangolo.com/advanced/testing-dependencies/",),
)


def check(review: Review) -> Iterator[Finding]:
    """Flag overrides on shared applications that nothing takes away."""
    suite = suite_of(review)
    found = [o for o in overrides(suite) if not _is_reset(suite, o)]
    if not found:
        return
    clearing = {
        file.relative
        for name in suite.sources.functions
        for file, function in suite.sources.functions[name]
        if _runs_by_itself(function.name, is_fixture(function)) and clears(function)
    }
    for override in found:
        if not _is_seen(clearing, override.file.relative):
            yield review.finding(
                RULE,
                override.file,
                override.at,
                "nothing takes this override away: it holds for every later test",
            )


def _is_reset(suite: Suite, override: Override) -> bool:
    function = override.function
    if function is None:
        # Once for the whole run.
        return override.file.relative.rpartition("/")[2] == "conftest.py"
    if clears(function) or has_own_application(suite, override):
        return True
    outer = override.file.function_of(function)
    if outer is not None and clears(outer):
        return True
    return is_fixture(function) and fixture_scope(function) == "session"


def _runs_by_itself(name: str, fixture: bool) -> bool:
    """Whether pytest or unittest runs a function around the tests."""
    lowered = name.lower().replace("_", "")
    return fixture or lowered.startswith(("teardown", "setup", "asyncteardown"))


def _is_seen(clearing: set[str], relative: str) -> bool:
    """Whether a fixture that clears stands in the file, or in a conftest above it."""
    if relative in clearing:
        return True
    folder = relative.rpartition("/")[0]
    while True:
        if (f"{folder}/conftest.py" if folder else "conftest.py") in clearing:
            return True
        if not folder:
            return False
        folder = folder.rpartition("/")[0]


def fix(review: Review, finding: Finding) -> Fix | None:
    """Take the override away at the end of the fixture that sets it."""
    for override in overrides(suite_of(review)):
        place = getattr(override.at, "lineno", 0)
        if (override.file.relative, place) == (finding.path, finding.line):
            return _taken_away(override)
    return None


def _taken_away(override: Override) -> Fix | None:
    file, function, at = override.file, override.function, override.at
    if function is None or not is_fixture(function):
        return None
    statement = file.statement_of(at)
    if not override.keys or not all(dotted(key) for key in override.keys):
        return None
    if statement not in function.body:
        return None
    yields = [n for n in own_nodes(function) if isinstance(n, (ast.Yield, ast.Await))]
    given = [n for n in yields if isinstance(n, ast.Yield)]
    last = function.body[-1]
    table = f"{file.text(override.application)}.dependency_overrides"
    indent = places.indent_of(file, last)
    removals = "\n".join(
        f"{indent}{table}.pop({file.text(key)}, None)" for key in override.keys
    )
    if len(given) == 1 and given[0].lineno > statement.lineno:
        if _has_return(function):
            return None
        return Fix(True, (places.below(file, last, removals),))
    if (
        not given
        and isinstance(last, ast.Return)
        and function.returns is None
        and sum(isinstance(n, ast.Return) for n in own_nodes(function)) == 1
    ):
        word = places.keyword_edit(file, last, "return", "yield")
        return Fix(True, (word, places.below(file, last, removals)))
    return None


def _has_return(function: FunctionNode) -> bool:
    return any(isinstance(node, ast.Return) for node in own_nodes(function))
