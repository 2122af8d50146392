# Tests that run the database of the settings, in a file of its own; overrides elsewhere
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
# file: tests/test_open.py
"""Requests with the real database."""  # expect: RW702

from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_read() -> None:
    assert client.get("/api/v1/items").status_code == 200
# file: tests/test_closed.py
from fastapi.testclient import TestClient

from app.main import app

client = TestClient(app)


def test_one() -> None:
    assert client.get("/api/v1/items/1").status_code == 200
