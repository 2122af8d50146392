"""Mails: straight to the mail server, or through the durable queue."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import Message as Email
from typing import Any

import pytest
from aiosmtplib import SMTP, SMTPConnectError
from redis.asyncio import Redis
from taskiq.receiver import Receiver

from app.core import mail_queue
from app.core.mail import Mail, compose, deliver, deliver_or_log
from app.core.mail_queue import make_queue, open_outbox
from tests.conftest import SettingsMaker

MAIL = Mail(to="a@example.com", subject="Hello", text="World\n")
REDIS_URL = os.environ.get("TEST_REDIS_URL")
Sent = list[Email]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Sent:
    """Return the mails that a mail server takes."""
    taken: Sent = []

    async def connect(*_: Any, **__: Any) -> None:
        return None

    async def send(self: SMTP, message: Email, **_: Any) -> None:
        taken.append(message)

    monkeypatch.setattr(SMTP, "__aenter__", connect)
    monkeypatch.setattr(SMTP, "__aexit__", connect)
    monkeypatch.setattr(SMTP, "send_message", send)
    return taken


async def test_mails_reach_the_mail_server(
    make_settings: SettingsMaker, sent: Sent
) -> None:
    await deliver(make_settings(smtp_host="mail.example.com"), MAIL)
    assert sent[0]["To"] == MAIL.to
    assert sent[0].get_payload() == MAIL.text


async def test_without_a_mail_server_mails_are_logged(
    make_settings: SettingsMaker, sent: Sent
) -> None:
    await deliver(make_settings(), MAIL)
    assert sent == []


@pytest.mark.parametrize("field", ["to", "subject"])
def test_headers_have_one_line(field: str) -> None:
    mail = MAIL.model_copy(update={field: "a@example.com\r\nBcc: b@example.com"})
    with pytest.raises(ValueError, match=r"linefeed|newline|line"):
        compose(mail, "from@example.com")


async def test_a_mail_server_that_hangs_costs_its_time_limit(
    make_settings: SettingsMaker,
) -> None:
    async def say_nothing(
        _: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await asyncio.sleep(0.5)
        writer.close()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    async with server:
        settings = make_settings(
            smtp_host="127.0.0.1",
            smtp_port=server.sockets[0].getsockname()[1],
            smtp_seconds=0.1,
            log_level="CRITICAL",
        )
        async with asyncio.timeout(5):
            await deliver_or_log(settings, MAIL)


async def test_the_queue_takes_mails(
    make_settings: SettingsMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = make_settings(mail_queue=True, redis_url="redis://127.0.0.1:1")
    queue = make_queue(settings)
    queued: list[Mail] = []

    async def nothing() -> None:
        return None

    async def kiq(mail: Mail) -> None:
        queued.append(mail)

    monkeypatch.setattr(queue.broker, "startup", nothing)
    monkeypatch.setattr(queue.broker, "shutdown", nothing)
    monkeypatch.setattr(queue.send, "kiq", kiq)
    monkeypatch.setattr(mail_queue, "make_queue", lambda _: queue)
    async with open_outbox(settings) as outbox:
        await outbox(MAIL)
    assert queued == [MAIL]


async def test_without_the_queue_mails_are_delivered_at_once(
    make_settings: SettingsMaker, sent: Sent
) -> None:
    settings = make_settings(
        mail_queue=True,
        redis_url="redis://127.0.0.1:1",
        smtp_host="mail.example.com",
        log_level="CRITICAL",
    )
    async with open_outbox(settings) as outbox:
        await outbox(MAIL)
    assert len(sent) == 1


async def test_the_queue_needs_redis(make_settings: SettingsMaker) -> None:
    with pytest.raises(ValueError, match="REDIS_URL"):
        make_queue(make_settings())


@pytest.mark.skipif(REDIS_URL is None, reason="TEST_REDIS_URL is not set")
async def test_the_worker_delivers_and_tries_again(
    make_settings: SettingsMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert REDIS_URL is not None
    async with empty_queue(REDIS_URL):
        settings = make_settings(
            mail_queue=True, redis_url=REDIS_URL, mail_retry_seconds=0.1
        )
        attempts: list[Mail] = []

        async def fail_once(_: object, mail: Mail) -> None:
            attempts.append(mail)
            if len(attempts) == 1:
                raise SMTPConnectError("gone")

        monkeypatch.setattr(mail_queue, "deliver", fail_once)
        queue = make_queue(settings)
        await queue.broker.startup()
        await queue.send.kiq(MAIL)
        await run_worker(queue, attempts)
        await queue.broker.shutdown()
    assert attempts == [MAIL, MAIL]


async def run_worker(queue: mail_queue.MailQueue, attempts: list[Mail]) -> None:
    """Work on the queue until the mail has been tried twice."""
    receiver = Receiver(queue.broker, max_async_tasks=1)
    finish = asyncio.Event()
    work = asyncio.create_task(receiver.listen(finish))
    async with asyncio.timeout(20):
        while len(attempts) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    finish.set()
    await work


@asynccontextmanager
async def empty_queue(url: str) -> AsyncIterator[None]:
    """Remove what the queue holds, before and after."""
    async with Redis.from_url(url) as redis:
        await redis.delete("mail")
        yield
        await redis.delete("mail")
