"""Which way mails go: straight to the mail server, or through the durable queue."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import structlog
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from taskiq import AsyncBroker, SmartRetryMiddleware
from taskiq.decor import AsyncTaskiqDecoratedTask
from taskiq.exceptions import TaskiqError
from taskiq_redis import RedisStreamBroker

from app.core.mail import Mail, deliver, deliver_or_log
from app.core.settings import Settings

log = structlog.stdlib.get_logger(__name__)

Outbox = Callable[[Mail], Awaitable[None]]
LONGEST_WAIT_SECONDS: Final = 3600
QUEUE_ERRORS: Final = (TaskiqError, RedisError, OSError)


@dataclass(frozen=True, slots=True)
class MailQueue:
    """A queue in Redis, and the task that delivers what it holds."""

    broker: AsyncBroker
    send: AsyncTaskiqDecoratedTask[[Mail], Any]


def make_queue(settings: Settings) -> MailQueue:
    """Return the queue; raise `ValueError` without Redis to hold it."""
    if settings.redis_url is None:
        raise ValueError("the mail queue needs REDIS_URL")
    broker = RedisStreamBroker(
        settings.redis_url.get_secret_value(),
        queue_name="mail",
        consumer_group_name="mail",
        consumer_id="0",  # what was queued before the first worker started counts too
        socket_connect_timeout=settings.redis_seconds,
        retry=Retry(NoBackoff(), 0),
    ).with_middlewares(
        SmartRetryMiddleware(
            default_retry_count=settings.mail_retries,
            default_retry_label=True,
            default_delay=settings.mail_retry_seconds,
            use_jitter=True,
            use_delay_exponent=True,
            max_delay_exponent=LONGEST_WAIT_SECONDS,
        )
    )

    @broker.task(task_name="send_mail")
    async def send_mail(mail: Mail) -> None:
        """Deliver a mail; a failure brings it back later."""
        await deliver(settings, mail)

    return MailQueue(broker, send_mail)


@asynccontextmanager
async def open_outbox(settings: Settings) -> AsyncIterator[Outbox]:
    """Return what to hand mails to, as a background task of the request."""
    if not settings.mail_queue:
        yield partial(deliver_or_log, settings)
        return
    queue = make_queue(settings)

    async def enqueue(mail: Mail) -> None:
        """Queue a mail; without the queue, deliver it from here rather than lose it."""
        try:
            await queue.send.kiq(mail)
        except QUEUE_ERRORS:
            log.exception("mail_queue_unavailable")
            await deliver_or_log(settings, mail)

    try:
        await queue.broker.startup()
    except QUEUE_ERRORS:
        log.exception("mail_queue_unavailable")
    try:
        yield enqueue
    finally:
        await queue.broker.shutdown()
