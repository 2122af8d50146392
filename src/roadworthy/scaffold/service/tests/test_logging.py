"""Logs: one JSON object a line, whatever is in it."""

import json
import logging
from collections.abc import Iterator

import httpx
import pytest
import structlog

from app.core.logging import configure
from app.main import create_app
from tests.conftest import BASE_URL, SettingsMaker
from tests.core.test_settings import PRODUCTION


@pytest.fixture
def restored_logs(make_settings: SettingsMaker) -> Iterator[None]:
    """Log as in the other tests again afterwards."""
    yield
    structlog.contextvars.clear_contextvars()
    configure(make_settings())


async def test_a_request_is_a_line(
    make_settings: SettingsMaker,
    restored_logs: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    values = PRODUCTION | {"allowed_hosts": "testserver", "log_level": "INFO"}
    app = create_app(make_settings(**values))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        response = await client.get("/a%0d%0a%7b%22level%22%3a1%7d")
        await client.get("/health/live")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    requests = [line for line in lines if line["event"] == "request"]
    assert len(requests) == 1
    line = requests[0]
    assert line["path"] == '/a\r\n{"level":1}'
    assert line["status"] == 404
    assert line["request_id"] == response.headers["x-request-id"]


def test_libraries_log_the_same_way(
    make_settings: SettingsMaker,
    restored_logs: None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure(make_settings(**PRODUCTION | {"log_level": "INFO"}))
    try:
        raise ValueError("broken\nline")
    except ValueError:
        logging.getLogger("library").exception("it failed")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    line = json.loads(lines[0])
    assert (line["event"], line["level"]) == ("it failed", "error")
    assert line["exception"][0]["exc_type"] == "ValueError"
