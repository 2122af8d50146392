# Tests of single functions only: the application as a whole is untested (RW707)
# file: app/__init__.py
# file: app/prices.py
def add(price: int, tax: int) -> int:
    return price + tax


class Client:
    def create_item(self) -> int:
        return 1
# file: app/main.py
from fastapi import FastAPI  # expect: RW707

from app import prices

app = FastAPI()


@app.get("/prices")
async def read_prices() -> int:
    return prices.add(1, 2)


@app.post("/items")
async def create_item() -> int:
    return 1
# file: tests/conftest.py
import time
import urllib.request

import httpx
import pytest


@pytest.fixture(scope="session")
def server() -> str:
    with httpx.Client() as client:
        while client.get("http://localhost:8000/prices").status_code != 200:
            time.sleep(1)
    return "http://localhost:8000"
# file: tests/test_prices.py
from app.prices import Client, add


def test_add() -> None:
    assert add(1, 2) == 3


def test_client() -> None:
    client = Client()
    assert client.create_item() == 1
