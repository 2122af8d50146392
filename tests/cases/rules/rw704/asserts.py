# Assertions in a helper, on a mock, by raising; and requests that are none
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
# file: test_main.py
from unittest.mock import Mock

import pytest
from fastapi.testclient import TestClient

from main import app

client = TestClient(app)


def assert_fine(response) -> None:
    assert response.status_code == 200


def look(response) -> None:
    assert_fine(response)


def test_helper() -> None:
    look(client.get("/me"))


def test_raise_for_status() -> None:
    client.get("/me").raise_for_status()


def test_mock() -> None:
    mock = Mock()
    client.get("/me")
    mock.assert_called_once()


def test_raises() -> None:
    with pytest.raises(RuntimeError):
        client.get("/me")


def test_dictionary() -> None:
    {"/me": 1}.get("/me")


def test_nothing() -> None:  # expect: RW704
    client.get("/me")


async def test_nothing_async(anyio_backend) -> None:  # expect: RW704
    with TestClient(app) as other:
        response = other.post("/me", json={})
        print(response.status_code)
