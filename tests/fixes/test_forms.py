"""The fixes of rules over the forms that code takes, beside the rules' own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from roadworthy.fixes.rounds import Options, Outcome, fix
from roadworthy.project.config import Settings

APP = "from fastapi import Depends, FastAPI, Query, Security\n\napp = FastAPI()\n\n\n"


def fixed(root: Path, code: str, text: str, **others: str) -> str:
    """Return what the fix of a rule, unsafe ones too, makes of `main.py`."""
    (root / "main.py").write_text(text)
    for name, other in others.items():
        (root / f"{name}.py").write_text(other)
    outcome: Outcome = fix(
        Settings(root=root, select=(code,), use_cache=False), Options(unsafe=True)
    )
    assert outcome.refused == ()
    data = outcome.results.get("main.py")
    return data.decode() if data is not None else text


def is_left(root: Path, code: str, text: str, **others: str) -> bool:
    """Tell whether a rule finds something, and its fix leaves it to a person."""
    (root / "main.py").write_text(text)
    for name, other in others.items():
        (root / f"{name}.py").write_text(other)
    outcome = fix(
        Settings(root=root, select=(code,), use_cache=False), Options(unsafe=True)
    )
    return bool(outcome.before.findings) and not outcome.results and not outcome.refused


def body(text: str) -> str:
    """Return what stands below the application."""
    return text.partition("app = FastAPI()\n\n\n")[2]


# -- RW508 -----------------------------------------------------------------------------

DEPENDENCY = "def get_db() -> int:\n    return 1\n\n\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            "q: str = 'x', db: int = Depends(get_db)",
            "db: Annotated[int, Depends(get_db)], q: str = 'x'",
        ),
        (
            "a: int, q: str = 'x', *, db: int = Depends(get_db)",
            "a: int, q: str = 'x', *, db: Annotated[int, Depends(get_db)]",
        ),
        (
            "db: int = Depends(get_db), q: str = 'x'",
            "db: Annotated[int, Depends(get_db)], q: str = 'x'",
        ),
        (
            "q: str = 'x', db: int = Depends(get_db), n: int = 1",
            "db: Annotated[int, Depends(get_db)], q: str = 'x', n: int = 1",
        ),
    ],
)
def test_defaults_of_dependencies_become_annotated(
    service: Path, wrong: str, right: str
) -> None:
    text = f"{APP}{DEPENDENCY}@app.get('/')\nasync def root({wrong}) -> int:\n    return 1\n"

    found = fixed(service, "RW508", text)

    assert "from typing import Annotated\n" in found
    assert f"async def root({right}) -> int:" in found.replace("\n    ", "")


@pytest.mark.parametrize(
    "parameters",
    [
        "db=Depends(get_db)",  # of what type, nobody says
        "db: 'int' = Depends(get_db)",
        "q: str = 'x', db: int = Depends(get_db), other=Depends(get_db)",
        "q: str = 'x',  # first\n    db: int = Depends(get_db),\n",
    ],
)
def test_a_signature_that_cannot_say_the_same_is_left(
    service: Path, parameters: str
) -> None:
    text = f"{APP}{DEPENDENCY}@app.get('/')\nasync def root({parameters}) -> int:\n    return 1\n"

    assert is_left(service, "RW508", text)


def test_a_dependency_without_a_type_keeps_no_other_from_its_fix(service: Path) -> None:
    text = (
        f"{APP}{DEPENDENCY}@app.get('/')\n"
        "async def root(db: int = Depends(get_db), other=Depends(get_db)) -> int:\n"
        "    return 1\n"
    )

    found = fixed(service, "RW508", text)

    assert "db: Annotated[int, Depends(get_db)], other=Depends(get_db)" in found


def test_parameters_keep_their_order_where_calls_go_by_position(service: Path) -> None:
    text = (
        f"{APP}{DEPENDENCY}@app.get('/')\n"
        "async def root(q: str = 'x', db: int = Depends(get_db)) -> int:\n    return 1\n"
    )

    assert is_left(
        service, "RW508", text, other="from main import root\n\nroot('a', 2)\n"
    )


# -- RW311 -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("load().upper()", "(await load()).upper()"),
        ("load()[0]", "(await load())[0]"),
        ("not load()", "not await load()"),
        ("load() == 'x'", "await load() == 'x'"),
        ("[c for c in load()]", "[c for c in await load()]"),
        ("f'{load()}'", "f'{await load()}'"),
        ("load()", "await load()"),
    ],
)
def test_a_coroutine_is_awaited_where_it_stands(
    service: Path, wrong: str, right: str
) -> None:
    head = f"{APP}async def load() -> str:\n    return 'x'\n\n\n@app.get('/')\n"

    found = fixed(service, "RW311", f"{head}async def root():\n    return {wrong}\n")

    assert found == f"{head}async def root():\n    return {right}\n"


@pytest.mark.parametrize(
    "code",
    [
        "def root():\n    return load() == 'x'",
        "async def root():\n    return [f() for f in [lambda: load() == 'x']]",
    ],
)
def test_nothing_is_awaited_where_nothing_can_be(service: Path, code: str) -> None:
    text = f"{APP}async def load() -> str:\n    return 'x'\n\n\n@app.get('/')\n{code}\n"

    assert is_left(service, "RW311", text)


# -- RW407 -----------------------------------------------------------------------------


def test_a_route_moves_with_its_comment_before_all_that_shadow_it(
    service: Path,
) -> None:
    wide = "@app.get('/a/{x}')\nasync def wide(x: str) -> str:\n    return x\n"
    other = "@app.get('/b')\nasync def other() -> str:\n    return 'b'\n"
    wider = (
        "@app.get('/{y}/{x}')\nasync def wider(y: str, x: str) -> str:\n    return x\n"
    )
    narrow = "# The one and only.\n@app.get('/a/me')\nasync def me() -> str:\n    return 'me'\n"

    found = fixed(service, "RW407", APP + "\n\n".join([wider, wide, other, narrow]))

    # The wide one, too, stood behind a wider one.
    assert body(found) == "\n\n".join([narrow, wide, wider, other])


def test_a_route_that_needs_what_stands_between_is_left(service: Path) -> None:
    text = (
        f"{APP}@app.get('/a/{{x}}')\nasync def wide(x: str) -> str:\n    return x\n\n\n"
        "class Answer:\n    pass\n\n\n"
        "@app.get('/a/me')\nasync def me() -> str | Answer:\n    return 'me'\n"
    ).replace("str | Answer", "'Answer'")

    assert is_left(service, "RW407", text)


# -- RW504 -----------------------------------------------------------------------------

SESSIONS = """\
from fastapi import Depends, FastAPI
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker

