# TestCase classes of the API, inherited through a base of the tests; and others
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
# file: tests/base.py
import unittest
from unittest import IsolatedAsyncioTestCase

from fastapi.testclient import TestClient

from app.main import app


class ApiCase(unittest.TestCase):
    def setUp(self) -> None:
        self.client = TestClient(app)


class AsyncCase(IsolatedAsyncioTestCase):
    pass
# file: tests/test_items.py
import unittest
from unittest import TestCase

from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient

from app.main import app
from tests.base import ApiCase, AsyncCase


class ItemsTest(ApiCase):  # expect: RW703
    def test_read(self) -> None:
        self.assertEqual(self.client.get("/api/v1/items").status_code, 200)


class DirectTest(TestCase):  # expect: RW703
    @classmethod
    def setUpClass(cls) -> None:
        cls.client = TestClient(app)

    def test_one(self) -> None:
        response = self.client.get("/api/v1/items/1")
        self.assertEqual(response.json(), 1)


class AsyncTest(AsyncCase):  # expect: RW703
    async def test_create(self) -> None:
        async with AsyncClient(transport=ASGITransport(app=app), base_url="http://test") as client:
            response = await client.post("/api/v1/items", params={"name": "a"})
        assert response.status_code == 200


class HelperTest(TestCase):  # expect: RW703
    def request(self) -> int:
        return TestClient(app).get("/api/v1/items/1").status_code

    def test_helper(self) -> None:
        self.assertEqual(self.request(), 200)


class PureTest(unittest.TestCase):
    def test_sum(self) -> None:
        self.assertEqual(1 + 1, 2)


class TestPlain:
    def test_read(self) -> None:
        assert TestClient(app).get("/api/v1/items").status_code == 200
