# Overrides that stay: in a test, a fixture without an end, at the top of a test module
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
# file: tests/test_one.py
import pytest
from fastapi.testclient import TestClient

from main import app, get_user

app.dependency_overrides[get_user] = lambda: "ann"  # expect: RW706


@pytest.fixture
def client() -> TestClient:
    app.dependency_overrides = {get_user: lambda: "ann"}  # expect: RW706
    return TestClient(app)


def test_me(client: TestClient) -> None:
    app.dependency_overrides[get_user] = lambda: "ben"  # expect: RW706
    assert client.get("/me").json() == "ben"
