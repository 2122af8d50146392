# Two applications, of which the tests request one; a third has no routes
# file: shop/main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
async def root() -> str:
    return "x"
# file: admin/main.py
from fastapi import FastAPI  # expect: RW707

app = FastAPI()


@app.get("/admin")
async def root() -> str:
    return "x"
# file: empty/main.py
from fastapi import FastAPI

app = FastAPI()
# file: tests/test_shop.py
from fastapi.testclient import TestClient

from shop.main import app


def test_root() -> None:
    assert TestClient(app).get("/").status_code == 200
