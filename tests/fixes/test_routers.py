"""RW401's fix: routes move with what they need, and what cannot move stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from roadworthy.fixes.rounds import Options, Outcome, fix
from roadworthy.fixes.trial import put
from roadworthy.project.config import Settings

MAIN = '''\
"""A small shop."""

import logging
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel

from .stock import PRICES

logger = logging.getLogger(__name__)
LIMIT = 5


class Pen(BaseModel):
    name: str
    price: int


def get_limit() -> int:
    return LIMIT


# The shop itself.
app = FastAPI(title="shop")


@app.get("/")
async def index() -> dict[str, str]:
    logger.info("index")
    return {"title": app.title}


# Pens are what we live on.
@app.get("/pens/{name}", tags=["Fountain Pens"])
async def read_pen(name: str, limit: Annotated[int, Depends(get_limit)]) -> Pen:
    """Read a pen."""
    if name not in PRICES:
        raise HTTPException(404)
    return Pen(name=name, price=PRICES[name] + limit)


@app.post("/pens", tags=["Fountain Pens"])
async def add_pen(pen: Pen) -> Pen:
    PRICES[pen.name] = pen.price
    logger.info("added")
    return pen


@app.get("/api/v1/inks")
async def read_inks(limit: Annotated[int, Depends(get_limit)]) -> list[int]:
    return [limit]


@app.delete("/api/v1/inks")
async def drop_inks() -> None:
    return None


counter = 0


@app.get("/count")
async def count() -> int:
    global counter
    counter += 1
    return counter
'''

ROUTES = """\
import sys, json
sys.path.insert(0, ".")
from svc.main import app
from fastapi.testclient import TestClient
client = TestClient(app)
answers = [client.get(p).text for p in ("/", "/pens/pen", "/pens/x", "/api/v1/inks", "/count", "/count")]
print(json.dumps([answers, sorted(app.openapi()["paths"]), client.delete("/api/v1/inks").status_code]))
"""


@pytest.fixture
def shop(service: Path) -> Path:
    put(
        service,
        {
            "svc/__init__.py": b"",
            "svc/stock.py": b'PRICES = {"pen": 3}\n',
            "svc/main.py": MAIN.encode(),
        },
    )
    return service


def fixed(root: Path) -> Outcome:
    settings = Settings(root=root, select=("RW401", "RW103"), use_cache=False)
    return fix(settings, Options(unsafe=True))


def answers(root: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", ROUTES], cwd=root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_service_answers_as_before(shop: Path) -> None:
    before = answers(shop)

    outcome = fixed(shop)
    put(shop, dict(outcome.results))

    assert outcome.refused == ()
    assert sorted(outcome.results) == [
        "svc/api/__init__.py",
        "svc/api/fountain_pens.py",
        "svc/api/inks.py",
        "svc/api/shared.py",
        "svc/main.py",
    ]
    assert answers(shop) == before
    assert fixed(shop).results == {}


def test_each_definition_goes_where_it_is_needed(shop: Path) -> None:
    texts = {path: data.decode() for path, data in fixed(shop).results.items()}

    assert "class Pen" in texts["svc/api/fountain_pens.py"]
    assert (
        "# Pens are what we live on.\n@router.get" in texts["svc/api/fountain_pens.py"]
    )
    assert "from ..stock import PRICES" in texts["svc/api/fountain_pens.py"]
    assert "def get_limit" in texts["svc/api/shared.py"]
    # The application itself, and a counter that a handler binds, keep theirs.
    assert "async def index" in texts["svc/main.py"]
    assert "async def count" in texts["svc/main.py"]
    assert "PRICES" not in texts["svc/main.py"]


def test_what_other_modules_take_from_the_module_stays_there_by_import(
    shop: Path,
) -> None:
    (shop / "svc" / "jobs.py").write_text("from svc.main import Pen\n\nprint(Pen)\n")

    texts = {path: data.decode() for path, data in fixed(shop).results.items()}

    assert "from svc.api.fountain_pens import Pen" in texts["svc/main.py"]


def test_a_module_in_the_way_leaves_all_as_it_is(shop: Path) -> None:
    (shop / "svc" / "api").mkdir()
    (shop / "svc" / "api" / "inks.py").write_text("x = 1\n")

    assert fixed(shop).results == {}
