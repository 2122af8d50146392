# An override further up the chain keeps the session closed as well
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
Local = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))


async def get_db():
    async with Local() as session:
        yield session


async def get_name(db: Annotated[AsyncSession, Depends(get_db)]) -> str:
    return str(await db.scalar(text("select 1")))


@app.get("/name")
async def name(name: Annotated[str, Depends(get_name)]) -> str:
    return name


@app.get("/plain")
async def plain() -> str:
    return "x"
# file: tests/test_name.py
import pytest
from fastapi.testclient import TestClient

from main import app, get_name


@pytest.fixture
def client(monkeypatch) -> TestClient:
    monkeypatch.setitem(app.dependency_overrides, get_name, lambda: "ann")
    return TestClient(app)


def test_name(client: TestClient) -> None:
    assert client.get("/name").json() == "ann"
