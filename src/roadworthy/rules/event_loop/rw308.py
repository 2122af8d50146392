"""RW308 blocking-network."""

from __future__ import annotations

from roadworthy.rules.base import Rule

EFFECTS = ("network",)

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
    references=("https://aiosmtplib.readthedocs.io/",),
)