factory = sessionmaker(create_engine("sqlite://"))
async_factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
app = FastAPI()


"""
USE = "\n\n\n@app.get('/')\nasync def root(db=Depends(get_db)) -> None:\n    db.x\n"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            "async def get_db():\n    db = async_factory()\n    yield db\n    await db.close()",
            "async def get_db():\n    async with async_factory() as db:\n        yield db",
        ),
        (
            "def get_db():\n    db: object = factory()  # kept\n\n    db.x = 1\n    yield db",
            "def get_db():\n    with factory() as db:  # kept\n\n        db.x = 1\n        yield db",
        ),
        (
            "def get_db():\n    db = factory()\n    try:\n        yield db\n"
            "    except ValueError:\n        db.rollback()\n        raise\n    db.close()",
            "def get_db():\n    with factory() as db:\n        try:\n            yield db\n"
            "        except ValueError:\n            db.rollback()\n            raise",
        ),
    ],
)
def test_a_session_is_opened_in_a_block(service: Path, wrong: str, right: str) -> None:
    found = fixed(service, "RW504", SESSIONS + wrong + USE)

    assert found == SESSIONS + right + USE


@pytest.mark.parametrize(
    "code",
    [
        "def get_db():\n    db = factory()\n    text = '''\nkept'''\n    yield db",
        "def get_db():\n    return factory()",
        "import sqlite3\n\n\ndef get_db():\n    db = sqlite3.connect('x')\n    yield db",
    ],
)
def test_a_session_that_a_block_would_not_close_is_left(
    service: Path, code: str
) -> None:
    text = SESSIONS + code + USE

    assert is_left(service, "RW504", text)


# -- RW208 -----------------------------------------------------------------------------

ROWS = """\
from typing import Annotated, Optional

from fastapi import FastAPI, Query
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

app = FastAPI()


@app.get("/")
def rows(limit: {}) -> list[int]:
    with Session(create_engine("sqlite://")) as db:
        return list(db.execute(text("SELECT 1"), {{"limit": limit}}))
