# Clients and calls without a limit, in modules of services
# file: app/__init__.py
# file: app/clients.py
import aiohttp
import httpx
import requests

forever = httpx.AsyncClient(timeout=None)  # expect: RW315
limited = httpx.AsyncClient(timeout=httpx.Timeout(5.0, read=None))
by_default = httpx.AsyncClient()
NO_LIMIT = aiohttp.ClientTimeout(total=None)  # expect: RW315


def sync_status(url: str) -> int:
    return requests.get(url).status_code  # expect: RW315


def sync_limited(url: str) -> int:
    with requests.Session() as session:
        return session.post(url, timeout=(3, 10)).status_code


def sync_session(url: str) -> int:
    with requests.Session() as session:
        return session.post(url, json={}).status_code  # expect: RW315


async def stream(url: str):
    async with limited.stream("GET", url, timeout=None) as answer:  # expect: RW315
        async for line in answer.aiter_lines():
            yield line
# file: app/main.py
from fastapi import FastAPI

from app import clients

app = FastAPI()


@app.get("/a")
def a() -> int:
    return clients.sync_status("https://x.example") + clients.sync_limited("https://x.example")


@app.get("/b")
def b() -> int:
    return clients.sync_session("https://x.example")


@app.get("/c")
async def c() -> int:
    await clients.forever.get("https://x.example")
    return (await clients.by_default.get("https://x.example")).status_code


@app.get("/d")
async def d() -> list[str]:
    return [line async for line in clients.stream("https://x.example")]
