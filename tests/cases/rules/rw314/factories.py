# Clients made by helper classes and dependencies, and those of the application
# file: app/__init__.py
# file: app/clients.py
from contextlib import asynccontextmanager
from functools import lru_cache

import aioboto3
import httpx
from fastapi import Request
from motor.motor_asyncio import AsyncIOMotorClient
from openai import AsyncOpenAI
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine


class Gateway:
    def __init__(self, base: str) -> None:
        self.base = base

    async def get(self, path: str) -> str:
        async with httpx.AsyncClient(base_url=self.base, timeout=5) as client:  # expect: RW314
            return (await client.get(path)).text


def get_gateway() -> Gateway:
    return Gateway("https://gateway.example")


def database():
    return AsyncIOMotorClient("mongodb://db")["app"]  # expect: RW314


@lru_cache
def model() -> AsyncOpenAI:
    return AsyncOpenAI()


def shared(request: Request) -> httpx.AsyncClient:
    return request.app.state.client


async def session():
    engine = create_async_engine("postgresql+asyncpg://db/app")  # expect: RW314
    async with async_sessionmaker(engine)() as found:
        yield found
    await engine.dispose()
# file: app/main.py
from contextlib import asynccontextmanager
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI

from app.clients import Gateway, database, get_gateway, model, session, shared


@asynccontextmanager
async def lifespan(app: FastAPI):
    async with httpx.AsyncClient() as client:
        app.state.client = client
        yield


app = FastAPI(lifespan=lifespan)


@app.get("/a")
async def a(gateway: Annotated[Gateway, Depends(get_gateway)]) -> str:
    return await gateway.get("/a")


@app.get("/b")
async def b(db: Annotated[object, Depends(database)]) -> None: ...


@app.get("/c")
async def c(client: Annotated[httpx.AsyncClient, Depends(shared)]) -> str:
    await model().models.list()
    return (await client.get("https://x.example")).text


@app.get("/d")
async def d(db: Annotated[object, Depends(session)]) -> None: ...
