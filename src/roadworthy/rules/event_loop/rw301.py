"""RW301 blocking-http."""

from __future__ import annotations

from roadworthy.rules.base import Rule

EFFECTS = ("http",)

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
    references=(
        "https://fastapi.tiangolo.com/async/",
        "https://www.python-httpx.org/async/",
    ),
)
