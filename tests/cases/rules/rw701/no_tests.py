# Without any test, RW707 says so; helpers and fixtures alone are no tests
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "x"
# file: tests/conftest.py
import pytest
from fastapi.testclient import TestClient

from main import app


@pytest.fixture
def client():
    return TestClient(app)
