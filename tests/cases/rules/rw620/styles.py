# More ways in which a client directs a request: classes, models, forms, headers, tasks
# file: app/__init__.py
# file: app/models.py
from pydantic import BaseModel, Field


class Webhook(BaseModel):
    url: str
    events: list[str] = []


class Batch(BaseModel):
    webhooks: list[Webhook]


class Patterned(BaseModel):
    url: str = Field(pattern=r"^https://example\.com/")
# file: app/base.py
import abc
from typing import Any

import httpx


class Notifier(abc.ABC):
    @abc.abstractmethod
    async def send(self, url: str, event: str) -> int: ...


class HttpNotifier(Notifier):
    def __init__(self) -> None:
        self.client = httpx.AsyncClient()

    async def send(self, url: str, event: str) -> int:
        answer = await self.client.post(url, json={"event": event})  # expect: RW620
        return answer.status_code


async def fetch_all(urls: list[str]) -> list[Any]:
    found = []
    async with httpx.AsyncClient() as client:
        for url in urls:
            found.append((await client.get(url)).json())  # expect: RW620
    return found
# file: app/main.py
import asyncio
from typing import Annotated, Any

import aiohttp
import httpx
import requests
from fastapi import Depends, FastAPI, Header, HTTPException, Path, Request
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.base import HttpNotifier, Notifier, fetch_all
from app.models import Batch, Patterned, Webhook

SERVICES = {"stock": "https://stock.example.com", "price": "https://price.example.com"}
make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
app = FastAPI()


class Base(DeclarativeBase):
    pass


class Feed(Base):
    __tablename__ = "feeds"
    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str]


def get_notifier() -> Notifier:
    return HttpNotifier()


@app.post("/test")
async def test_hook(hook: Webhook, notifier: Annotated[Notifier, Depends(get_notifier)]) -> int:
    return await notifier.send(hook.url, "test")


@app.post("/batch")
async def batch(data: Batch) -> list[Any]:
    return await fetch_all([hook.url for hook in data.webhooks])


@app.get("/proxy/{url:path}")
async def proxy(url: Annotated[str, Path()]) -> str:
    async with aiohttp.ClientSession() as session, session.get("http://" + url) as answer:  # expect: RW620
        return await answer.text()


@app.post("/header")
def by_header(x_callback: Annotated[str, Header()]) -> int:
    with requests.Session() as session:
        return session.post(x_callback, timeout=3).status_code  # expect: RW620


@app.get("/thread")
async def in_thread(url: str) -> int:
    answer = await asyncio.to_thread(requests.get, url, timeout=3)  # expect: RW620
    return answer.status_code


@app.get("/service/{name}")
async def service(name: str) -> Any:
    base = SERVICES.get(name)
    if base is None:
        raise HTTPException(404)
    async with httpx.AsyncClient() as client:
        return (await client.get(base)).json()


@app.post("/patterned")
async def patterned(data: Patterned) -> Any:
    async with httpx.AsyncClient() as client:
        return (await client.get(data.url)).json()


@app.get("/feeds/{key}")
async def feed(key: int) -> Any:
    async with make_session() as session:
        found = await session.get_one(Feed, key)
    async with httpx.AsyncClient(base_url="https://feeds.example.com") as client:
        return (await client.get(found.path)).json()
