# Requests by several clients, with f-strings, constants, helpers and parameters
# file: app/__init__.py
# file: app/db.py
from collections.abc import Iterator

from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

SessionLocal = sessionmaker(create_engine("postgresql://db/shop"))


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db
# file: app/items.py
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.db import get_db

router = APIRouter(prefix="/items")


@router.get("")
def read_items(db: Annotated[Session, Depends(get_db)]) -> int:
    return db.execute(text("SELECT 1")).scalar_one()


@router.get("/{item_id}")
def read_item(item_id: int) -> int:
    return item_id


@router.post("")
def create_item(name: str) -> str:
    return name
# file: app/main.py
from fastapi import FastAPI

from app import items


def create_app() -> FastAPI:
    made = FastAPI()
    made.include_router(items.router, prefix="/api/v1")
    return made


app = create_app()
# file: app/more.py
from fastapi import APIRouter, WebSocket

router = APIRouter(prefix="/more")


@router.get("/a")
async def a() -> str:
    return "a"


@router.put("/b/{key}")
async def b(key: str) -> str:
    return key


@router.delete("/c/{key}")
async def c(key: str) -> None: ...


@router.get("/d")
async def d() -> str:
    return "d"


@router.get("/e/{key}/f")
async def e(key: str) -> str:
    return key


@router.patch("/g")  # expect: RW701
async def g() -> None: ...


@router.post("/d")  # expect: RW701
async def d_post() -> None: ...


@router.websocket("/ws")
async def ws(websocket: WebSocket) -> None: ...


@router.get("/h")
async def h() -> None: ...


@router.get("/i")  # expect: RW701
async def i() -> None: ...


@router.post("/j")
async def j() -> None: ...
# file: app/server.py
from app import more
from app.main import app

app.include_router(more.router, prefix="/api/v1")
# file: tests/__init__.py
# file: tests/conftest.py
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient

from app.server import app

PREFIX = "/api/v1"


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app) as made:
        yield made


@pytest.fixture
async def async_client() -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test/api/v1") as made:
        yield made
# file: tests/test_items.py
import pytest
from fastapi.testclient import TestClient

from tests.conftest import PREFIX

ITEMS = f"{PREFIX}/items"


def url_of(key: int) -> str:
    return f"{ITEMS}/{key}"


def test_read(client: TestClient) -> None:
    assert client.get(ITEMS).status_code == 200


def test_one(client: TestClient) -> None:
    assert client.get(url_of(3)).status_code == 200


def test_create(client: TestClient) -> None:
    response = client.request("POST", PREFIX + "/items", params={"name": "a"})
    assert response.status_code == 200
# file: tests/test_more.py
import pytest
from fastapi.testclient import TestClient
from httpx import AsyncClient

BASE = "/api/v1/more"


class TestMore:
    url = "/api/v1/more/a"

    def test_a(self, client: TestClient) -> None:
        assert client.get(self.url).json() == "a"

    def test_b(self, client: TestClient) -> None:
        assert client.put("{}/b/{}".format(BASE, "x")).json() == "x"


@pytest.mark.anyio
async def test_c(async_client: AsyncClient) -> None:
    response = await async_client.delete("/more/c/%s" % "x")
    assert response.status_code == 200


@pytest.mark.parametrize("path", ["/more/d", "/more/e/1/f"])
async def test_many(async_client: AsyncClient, path: str) -> None:
    assert (await async_client.get(path)).status_code == 200


def test_socket(client: TestClient) -> None:
    with client.websocket_connect(f"{BASE}/ws") as socket:
        assert socket is not None


def test_named(client: TestClient) -> None:
    from app.server import app

    assert client.get(app.url_path_for("h")).status_code == 200


def test_j(client: TestClient) -> None:
    method, url = "post", f"{BASE}/j"
    assert getattr(client, "post")(url).status_code == 200
