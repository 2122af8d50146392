# A test that goes over all routes of the application
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")
async def a() -> str:
    return "x"


@app.get("/b")
async def b() -> str:
    return "x"
# file: test_main.py
import pytest
from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


@pytest.mark.parametrize("route", app.routes)
def test_route(route) -> None:
    assert client.get(route.path).status_code == 200
