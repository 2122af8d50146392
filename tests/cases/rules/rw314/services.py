# Clients and engines made for each request, in handlers, dependencies and their helpers
# file: app/__init__.py
# file: app/clients.py
import aiohttp
import boto3
import httpx
import redis.asyncio as aioredis
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

shared = httpx.AsyncClient()
engine = create_async_engine("postgresql+asyncpg://db/shop")
make_session = async_sessionmaker(engine)
pool = aioredis.ConnectionPool.from_url("redis://cache")


class Rates:
    async def today(self) -> str:
        async with httpx.AsyncClient(base_url="https://rates.example.com") as client:  # expect: RW314
            return (await client.get("/today")).text


async def weather(city: str) -> str:
    async with aiohttp.ClientSession() as session:  # expect: RW314
        async with session.get(f"https://weather.example.com/{city}") as answer:
            return await answer.text()


def make_engine() -> AsyncEngine:
    return create_async_engine("postgresql+asyncpg://db/other")  # expect: RW314


def store() -> object:
    return boto3.client("s3")  # expect: RW314


async def cached(key: str) -> str | None:
    client = Redis.from_url("redis://cache")  # expect: RW314
    return await client.get(key)


async def pooled(key: str) -> str | None:
    client = aioredis.Redis(connection_pool=pool)
    return await client.get(key)


async def through_shared(path: str) -> str:
    return (await shared.get(path)).text


async def from_factory() -> AsyncSession:
    return make_session()
# file: app/main.py
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request

from app import clients
from app.clients import Rates

router = APIRouter()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient() as client:
        app.state.client = client
        yield


async def get_client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:  # expect: RW314
        yield client


@lru_cache
def get_kept() -> httpx.AsyncClient:
    return httpx.AsyncClient()


def get_shared(request: Request) -> httpx.AsyncClient:
    client: httpx.AsyncClient = request.app.state.client
    return client


@router.get("/a")
async def a(client: Annotated[httpx.AsyncClient, Depends(get_client)]) -> str:
    return (await client.get("https://example.com")).text


@router.get("/b/{city}")
async def b(city: str, rates: Annotated[Rates, Depends()]) -> str:
    return await rates.today() + await clients.weather(city)


@router.get("/c")
async def c() -> str:
    made = clients.make_engine()
    return str(made) + str(clients.store()) + str(await clients.cached("c"))


@router.get("/d")
async def d(
    kept: Annotated[httpx.AsyncClient, Depends(get_kept)],
    shared: Annotated[httpx.AsyncClient, Depends(get_shared)],
) -> str:
    found = await clients.pooled("d")
    await clients.from_factory()
    return str(found) + await clients.through_shared("https://example.com")


app = FastAPI(lifespan=lifespan)
app.include_router(router)