"""


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("int = 20", "Annotated[int, Query(le=100)] = 20"),
        ("int = 500", "Annotated[int, Query(le=500)] = 500"),
        ("int = Query(20, ge=1)", "int = Query(20, ge=1, le=100)"),
        ("int = Query(default=200)", "int = Query(default=200, le=200)"),
        (
            "Annotated[int, Query(ge=1)] = 20",
            "Annotated[int, Query(ge=1, le=100)] = 20",
        ),
        ("Optional[int] = None", "Annotated[Optional[int], Query(le=100)] = None"),
    ],
)
def test_a_page_size_is_bounded(service: Path, wrong: str, right: str) -> None:
    assert fixed(service, "RW208", ROWS.format(wrong)) == ROWS.format(right)


# -- RW706 -----------------------------------------------------------------------------

SHOP = "from fastapi import Depends, FastAPI\n\napp = FastAPI()\n\n\ndef get_user() -> str:\n    return 'x'\n\n\n@app.get('/')\nasync def me(user: str = Depends(get_user)) -> str:\n    return user\n"
SUITE = """\
import pytest
from fastapi.testclient import TestClient

from main import app, get_user


@pytest.fixture
def client():
    app.dependency_overrides[get_user] = lambda: 'ann'
    {} TestClient(app){}


def test_me(client) -> None:
    assert client.get('/').json() == 'ann'
"""
REMOVAL = "\n    app.dependency_overrides.pop(get_user, None)"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (("yield", ""), ("yield", REMOVAL)),
        (("return", "  # x"), ("yield", f"  # x{REMOVAL}")),
    ],
)
def test_an_override_is_taken_away_by_its_fixture(
    service: Path, wrong: tuple[str, str], right: tuple[str, str]
) -> None:
    (service / "main.py").write_text(SHOP)
    (service / "test_main.py").write_text(SUITE.format(*wrong))

    outcome = fix(Settings(root=service, select=("RW706",), use_cache=False), Options())

    assert outcome.results == {"test_main.py": SUITE.format(*right).encode()}


def test_an_override_in_a_test_is_left(service: Path) -> None:
    (service / "main.py").write_text(SHOP)
    text = SUITE.replace("@pytest.fixture\ndef client():", "def test_it():")
    (service / "test_main.py").write_text(
        text.format("print", "").replace("print Test", "Test")
    )

    outcome = fix(Settings(root=service, select=("RW706",), use_cache=False), Options())

    assert len(outcome.after.findings) == 1
    assert outcome.results == {}


# -- RW303 -----------------------------------------------------------------------------


def test_a_call_that_sleeps_in_its_decorator_is_not_made_a_sleep(service: Path) -> None:
    text = f"""\
import tenacity
{APP}@tenacity.retry(wait=tenacity.wait_fixed(1))
def load(name: str) -> str:
    return name


@app.get("/")
async def root() -> str:
    return load("x")
"""

    assert "asyncio.sleep" not in fixed(service, "RW303", text)


def test_a_sleep_by_another_name_is_one(service: Path) -> None:
    text = f"""\
from time import sleep as pause

{APP}@app.get("/")
async def root() -> None:
    pause(1)
"""

    assert "    await asyncio.sleep(1)\n" in fixed(service, "RW303", text)


# -- RW618 -----------------------------------------------------------------------------

LOGIN = """\
import secrets

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    admin_password: str


settings = Settings()
app = FastAPI()


class Login(BaseModel):
    password: str{default}


@app.post("/login")
async def login(given: Login) -> str:
    if {test}:
        raise HTTPException(401)
    return "welcome"
"""


@pytest.mark.parametrize(
    ("default", "test"),
    [
        (
            "",
            "not secrets.compare_digest(given.password.encode(), "
            "settings.admin_password.encode())",
        ),
        (
            " = Field(None)",
            "given.password is None or not secrets.compare_digest("
            "given.password.encode(), settings.admin_password.encode())",
        ),
        (
            " = Field(default=None)",
            "given.password is None or not secrets.compare_digest("
            "given.password.encode(), settings.admin_password.encode())",
        ),
    ],
)
def test_a_field_that_is_none_by_default_is_asked_for_first(
    default: str, test: str, tmp_path: Path
) -> None:
    wrong = LOGIN.format(
        default=default, test="given.password != settings.admin_password"
    )
    told = fixed(tmp_path, "RW618", wrong)
    assert " ".join(told.split()).replace("( ", "(").replace(" )", ")") == " ".join(
        LOGIN.format(default=default, test=test).split()
    )
