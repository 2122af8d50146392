# Overrides in a fixture, in a dictionary and by update leave the tests silent
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
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from app.db import get_db
from app.main import create_app


def test_db() -> Iterator[Session]:
    with Session(create_engine("sqlite://")) as db:
        yield db


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = create_app()
    app.dependency_overrides.update({get_db: test_db})
    with TestClient(app) as made:
        yield made
# file: tests/test_read.py
from fastapi.testclient import TestClient


def test_read(client: TestClient) -> None:
    assert client.get("/api/v1/items").status_code == 200
