# Calls without a limit, in wrappers, sessions and constants
# file: app/__init__.py
# file: app/config.py
NO_LIMIT = None
LIMIT = 5.0
# file: app/clients.py
from typing import Any
from urllib.request import urlopen

import aiohttp
import httpx
import requests
from requests import get as fetch

from app.config import LIMIT, NO_LIMIT

session = requests.Session()


class Client:
    def __init__(self) -> None:
        self.http = httpx.AsyncClient(timeout=None)  # expect: RW315
        self.limited = httpx.AsyncClient(timeout=LIMIT)
        self.plain = httpx.AsyncClient()

    async def today(self) -> str:
        return (await self.limited.get("https://example.com", timeout=None)).text  # expect: RW315

    async def plainly(self) -> str:
        return (await self.plain.get("https://example.com")).text


def by_function(url: str) -> str:
    return requests.get(url).text  # expect: RW315


def by_session(url: str) -> str:
    return session.post(url, json={}).text  # expect: RW315


def renamed(url: str) -> str:
    return fetch(url).text  # expect: RW315


def limited(url: str) -> str:
    return requests.get(url, timeout=(3, 10)).text


def by_constant(url: str) -> str:
    return requests.get(url, timeout=NO_LIMIT).text  # expect: RW315


def opened(url: str) -> bytes:
    return bytes(urlopen(url).read())  # expect: RW315


async def endless() -> Any:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as http:  # expect: RW315
        async with http.get("https://example.com") as answer:
            return await answer.json()


async def bounded() -> Any:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        async with http.get("https://example.com") as answer:
            return await answer.json()


def passed(url: str, timeout: float = 3) -> str:
    return requests.get(url, timeout=timeout).text


def unlimited_httpx(url: str) -> str:
    return httpx.get(url, timeout=None).text  # expect: RW315
# file: app/main.py
from typing import Any

from fastapi import FastAPI

from app import clients

app = FastAPI()
client = clients.Client()


@app.get("/")
async def root(url: str) -> list[Any]:
    return [await client.today(), await client.plainly(), await clients.endless(), await clients.bounded()]


@app.get("/sync")
def sync(url: str) -> list[Any]:
    return [
        clients.by_function(url),
        clients.by_session(url),
        clients.renamed(url),
        clients.limited(url),
        clients.by_constant(url),
        clients.opened(url),
        clients.passed(url),
        clients.unlimited_httpx(url),
    ]
