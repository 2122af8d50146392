# Addresses of the client, requested through shared clients and services
# file: app/__init__.py
# file: app/http.py
import httpx
from fastapi import Request


class Fetcher:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def text(self, url: str) -> str:
        answer = await self.client.get(url, timeout=5)  # expect: RW620
        return answer.text

    async def item(self, key: str) -> str:
        answer = await self.client.get(f"https://stock.example/items/{key}")
        return answer.text


def fetcher(request: Request) -> Fetcher:
    return Fetcher(request.app.state.client)
# file: app/schemas.py
from pydantic import BaseModel, HttpUrl


class Webhook(BaseModel):
    url: HttpUrl
    event: str


class Avatar(BaseModel):
    source: str
    host: str
# file: app/main.py
from contextlib import asynccontextmanager
from typing import Annotated
from urllib.parse import urlparse

import aiohttp
import httpx
from fastapi import Depends, FastAPI, HTTPException

from app.http import Fetcher, fetcher
from app.schemas import Avatar, Webhook

ALLOWED = {"images.example", "cdn.example"}


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient() as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)
Fetch = Annotated[Fetcher, Depends(fetcher)]


@app.get("/preview")
async def preview(url: str, fetch: Fetch) -> str:
    return await fetch.text(url)


@app.get("/items/{key}")
async def item(key: str, fetch: Fetch) -> str:
    return await fetch.item(key)


@app.post("/webhooks")
async def test_webhook(hook: Webhook) -> int:
    async with httpx.AsyncClient(timeout=5) as client:
        answer = await client.post(str(hook.url), json={"event": hook.event})  # expect: RW620
    return answer.status_code


@app.post("/avatars")
async def avatar(body: Avatar) -> int:
    if urlparse(body.source).hostname not in ALLOWED:
        raise HTTPException(400)
    async with httpx.AsyncClient(timeout=5) as client:
        return (await client.get(body.source)).status_code


@app.post("/hosts")
async def host(body: Avatar) -> int:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"https://{body.host}/status") as answer:  # expect: RW620
            return answer.status
