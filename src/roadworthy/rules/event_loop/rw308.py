"""RW308 blocking-network."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("network", "network-log")

RULE = Rule(
    code="RW308",
    name="blocking-network",
    severity="error",
    summary="Sockets, name resolution, mail and message brokers on the event loop.",
    why="The call waits for another machine, a name server included, and all requests wait with it.",
    instead="The asynchronous client: `aiosmtplib`, `aiokafka`, `aio-pika`, `loop.getaddrinfo`, `asyncio.open_connection`.",
    wrong="""\
import smtplib
from fastapi import FastAPI

app = FastAPI()


@app.post("/welcome")
async def welcome(address: str) -> None:
    with smtplib.SMTP("localhost") as server:  # expect: RW308
        server.sendmail("shop@example.com", address, "Welcome")  # expect: RW308
""",
    right="""\
import aiosmtplib
from fastapi import FastAPI

app = FastAPI()


@app.post("/welcome")
async def welcome(address: str) -> None:
    await aiosmtplib.send("Welcome", sender="shop@example.com", recipients=[address])
""",
    fixed="""\
import asyncio
import smtplib
from fastapi import FastAPI

app = FastAPI()


@app.post("/welcome")
async def welcome(address: str) -> None:
    def use_smtp() -> None:
        with smtplib.SMTP("localhost") as server:  # expect: RW308
            server.sendmail("shop@example.com", address, "Welcome")  # expect: RW308

    await asyncio.to_thread(use_smtp)
""",
    fix_summary="It moves the call, or the `with` block that holds the connection, to a thread.",
    fix_safe=False,
    references=("https://aiosmtplib.readthedocs.io/",),
)

__all__ = ["EFFECTS", "RULE", "fix"]
