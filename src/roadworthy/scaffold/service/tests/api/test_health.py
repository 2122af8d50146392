"""Probes and metrics."""

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr

from app.main import create_app
from tests.conftest import BASE_URL, SettingsMaker


async def test_live_and_ready(client: httpx.AsyncClient) -> None:
    for path in ("/health/live", "/health/ready"):
        response = await client.get(path)
        assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_ready_on_the_services_own_sessions(
    make_settings: SettingsMaker, database: object
) -> None:
    with TestClient(create_app(make_settings())) as client:
        assert client.get("/health/ready").json() == {"status": "ok"}


async def test_ready_without_redis_is_degraded(
    make_settings: SettingsMaker, database: object
) -> None:
    settings = make_settings(redis_url="redis://127.0.0.1:1", log_level="CRITICAL")
    app: FastAPI = create_app(settings)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
    ):
        response = await client.get("/health/ready")
    assert (response.status_code, response.json()) == (200, {"status": "degraded"})


async def test_metrics_name_routes_and_not_paths(client: httpx.AsyncClient) -> None:
    await client.get("/api/v1/items/4711")
    await client.request("BREW", "/coffee/4711")
    response = await client.get("/metrics")
    assert response.status_code == 200
    assert 'route="/api/v1/items/{item_id}",status="401"' in response.text
    assert 'method="OTHER"' in response.text
    assert "/4711" not in response.text


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer no"}, 401),
        ({"Authorization": "Bearer yes"}, 200),
    ],
)
def test_metrics_can_have_a_token(
    header: dict[str, str], status: int, make_settings: SettingsMaker
) -> None:
    app = create_app(make_settings(metrics_token=SecretStr("yes")))
    with TestClient(app) as client:
        assert client.get("/metrics", headers=header).status_code == status


def test_metrics_of_several_workers_are_added(
    make_settings: SettingsMaker,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = str(tmp_path_factory.mktemp("metrics"))
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", folder)
    app = create_app(make_settings(prometheus_multiproc_dir=folder))
    with TestClient(app) as client:
        assert client.get("/metrics").status_code == 200
