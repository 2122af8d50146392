"""Exchange rates: what becomes of another service's answers and failures."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from fastapi import FastAPI

from app.api.deps import get_client
from app.main import create_app
from tests.conftest import BASE_URL, SettingsMaker

Handler = Callable[[httpx.Request], httpx.Response]
URL = "/api/v1/rates/USD"


@pytest.fixture
async def rates_app(make_settings: SettingsMaker) -> AsyncIterator[FastAPI]:
    """Return an application that knows whom to ask."""
    settings = make_settings(rates_url="https://rates.example", log_level="CRITICAL")
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app
        app.dependency_overrides.clear()


async def ask(app: FastAPI, handler: Handler) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.MockTransport(handler)) as upstream:

        async def get_test_client() -> httpx.AsyncClient:
            return upstream

        app.dependency_overrides[get_client] = get_test_client
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
            return await client.get(URL)


async def test_the_rate_is_passed_on(rates_app: FastAPI) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.params["symbols"] == "USD"
        return httpx.Response(200, json={"date": "2026-01-02", "rates": {"USD": 1.1}})

    response = await ask(rates_app, answer)
    assert response.status_code == 200
    assert response.json() == {"currency": "USD", "date": "2026-01-02", "rate": 1.1}


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (httpx.Response(404), 404),
        (httpx.Response(200, json={"date": "2026-01-02", "rates": {}}), 404),
        (httpx.Response(500, text="the database password is hunter2"), 502),
        (httpx.Response(200, text="nonsense"), 502),
    ],
)
async def test_bad_answers(
    answer: httpx.Response, status: int, rates_app: FastAPI
) -> None:
    response = await ask(rates_app, lambda _: answer)
    assert response.status_code == status
    assert "hunter2" not in response.text


@pytest.mark.parametrize(
    ("error", "status"),
    [(httpx.ConnectError("no"), 502), (httpx.ReadTimeout("no"), 504)],
)
async def test_no_answer(error: Exception, status: int, rates_app: FastAPI) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    assert (await ask(rates_app, fail)).status_code == status


async def test_without_a_service_to_ask(
    client: httpx.AsyncClient, app: FastAPI
) -> None:
    assert (await client.get(URL)).status_code == 404
    shared = await get_client(app.state.resources)
    assert shared.timeout.read is not None
