"""Rate limits: for each client by itself, by an address that nobody can choose."""

import os
from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from pyrate_limiter import Duration, Rate
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from starlette.requests import HTTPConnection

from app.core import rate_limit
from app.core.rate_limit import ClientLimiter, client_address
from app.main import create_app
from tests.conftest import BASE_URL, SettingsMaker

LOGIN = "/api/v1/auth/login"
FORM = {"username": "nobody@example.com", "password": "wrong"}
REDIS_URL = os.environ.get("TEST_REDIS_URL")


@pytest.fixture
async def limited(
    make_settings: SettingsMaker, database: object
) -> AsyncIterator[FastAPI]:
    """Return an application that limits its clients."""
    app = create_app(
        make_settings(rate_limit_enabled=True, auth_rate_limit_per_minute=3)
    )
    async with app.router.lifespan_context(app):
        yield app


def client_from(app: FastAPI, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, client=(address, 1234))
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL)


async def test_the_client_waits_and_others_do_not(limited: FastAPI) -> None:
    async with client_from(limited, "192.0.2.1") as client:
        answers = [await client.post(LOGIN, data=FORM) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].headers["content-type"] == "application/problem+json"
    async with client_from(limited, "192.0.2.2") as client:
        assert (await client.post(LOGIN, data=FORM)).status_code == 401


async def test_headers_do_not_make_another_client(limited: FastAPI) -> None:
    async with client_from(limited, "192.0.2.3") as client:
        answers = [
            await client.post(
                LOGIN, data=FORM, headers={"X-Forwarded-For": f"198.51.100.{number}"}
            )
            for number in range(4)
        ]
    assert answers[-1].status_code == 429


async def test_the_limit_of_logins_leaves_the_rest_alone(limited: FastAPI) -> None:
    async with client_from(limited, "192.0.2.4") as client:
        for _ in range(4):
            await client.post(LOGIN, data=FORM)
        assert (await client.get("/api/v1/items")).status_code == 401


@pytest.mark.parametrize(
    ("host", "told_as"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("testclient", "unknown"),
        (None, "unknown"),
    ],
)
async def test_clients_are_told_by_their_address(
    host: str | None, told_as: str
) -> None:
    client = None if host is None else (host, 1)
    connection = HTTPConnection({"type": "http", "client": client, "headers": []})
    assert await client_address(connection) == told_as


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_CLIENTS", 2)
    limiter = ClientLimiter("test", Rate(1, Duration.HOUR))
    for client in ("a", "b", "a", "c"):
        await limiter.seconds_to_wait(client)
    assert list(limiter.local) == ["a", "c"]


async def test_without_redis_each_worker_limits_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    redis = Redis.from_url("redis://127.0.0.1:1", retry=Retry(NoBackoff(), 0))
    limiter = ClientLimiter("test", Rate(1, Duration.HOUR), redis)
    assert await limiter.seconds_to_wait("a") == 0
    assert await limiter.seconds_to_wait("a") > 0

    async def refuse(*_: object, **__: object) -> None:
        raise RedisConnectionError

    monkeypatch.setattr(redis, "execute_command", refuse)
    limiter.redis_pause_until = 0
    assert await limiter.seconds_to_wait("b") == 0
    assert limiter.redis_pause_until > 0
    await redis.aclose()


@pytest.mark.skipif(REDIS_URL is None, reason="TEST_REDIS_URL is not set")
async def test_workers_share_what_redis_holds() -> None:
    assert REDIS_URL is not None
    name = f"test-{uuid4()}"
    async with Redis.from_url(REDIS_URL) as redis:
        workers = [ClientLimiter(name, Rate(2, Duration.HOUR), redis) for _ in range(2)]
        waits = [await worker.seconds_to_wait("a") for worker in workers * 2]
        assert [wait > 0 for wait in waits] == [False, False, True, True]
        assert await workers[0].seconds_to_wait("b") == 0
        assert await redis.pttl(f"limit:{name}:a") > 0
