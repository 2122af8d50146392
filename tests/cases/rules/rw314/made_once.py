# Clients that are made once: in the lifespan, cached, lazily kept, on a shared pool
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated

import httpx
import redis.asyncio as redis
from fastapi import Depends, FastAPI, Request
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine

pool = redis.ConnectionPool.from_url("redis://cache")
transport = httpx.AsyncHTTPTransport()
Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
_client: httpx.AsyncClient | None = None
_by_host: dict[str, httpx.AsyncClient] = {}


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient() as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@lru_cache
def get_client() -> httpx.AsyncClient:
    return make_client()


def make_client() -> httpx.AsyncClient:
    return httpx.AsyncClient()


def get_global() -> httpx.AsyncClient:
    global _client
    if _client is None:
        _client = httpx.AsyncClient()
    return _client


def of_host(host: str) -> httpx.AsyncClient:
    if host not in _by_host:
        _by_host[host] = httpx.AsyncClient(base_url=host)
    return _by_host[host]


def from_cache(host: str) -> httpx.AsyncClient:
    known = _by_host.get(host)
    if known is not None:
        return known
    made = Shared()
    _by_host[host] = made.client
    return made.client


class Service:
    def __init__(self) -> None:
        self._own: httpx.AsyncClient | None = None

    def client(self) -> httpx.AsyncClient:
        if self._own is None:
            client = httpx.AsyncClient()
            self._own = client
        return self._own


class Shared:
    def __init__(self) -> None:
        self.client = httpx.AsyncClient()


service = Service()
shared = Shared()


async def get_db():
    async with Local() as session:
        yield session


@app.get("/")
async def root(
    request: Request,
    client: Annotated[httpx.AsyncClient, Depends(get_client)],
    other: Annotated[httpx.AsyncClient, Depends(get_global)],
    db=Depends(get_db),
) -> None:
    cache = redis.Redis(connection_pool=pool)
    await cache.get("x")
    await of_host("a").get("x")
    await from_cache("a").get("x")
    await service.client().get("x")
    await shared.client.get("x")
    async with httpx.AsyncClient(transport=transport) as through:
        await through.get("x")
