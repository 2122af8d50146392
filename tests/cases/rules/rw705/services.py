# TestClient in asynchronous tests: made there, from fixtures, modules and classes
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
# file: tests/__init__.py
# file: tests/conftest.py
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient

from app.main import app


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(app) as made:
        yield made


@pytest.fixture
def untyped():
    return TestClient(app)


@pytest.fixture
async def http() -> AsyncIterator[AsyncClient]:
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as made:
        yield made
# file: tests/test_items.py
import pytest
from fastapi.testclient import TestClient
from httpx import AsyncClient
from starlette.testclient import TestClient as Client

from app.main import app

shared = TestClient(app)


@pytest.mark.anyio
async def test_made() -> None:
    client = TestClient(app)  # expect: RW705
    assert client.get("/api/v1/items").status_code == 200


@pytest.mark.asyncio
async def test_with() -> None:
    with Client(app) as client:  # expect: RW705
        assert client.get("/api/v1/items").status_code == 200


async def test_fixture(client: TestClient) -> None:
    response = client.get("/api/v1/items")  # expect: RW705
    assert response.status_code == 200
    assert client.get("/api/v1/items/1").status_code == 200


async def test_untyped_fixture(untyped) -> None:
    assert untyped.get("/api/v1/items").status_code == 200  # expect: RW705


async def test_module() -> None:
    assert shared.get("/api/v1/items").status_code == 200  # expect: RW705


class TestClass:
    @pytest.fixture(autouse=True)
    def setup(self) -> None:
        self.client = TestClient(app)

    async def test_attribute(self) -> None:
        assert self.client.get("/api/v1/items").status_code == 200  # expect: RW705

    def test_sync(self) -> None:
        assert self.client.get("/api/v1/items").status_code == 200


def test_sync(client: TestClient) -> None:
    assert client.get("/api/v1/items").status_code == 200


async def test_http(http: AsyncClient) -> None:
    assert (await http.get("/api/v1/items")).status_code == 200


async def test_unused(client: TestClient, http: AsyncClient) -> None:
    assert (await http.get("/api/v1/items")).status_code == 200
