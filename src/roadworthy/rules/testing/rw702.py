"""RW702 no-dependency-override."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from roadworthy.app.model import Route
from roadworthy.findings import Finding
from roadworthy.rules import kinds
from roadworthy.rules.base import Rule
from roadworthy.rules.files import ReviewedFile
from roadworthy.rules.handlers import DependencyUse
from roadworthy.rules.library_names import (
    ASYNC_SESSIONS,
    CONNECTIONS,
    SETTINGS,
    SYNC_SESSIONS,
)
from roadworthy.rules.nodes import walk
from roadworthy.rules.review import Review
from roadworthy.rules.testing.overrides import overridden
from roadworthy.rules.testing.suite import Suite, suite_of
from roadworthy.rules.trees import last_name, results
from roadworthy.values.atoms import Atom
from roadworthy.values.program import FunctionInfo

RULE = Rule(
    code="RW702",
    name="no-dependency-override",
    severity="warning",
    summary="Tests whose requests open the real database.",
    why=(
        "Without an override the routes work on whatever database the settings name: the "
        "developer's own, or a shared one. Tests then depend on its contents, run only "
        "one at a time, and can delete what somebody needs."
    ),
    instead=(
        "`app.dependency_overrides[get_db] = …` with a session on a test database, in a "
        "fixture; or a test database in the settings."
    ),
    wrong="""\
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

app = FastAPI()
SessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.get("/now")
async def read_now(db: Annotated[AsyncSession, Depends(get_db)]) -> str:
    return str(await db.scalar(text("select now()")))
# file: test_main.py
from fastapi.testclient import TestClient  # expect: RW702

from main import app


def test_now() -> None:
    with TestClient(app) as client:
        assert client.get("/now").status_code == 200
""",
    right="""\
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

app = FastAPI()
SessionLocal = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with SessionLocal() as session:
        yield session


@app.get("/now")
async def read_now(db: Annotated[AsyncSession, Depends(get_db)]) -> str:
    return str(await db.scalar(text("select now()")))
# file: test_main.py
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

from main import app, get_db

TestSession = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_test_db():
    async with TestSession() as session:
        yield session


@pytest.fixture
def client() -> Iterator[TestClient]:
    app.dependency_overrides[get_db] = get_test_db
    with TestClient(app) as client:
        yield client
    app.dependency_overrides.clear()


def test_now(client: TestClient) -> None:
    assert client.get("/now").status_code == 200
""",
    references=("https://fastapi.tiangolo.com/advanced/testing-dependencies/",),
)

_CONFIGURATIONS = ("pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml")
_DATABASE_WORDS = ("database", "db", "dsn", "postgres", "mysql", "sqlite", "mongo")


def check(review: Review) -> Iterator[Finding]:
    """Flag test files with requests that run a database dependency nobody replaced."""
    suite = suite_of(review)
    if not suite.requests or _has_test_database(suite):
        return
    replaced = overridden(suite)
    if replaced is None:
        return
    opened: dict[Route, str | None] = {}
    told: set[ReviewedFile] = set()
    files = {test.file for test in suite.tests}
    for request, routes in suite.requested().items():
        if request.file in told or request.file not in files or not request.client:
            continue
        for route in routes:
            if route not in opened:
                opened[route] = _opened(review, route, replaced)
            name = opened[route]
            if name is not None:
                told.add(request.file)
                yield review.finding(
                    RULE,
                    request.file,
                    1,
                    f"requests such as {route.label} run `{name}`, which opens the "
                    "database of the settings; no test overrides it",
                )
                break


def _opened(review: Review, route: Route, replaced: set[FunctionInfo]) -> str | None:
    """Return the database dependency that a route runs, if it is not replaced."""
    hidden: set[FunctionInfo] = set()
    for use in review.dependencies(route):
        functions = [f.function for f in use.functions]
        if any(f in replaced for f in functions) or use.owner in hidden:
            hidden.update(functions)
            continue
        if _is_database(review, use):
            return functions[0].code.name if functions else None
    return None


def _is_database(review: Review, use: DependencyUse) -> bool:
    for atom in use.functions:
        info = atom.function
        types = review.returned_types(info)
        if any(_is_session_type(a) for a in kinds.all_types(types)):
            return True
        file, node = review.file_of(info.module), review.node_of(info)
        if file is None or node is None:
            continue
        for value in results(node):
            if kinds.any_is(
                review.value(file, value),
                lambda a: kinds.is_session(a) or kinds.is_connection(a),
            ):
                return True
    return False


def _is_session_type(atom: Atom) -> bool:
    return kinds.inherits(atom, SYNC_SESSIONS | ASYNC_SESSIONS | CONNECTIONS)


# -- a test database in the settings ---------------------------------------------------


def _has_test_database(suite: Suite) -> bool:
    review = suite.review
    sending = {request.file for request in suite.requests}
    return (
        any(
            _sets_environment(file, file in sending or _is_conftest(file))
            for file in review.test_files
        )
        or _is_configured(review)
        or _has_setting(review)
    )


def _is_conftest(file: ReviewedFile) -> bool:
    return file.relative.rpartition("/")[2] == "conftest.py"


def _sets_environment(file: ReviewedFile, is_about_requests: bool) -> bool:
    """Whether a test file changes the environment or puts another database in place."""
    if file.mentions("testcontainers", "load_dotenv", "pytest_postgresql"):
        return True
    for node in file.nodes(ast.Subscript):
        if not isinstance(node.ctx, ast.Load) and last_name(node.value) == "environ":
            return True
    for call in file.nodes(ast.Call):
        name = last_name(call.func)
        if name == "setenv":
            return True
        if name in ("setdefault", "update") and isinstance(call.func, ast.Attribute):
            if last_name(call.func.value) == "environ":
                return True
        if name in ("patch", "setattr", "object") and is_about_requests:
            if _names_a_database(call):
                return True
    return False


def _names_a_database(call: ast.Call) -> bool:
    """Whether a patch replaces an engine, a session or a pool."""
    texts = [
        node.value
        for argument in call.args
        for node in walk(argument, ast.Constant)
        if isinstance(node.value, str)
    ]
    return any(
        word in text.lower()
        for text in texts
        for word in ("engine", "session", "pool", *_DATABASE_WORDS)
    )


def _is_configured(review: Review) -> bool:
    """Whether pytest's configuration sets variables of the environment."""
    root = review.settings.folder
    for folder in (root, root.parent):
        for name in _CONFIGURATIONS:
            try:
                text = (folder / name).read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            lines = {line.split("=", 1)[0].strip() for line in text.splitlines()}
            if "pytest" in text and lines & {"env", "env_files", "env_override"}:
                return True
            if "[tool.pytest_env]" in text:
                return True
    return False


def _has_setting(review: Review) -> bool:
    """Whether a settings class has a field for the tests' database."""
    for file in review.files:
        if not file.mentions("BaseSettings", "Settings"):
            continue
        for _, cls in review.classes(file):
            if not any(name in SETTINGS for name in kinds.class_lineage(cls)):
                continue
            for name, _, _ in review.field_types(cls):
                lowered = name.lower()
                if "test" in lowered and any(w in lowered for w in _DATABASE_WORDS):
                    return True
    return False
