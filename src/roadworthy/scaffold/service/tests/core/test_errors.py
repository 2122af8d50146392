"""Errors as problem details."""

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.core.errors import ProblemError
from app.db.session import Database
from app.main import create_app
from tests.conftest import BASE_URL, SettingsMaker

SECRET = "SELECT password FROM users"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (IntegrityError(SECRET, {}, Exception(SECRET)), 409),
        (httpx.ConnectError(SECRET), 502),
        (httpx.ReadTimeout(SECRET), 504),
        (ZeroDivisionError(SECRET), 500),
    ],
)
async def test_errors_become_problems_and_nothing_leaks(
    error: Exception, status: int, make_settings: SettingsMaker
) -> None:
    app = create_app(make_settings(log_level="CRITICAL"))

    @app.get("/fails")
    async def fails() -> None:
        raise error

    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        response = await client.get("/fails")
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["request_id"] == response.headers["x-request-id"]
    assert SECRET not in response.text


async def test_validation_says_where_but_not_what(client: httpx.AsyncClient) -> None:
    body = {"email": "hunter2", "password": "hunter2"}
    response = await client.post("/api/v1/auth/register", json=body)
    assert response.status_code == 422
    locations = [error["location"] for error in response.json()["errors"]]
    assert locations == [["body", "email"], ["body", "password"]]
    assert "hunter2" not in response.text


@pytest.mark.parametrize(
    ("body", "status"), [(b"{", 422), (b"[" * 100_000, 400), (b'"\\ud800"', 422)]
)
async def test_broken_bodies_are_the_clients_fault(
    body: bytes, status: int, client: httpx.AsyncClient
) -> None:
    headers = {"Content-Type": "application/json"}
    response = await client.post("/api/v1/auth/logout", content=body, headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


async def test_what_is_not_there_is_a_problem_too(client: httpx.AsyncClient) -> None:
    missing = await client.get("/nothing")
    assert (missing.status_code, missing.json()["status"]) == (404, 404)
    wrong = await client.delete("/api/v1/items")
    assert wrong.status_code == 405
    assert wrong.headers["allow"] == "GET, POST"
    assert wrong.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "error",
    [
        OperationalError(SECRET, {}, Exception()),
        PoolTimeoutError(),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
async def test_a_database_that_is_gone_is_told_apart(
    error: Exception, database: Database
) -> None:
    with pytest.raises(ProblemError) as raised:
        async with database.session():
            raise error
    assert raised.value.status == 503


async def test_other_database_errors_stay_what_they_are(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.session():
            raise IntegrityError(SECRET, {}, Exception())


async def test_a_missing_database_is_unavailable(make_settings: SettingsMaker) -> None:
    url = "sqlite+aiosqlite:////nowhere/at/all.db"
    app: FastAPI = create_app(make_settings(database_url=url, log_level="CRITICAL"))
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
    ):
        form = {"username": "a@example.com", "password": "wrong"}
        response = await client.post("/api/v1/auth/login", data=form)
        assert response.status_code == 503
        assert response.headers["retry-after"]
        assert (await client.get("/health/ready")).status_code == 503
        assert (await client.get("/health/live")).status_code == 200
