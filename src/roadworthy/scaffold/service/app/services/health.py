"""Whether the service can do its work."""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import select

from app.core.errors import DatabaseUnavailableError
from app.db.reader import Reader
from app.schemas.health import Health

log = structlog.stdlib.get_logger(__name__)
CHECK_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class HealthService:
    """Asks what the service relies on."""

    reader: Reader
    redis: Redis | None

    async def check(self) -> Health:
        """Return how things are; raise `DatabaseUnavailableError`."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await self.reader.one_or_none(select(1), {})
        except TimeoutError as error:
            raise DatabaseUnavailableError from error
        return Health(status="ok" if await self.redis_answers() else "degraded")

    async def redis_answers(self) -> bool:
        """Whether Redis answers, if there is one. Limits work without it."""
        if self.redis is None:
            return True
        try:
            await self.redis.ping()
        except (RedisError, OSError) as error:
            log.warning("redis_unavailable", exc_info=error)
            return False
        return True
