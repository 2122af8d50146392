# Overrides that go: cleared in the test, by a fixture, for the session, with the application
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
# file: tests/conftest.py
import pytest

from main import app, get_user


@pytest.fixture(scope="session", autouse=True)
def somebody():
    app.dependency_overrides[get_user] = lambda: "ann"
# file: tests/a/conftest.py
import pytest

from main import app


@pytest.fixture(autouse=True)
def clean():
    yield
    app.dependency_overrides.clear()
# file: tests/a/test_a.py
from fastapi.testclient import TestClient

from main import app, get_user


def test_me() -> None:
    app.dependency_overrides[get_user] = lambda: "ben"
    assert TestClient(app).get("/me").json() == "ben"
# file: tests/b/test_b.py
import pytest
from fastapi.testclient import TestClient

from main import app as shared
from main import create_app, get_user


@pytest.fixture
def app():
    return create_app()


def test_own(app) -> None:
    app.dependency_overrides[get_user] = lambda: "ben"
    assert TestClient(app).get("/me").json() == "ben"


def test_made_here() -> None:
    made = create_app()
    made.dependency_overrides[get_user] = lambda: "ben"
    assert TestClient(made).get("/me").json() == "ben"


def test_popped() -> None:
    shared.dependency_overrides[get_user] = lambda: "ben"
    try:
        assert TestClient(shared).get("/me").json() == "ben"
    finally:
        del shared.dependency_overrides[get_user]


def test_patched(monkeypatch) -> None:
    monkeypatch.setitem(shared.dependency_overrides, get_user, lambda: "ben")
    assert TestClient(shared).get("/me").json() == "ben"
