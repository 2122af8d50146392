"""Rate limits: in memory, or in Redis where every worker shares them.

`fastapi-limiter` gives the dependency and `pyrate-limiter` the algorithm. What is
changed: a client is told by the address of the connection, not by a header that anyone
can send; each client has a limit of its own; and when Redis is gone, each worker limits
by itself.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from math import ceil
from typing import Final

import structlog
from fastapi import Request, Response
from fastapi_limiter.depends import RateLimiter
from pyrate_limiter import (
    Duration,
    InMemoryBucket,
    Limiter,
    Rate,
    SingleBucketFactory,
)
from pyrate_limiter.abstracts import GCRA, Decision
from pyrate_limiter.buckets import InMemoryStateStore
from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import RedisError
from starlette.requests import HTTPConnection

from app.core.errors import TooManyRequestsError
from app.core.settings import Settings

log = structlog.stdlib.get_logger(__name__)

MOST_CLIENTS: Final = 50_000
REDIS_PAUSE_SECONDS: Final = 5.0
#: What a provider gives to one customer; single addresses in it cost nothing.
IPV6_PREFIX: Final = 64
UNKNOWN: Final = "unknown"


class ClientLimiter:
    """One limit, kept for each client by itself."""

    def __init__(self, name: str, rate: Rate, redis: Redis | None = None) -> None:
        self.name = name
        self.rates = [rate]
        self.algorithm = GCRA()
        self.script = None if redis is None else register(redis, self.algorithm)
        self.redis_pause_until = 0.0
        self.local: OrderedDict[str, InMemoryStateStore] = OrderedDict()

    async def seconds_to_wait(self, client: str) -> int:
        """Count a request; return 0, or in how many seconds another one is allowed."""
        decision = await self.check_shared(client) or self.check_local(client)
        if decision.allowed:
            return 0
        return max(1, ceil((decision.retry_after_ms or 0) / 1000))

    async def check_shared(self, client: str) -> Decision | None:
        """Ask Redis; None without one, or while it cannot be reached."""
        if self.script is None or time.monotonic() < self.redis_pause_until:
            return None
        rate = self.rates[0]
        forget = ceil(2 * rate.burst * rate.interval / rate.limit)
        now = int(time.time() * 1000)
        try:
            failing, wait = await self.script(
                keys=[f"limit:{self.name}:{client}"],
                args=[now, 1, forget, 1, *self.algorithm.redis_args(self.rates)],
            )
        except (RedisError, OSError) as error:
            self.redis_pause_until = time.monotonic() + REDIS_PAUSE_SECONDS
            log.warning("rate_limit_local", limit=self.name, exc_info=error)
            return None
        return Decision() if failing < 0 else Decision(rate, wait)

    def check_local(self, client: str) -> Decision:
        """Ask this process's own memory, which forgets the clients seen longest ago."""
        store = self.local.get(client)
        if store is None:
            store = self.local[client] = InMemoryStateStore()
            if len(self.local) > MOST_CLIENTS:
                self.local.popitem(last=False)
        else:
            self.local.move_to_end(client)
        now = int(time.monotonic() * 1000)
        decision: Decision = store.check(  # type: ignore[no-untyped-call]
            self.algorithm, self.rates, now, 1
        )
        return decision


def register(redis: Redis, algorithm: GCRA) -> AsyncScript:
    """Return the algorithm as a script, which Redis runs as one step."""
    script = algorithm.redis_script()
    assert script is not None  # noqa: S101
    return redis.register_script(script)


Limits = Mapping[str, ClientLimiter]


def make_limits(settings: Settings, redis: Redis | None) -> Limits:
    """Return the limits by name; none at all where they are switched off."""
    if not settings.rate_limit_enabled:
        return {}
    rates = {
        "api": Rate(settings.rate_limit_per_minute, Duration.MINUTE),
        "auth": Rate(settings.auth_rate_limit_per_minute, Duration.MINUTE),
        "mail": Rate(settings.mail_rate_limit_per_hour, Duration.HOUR),
    }
    return {name: ClientLimiter(name, rate, redis) for name, rate in rates.items()}


async def client_address(connection: HTTPConnection) -> str:
    """Tell a client by the address of its connection.

    Behind a proxy the server puts the right one there, if it trusts that proxy
    (`FORWARDED_ALLOW_IPS`); no header is read here.
    """
    client = connection.client
    return UNKNOWN if client is None else network_of(client.host)


@lru_cache(maxsize=4096)
def network_of(host: str) -> str:
    """Return the address, or of IPv6 the network, that is limited together."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return UNKNOWN
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    network = ipaddress.ip_network((int(address), IPV6_PREFIX), strict=False)
    return str(network)


#: Which limiter counts is known only when an application runs, so this one never does.
UNBOUND: Final = Limiter(
    SingleBucketFactory(InMemoryBucket([Rate(1, 1)]), schedule_leak=False)
)


class RateLimit(RateLimiter):
    """A dependency that lets a client through, or answers 429 with `Retry-After`."""

    def __init__(self, name: str) -> None:
        super().__init__(UNBOUND, identifier=client_address)
        self.name = name

    async def __call__(self, request: Request, response: Response) -> None:
        limits: Limits = request.app.state.resources.limits
        limiter = limits.get(self.name)
        if limiter is None:
            return
        seconds = await limiter.seconds_to_wait(await self.identifier(request))
        if seconds:
            raise TooManyRequestsError(seconds)
