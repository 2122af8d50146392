"""What the service holds while it runs: made at the start, closed at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import httpx
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from app.core.accounts import AccountCache
from app.core.http import make_client
from app.core.mail_queue import Outbox, open_outbox
from app.core.rate_limit import Limits, make_limits
from app.core.security import Passwords, Tokens
from app.core.settings import Settings
from app.db.session import Database


@dataclass(frozen=True, slots=True)
class Resources:
    """Everything that requests share."""

    settings: Settings
    database: Database
    passwords: Passwords
    tokens: Tokens
    accounts: AccountCache
    limits: Limits
    client: httpx.AsyncClient
    redis: Redis | None
    outbox: Outbox


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncIterator[Resources]:
    """Open everything; nothing is connected before it is needed."""
    async with AsyncExitStack() as stack:
        database = Database.connect(settings)
        stack.push_async_callback(database.close)
        redis = connect_redis(settings)
        if redis is not None:
            stack.push_async_callback(redis.aclose)
        client = await stack.enter_async_context(make_client(settings))
        outbox = await stack.enter_async_context(open_outbox(settings))
        yield Resources(
            settings=settings,
            database=database,
            passwords=await asyncio.to_thread(Passwords, settings),
            tokens=Tokens(settings),
            accounts=AccountCache(settings.account_cache_seconds),
            limits=make_limits(settings, redis),
            client=client,
            redis=redis,
            outbox=outbox,
        )


def connect_redis(settings: Settings) -> Redis | None:
    """Return the client of the configured Redis."""
    if settings.redis_url is None:
        return None
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=settings.redis_seconds,
        socket_connect_timeout=settings.redis_seconds,
        retry=Retry(NoBackoff(), 0),  # limits do without Redis rather than wait for it
    )
