# Overrides set in tests, fixtures and helpers, and those taken away again
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
# file: tests/test_left.py
import pytest
from fastapi.testclient import TestClient

from app.db import get_db
from app.main import app

client = TestClient(app)


def fake() -> None: ...


def test_set() -> None:
    app.dependency_overrides[get_db] = fake  # expect: RW706
    assert client.get("/api/v1/items").status_code == 200


@pytest.fixture
def overridden() -> TestClient:
    app.dependency_overrides[get_db] = lambda: None  # expect: RW706
    return client


def test_overridden(overridden: TestClient) -> None:
    assert overridden.get("/api/v1/items").status_code == 200


def test_updated() -> None:
    app.dependency_overrides.update({get_db: fake})  # expect: RW706
    assert client.get("/api/v1/items").status_code == 200
# file: tests/test_taken.py
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from app.db import get_db
from app.main import app, create_app

client = TestClient(app)


def fake() -> None: ...


@pytest.fixture
def overridden() -> Iterator[TestClient]:
    app.dependency_overrides[get_db] = fake
    yield client
    app.dependency_overrides.clear()


@pytest.fixture(scope="session", autouse=True)
def whole() -> None:
    app.dependency_overrides[get_db] = fake


def test_finally() -> None:
    app.dependency_overrides[get_db] = fake
    try:
        assert client.get("/api/v1/items").status_code == 200
    finally:
        app.dependency_overrides.pop(get_db)


def test_deleted(overridden: TestClient) -> None:
    app.dependency_overrides[get_db] = fake
    assert client.get("/api/v1/items").status_code == 200
    del app.dependency_overrides[get_db]


def test_reset() -> None:
    app.dependency_overrides[get_db] = fake
    assert client.get("/api/v1/items").status_code == 200
    app.dependency_overrides = {}


def test_own_application() -> None:
    own = create_app()
    own.dependency_overrides[get_db] = fake
    assert TestClient(own).get("/api/v1/items").status_code == 200
