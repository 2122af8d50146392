"""The OpenAPI document says what the service does."""

from typing import Any

import httpx
import pytest

from app.main import create_app
from tests.conftest import BASE_URL, SettingsMaker
from tests.core.test_settings import PRODUCTION

PROBLEM = {"application/problem+json"}


@pytest.fixture
async def document(client: httpx.AsyncClient) -> dict[str, Any]:
    """Return the document."""
    found: dict[str, Any] = (await client.get("/openapi.json")).json()
    return found


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation for path in document["paths"].values() for operation in path.values()
    ]


async def test_every_problem_has_its_media_type(document: dict[str, Any]) -> None:
    for operation in operations(document):
        responses = operation["responses"]
        failures = {status for status in responses if status >= "4"}
        assert failures >= {"400", "422", "429", "500", "503"}
        assert all(
            responses[status]["content"].keys() == PROBLEM for status in failures
        )
        assert ("413" in responses) is ("requestBody" in operation)


async def test_what_needs_a_token_says_so(document: dict[str, Any]) -> None:
    for operation in operations(document):
        if "security" in operation:
            assert {"401", "403"} <= operation["responses"].keys()


async def test_production_does_not_publish_it(make_settings: SettingsMaker) -> None:
    app = create_app(make_settings(**PRODUCTION | {"allowed_hosts": "testserver"}))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        for path in ("/openapi.json", "/docs", "/redoc"):
            assert (await client.get(path)).status_code == 404
