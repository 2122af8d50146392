"""RW301 blocking-http."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("http", "http-log")

RULE = Rule(
    code="RW301",
    name="blocking-http",
    severity="error",
    summary="An HTTP request on the event loop that waits for its answer.",
    why="While the request waits for the other server, this server answers nobody: one event loop runs all requests, and a blocking call stops it whole.",
    instead="Use an asynchronous client (`httpx.AsyncClient`, or the SDK's own) and await it; where there is none, `await asyncio.to_thread(...)`.",
    wrong="""\
import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates")
async def read_rates() -> dict[str, float]:
    return requests.get("https://example.com/rates", timeout=5).json()  # expect: RW301
""",
    right="""\
import httpx
from fastapi import FastAPI

app = FastAPI()
client = httpx.AsyncClient(timeout=5)


@app.get("/rates")
async def read_rates() -> dict[str, float]:
    response = await client.get("https://example.com/rates")
    return response.json()
""",
    fixed="""\
import asyncio

import requests
from fastapi import FastAPI

app = FastAPI()


@app.get("/rates")
async def read_rates() -> dict[str, float]:
    return (
        await asyncio.to_thread(requests.get, "https://example.com/rates", timeout=5)
    ).json()  # expect: RW301
""",
    fix_summary="It moves the call to a thread (`await asyncio.to_thread(...)`). Where the project has `httpx` or `httpx2`, calls of `requests` become calls of one asynchronous client that the application shares, with the exceptions that are caught. With `--deep` the functions between the loop and the request become asynchronous.",
    fix_safe=False,
    references=(
        "https://fastapi.tiangolo.com/async/",
        "https://www.python-httpx.org/async/",
    ),
)

__all__ = ["EFFECTS", "RULE", "fix"]
