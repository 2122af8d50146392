# Tests, conftest files and migrations are silent.
# file: app/__init__.py
# file: app/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def index() -> str:
    return "index"
# file: tests/__init__.py
# file: tests/conftest.py
import time
from collections.abc import AsyncIterator

import pytest
from app.main import app


@pytest.fixture
async def slow() -> AsyncIterator[str]:
    time.sleep(0.1)
    yield app.title
# file: tests/test_index.py
import time

from app.main import app


@app.get("/only-in-tests")
async def only_in_tests() -> str:
    time.sleep(0.1)
    return "test"


async def test_index() -> None:
    time.sleep(0.1)
    assert app.title
# file: alembic/env.py
import asyncio
import time


async def run_async_migrations() -> None:
    time.sleep(0.1)


asyncio.run(run_async_migrations())
