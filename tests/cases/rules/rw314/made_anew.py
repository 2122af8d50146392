# Clients in handlers, dependencies, and what only these call
from typing import Annotated

import aiohttp
import boto3
import httpx
import redis.asyncio as redis
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

app = FastAPI()


async def get_client():
    async with httpx.AsyncClient() as client:  # expect: RW314
        yield client


async def get_db():
    engine = create_async_engine("sqlite+aiosqlite://")  # expect: RW314
    async with AsyncSession(engine) as session:
        yield session


async def fetch(url: str) -> str:
    async with aiohttp.ClientSession() as session:  # expect: RW314
        async with session.get(url) as response:
            return await response.text()


class Service:
    def __init__(self) -> None:
        self.client = httpx.AsyncClient()  # expect: RW314


@app.get("/")
async def root(
    client: Annotated[httpx.AsyncClient, Depends(get_client)],
    service: Annotated[Service, Depends()],
    db=Depends(get_db),
) -> str:
    cache = redis.from_url("redis://cache")  # expect: RW314
    storage = boto3.client("s3")  # expect: RW314
    retrying = httpx.AsyncClient(  # expect: RW314
        transport=httpx.AsyncHTTPTransport(retries=3)
    )
    return await fetch("https://x.example")
