"""What every request passes through."""

import asyncio
import json
import re
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn
from fastapi import BackgroundTasks, FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from app.core import middleware
from app.core.middleware import BodyLimit, RequestContext
from app.main import create_app
from tests.conftest import BASE_URL, SettingsMaker

HTTPS_ONLY = "strict-transport-security"


async def test_answers_carry_the_security_headers(client: httpx.AsyncClient) -> None:
    headers = (await client.get("/health/live")).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert HTTPS_ONLY not in headers


async def test_the_documentation_can_load_its_scripts(
    client: httpx.AsyncClient,
) -> None:
    response = await client.get("/docs")
    assert response.status_code == 200
    assert "content-security-policy" not in response.headers


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-1.2_3", True), ("a b", False), ("a" * 65, False), ("é", False), ("", False)],
)
async def test_request_ids_are_kept_if_they_are_harmless(
    given: str, kept: bool, client: httpx.AsyncClient
) -> None:
    headers = [(b"X-Request-ID", given.encode())]
    response = await client.get("/nothing", headers=headers)
    answered = response.headers["x-request-id"]
    assert (answered == given) is kept
    assert answered
    assert response.json()["request_id"] == answered


async def test_foreign_hosts_are_refused(client: httpx.AsyncClient) -> None:
    for host in ("evil.example", "", "testserver.evil.example", "evil.example:80"):
        response = await client.get("/api/v1/items", headers={"Host": host})
        assert response.status_code == 400
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("example.com", 404),
        ("EXAMPLE.com:8000", 404),
        ("api.example.org", 404),
        ("example.org", 400),
        ("evil-example.org", 400),
    ],
)
async def test_hosts_are_named_whole_or_by_their_domain(
    host: str, status: int, make_settings: SettingsMaker
) -> None:
    app = create_app(make_settings(allowed_hosts="example.com,*.example.org"))
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        response = await client.get("/nothing", headers={"Host": host})
        assert response.status_code == status
        probe = await client.get("/health/live", headers={"Host": host})
        assert probe.status_code == 200


async def test_only_known_origins_are_allowed(
    make_settings: SettingsMaker,
) -> None:
    app = create_app(make_settings(cors_origins="https://example.com"))
    asked = {"Access-Control-Request-Method": "GET"}
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        for origin, allowed in (
            ("https://example.com", "https://example.com"),
            ("https://evil.example", None),
        ):
            response = await client.options(
                "/api/v1/items", headers=asked | {"Origin": origin}
            )
            given = response.headers.get("access-control-allow-origin")
            assert given == allowed


async def test_announced_bodies_are_bounded(client: httpx.AsyncClient) -> None:
    body = json.dumps({"refresh_token": "a" * 2_000_000})
    response = await client.post("/api/v1/auth/refresh", content=body)
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


async def test_bodies_in_chunks_are_bounded(client: httpx.AsyncClient) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(200):
            yield b"a" * 10_000

    headers = {"Content-Type": "application/json"}
    response = await client.post(
        "/api/v1/auth/refresh", content=chunks(), headers=headers
    )
    assert response.status_code == 413


@pytest.mark.parametrize("announced", [True, False])
async def test_who_sends_too_much_reads_the_answer(
    make_settings: SettingsMaker, announced: bool
) -> None:
    """A connection that closes while the client still sends would be reset."""

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(300):
            yield b"a" * 10_000

    config = uvicorn.Config(create_app(make_settings()), port=0, log_config=None)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 - there is no event to wait for
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://localhost:{port}") as client:
            response = await client.post(
                "/api/v1/auth/refresh",
                content=b"a" * 3_000_000 if announced else chunks(),
                headers={"Content-Type": "application/json"},
            )
    finally:
        server.should_exit = True
        await serving
    assert response.status_code == 413
    assert response.headers["connection"] == "close"


async def test_draining_a_body_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return {"type": "http.request", "body": b"a" * 1000, "more_body": True}

    monkeypatch.setattr(middleware, "MOST_DRAINED", 5000)
    await middleware.drain(receive, asyncio.get_running_loop().time() + 60)
    assert taken == 5

    async def never() -> Message:
        return await asyncio.Future()

    await middleware.drain(never, asyncio.get_running_loop().time() + 0.05)


async def test_bodies_have_to_arrive_in_time(make_settings: SettingsMaker) -> None:
    app = create_app(make_settings(body_seconds=0.05))

    async def chunks() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(5)
        yield b"}"

    transport = httpx.ASGITransport(app)
    headers = {"Content-Type": "application/json"}
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
    ):
        response = await client.post(
            "/api/v1/auth/refresh", content=chunks(), headers=headers
        )
    assert response.status_code == 408


async def test_other_kinds_of_connections_pass() -> None:
    seen: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        raise AssertionError

    app = RequestContext(BodyLimit(inner, max_bytes=1, seconds=1), https_only=True)
    await app({"type": "lifespan"}, receive, send)
    assert seen == ["lifespan"]


async def test_a_failure_after_the_answer_began_is_raised() -> None:
    sent: list[Message] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise ValueError

    async def receive() -> Message:
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    app = RequestContext(inner, https_only=True)
    scope = {"type": "http", "method": "GET", "path": "/", "headers": []}
    with pytest.raises(ValueError):
        await app(scope, receive, send)
    assert len(sent) == 1
    assert HTTPS_ONLY.encode() in dict(sent[0]["headers"])


def test_a_failure_inside_tells_nothing(app_with_a_bug: FastAPI) -> None:
    with TestClient(app_with_a_bug) as client:
        response = client.get("/bug")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == response.json()["request_id"]
    assert "password" not in response.text


@pytest.fixture
def app_with_a_bug(make_settings: SettingsMaker) -> FastAPI:
    """Return an application with a route that fails."""
    app = create_app(make_settings(log_level="CRITICAL"))

    @app.get("/bug")
    async def bug() -> None:
        raise RuntimeError("the password is hunter2")

    return app


async def test_the_time_of_a_request_ends_with_its_answer(
    make_settings: SettingsMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(make_settings())
    moments = [1.0]
    monkeypatch.setattr(middleware, "perf_counter", lambda: moments[-1])

    @app.get("/slow-afterwards")
    async def slow_afterwards(background: BackgroundTasks) -> None:
        background.add_task(moments.append, 60.0)

    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
    ):
        await client.get("/slow-afterwards")
        metrics = (await client.get("/metrics")).text
    found = re.search(r'_sum\{.*"/slow-afterwards".*\} (\S+)', metrics)
    assert found is not None
    assert moments[-1] == 60
    assert float(found[1]) == 0
