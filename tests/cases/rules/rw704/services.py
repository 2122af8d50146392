# Tests with requests and no check; checks by helpers, raising, mocks and the database
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
# file: tests/helpers.py
from typing import Any


def check_ok(response: Any) -> None:
    assert response.status_code == 200


def show(response: Any) -> None:
    print(response.json())


class Api:
    def __init__(self, client: Any) -> None:
        self.client = client

    def read(self) -> Any:
        return self.client.get("/api/v1/items")

    def read_checked(self) -> Any:
        response = self.client.get("/api/v1/items")
        response.raise_for_status()
        return response
# file: tests/test_items.py
from unittest.mock import MagicMock, patch

import pytest
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient
from sqlalchemy import text

from app.db import SessionLocal
from app.main import app
from tests.helpers import Api, check_ok, show

client = TestClient(app)


def test_nothing() -> None:  # expect: RW704
    client.get("/api/v1/items")


def test_printed() -> None:  # expect: RW704
    response = client.get("/api/v1/items")
    show(response)


@pytest.mark.anyio
async def test_async_nothing() -> None:  # expect: RW704
    async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as http:
        response = await http.post("/api/v1/items", params={"name": "a"})
        response.json()


class TestClass:
    def test_method(self) -> None:  # expect: RW704
        data = client.get("/api/v1/items/1").json()
        print(data)


def test_branch() -> None:  # expect: RW704
    response = client.get("/api/v1/items/1")
    if response.status_code == 200:
        print("fine")


def test_status() -> None:
    assert client.get("/api/v1/items").status_code == 200


def test_helper() -> None:
    check_ok(client.get("/api/v1/items"))


def test_raise() -> None:
    client.get("/api/v1/items").raise_for_status()


def test_raises() -> None:
    with pytest.raises(ValueError):
        client.get("/api/v1/items")


def test_mock() -> None:
    with patch("app.items.create_item") as create:
        client.post("/api/v1/items", params={"name": "a"})
    create.assert_not_called()


def test_database() -> None:
    client.post("/api/v1/items", params={"name": "a"})
    with SessionLocal() as db:
        assert db.execute(text("SELECT 1")).scalar_one() == 1


def test_wrapper_checked() -> None:
    Api(client).read_checked()


def test_fail() -> None:
    if client.get("/api/v1/items").status_code != 200:
        pytest.fail("no items")


def test_without_request() -> None:
    MagicMock()()
