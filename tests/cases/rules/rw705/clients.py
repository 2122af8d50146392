# A client from a fixture or the module, in asynchronous and plain tests
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI


def create_app() -> FastAPI:
    app = FastAPI()

    @app.get("/me")
    async def me(user: Annotated[str, Depends(get_user)]) -> str:
        return user

    return app


async def get_user() -> str:
    return "somebody"


app = create_app()
# file: conftest.py
import pytest
from fastapi.testclient import TestClient
from httpx import ASGITransport, AsyncClient

from main import app


@pytest.fixture
def client():
    with TestClient(app) as c:
        yield c


@pytest.fixture
async def async_client():
    async with AsyncClient(transport=ASGITransport(app), base_url="http://test") as c:
        yield c
# file: test_main.py
from fastapi.testclient import TestClient

from main import app

shared = TestClient(app)


async def test_fixture(client) -> None:
    headers = {}
    response = client.get("/me", headers=headers)  # expect: RW705
    assert response.status_code == 200
    assert client.get("/me").status_code == 200


async def test_module() -> None:
    assert shared.get("/me").status_code == 200  # expect: RW705


async def test_with() -> None:
    with TestClient(app) as client:  # expect: RW705
        assert client.get("/me").status_code == 200


async def test_async(async_client) -> None:
    assert (await async_client.get("/me")).status_code == 200


def test_plain(client) -> None:
    assert client.get("/me").status_code == 200
