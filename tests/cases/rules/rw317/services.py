# Independent calls one after the other, direct and through clients of other modules
# file: app/__init__.py
# file: app/clients.py
from typing import Any

import aiohttp
import httpx


class Stock:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def count(self, name: str) -> Any:
        answer = await self.client.get(f"https://stock.example.com/{name}")
        return answer.json()


async def price(name: str) -> Any:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"https://price.example.com/{name}") as answer:
            return await answer.json()


async def reviews(client: httpx.AsyncClient, name: str) -> Any:
    return (await client.get(f"https://reviews.example.com/{name}")).json()
# file: app/main.py
import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import clients
from app.clients import Stock

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
router = APIRouter()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


def get_client(request: Request) -> httpx.AsyncClient:
    client: httpx.AsyncClient = request.app.state.client
    return client


Client = Annotated[httpx.AsyncClient, Depends(get_client)]


def get_stock(client: Client) -> Stock:
    return Stock(client)


@router.get("/a/{name}")
async def a(name: str, client: Client) -> Any:
    one = await client.get("https://one.example.com")
    two = await client.get("https://two.example.com")  # expect: RW317
    return [one.json(), two.json()]


@router.get("/b/{name}")
async def b(name: str, stock: Annotated[Stock, Depends(get_stock)], client: Client) -> Any:
    count = await stock.count(name)
    price = await clients.price(name)  # expect: RW317
    reviews: Any = await clients.reviews(client, name)  # expect: RW317
    return {"count": count, "price": price, "reviews": reviews}


@router.get("/c/{name}")
async def c(name: str, client: Client) -> Any:
    return {
        "price": await clients.price(name),
        "reviews": await clients.reviews(client, name),  # expect: RW317
    }


@router.get("/d/{name}")
async def d(name: str, client: Client) -> Any:
    first = await client.get("https://one.example.com")
    second = await client.get(first.json()["next"])
    return second.json()


@router.get("/e/{name}")
async def e(name: str, client: Client) -> Any:
    return await asyncio.gather(clients.price(name), clients.reviews(client, name))


@router.get("/f")
async def f(db: Annotated[AsyncSession, Depends(get_db)]) -> Any:
    one = await db.execute(text("SELECT 1"))
    two = await db.execute(text("SELECT 2"))
    return [one.scalar(), two.scalar()]


@router.get("/g/{name}")
async def g(name: str) -> Any:
    price = await clients.price(name)
    if price is None:
        return None
    other = await clients.price("other")
    return [price, other]


app = FastAPI()
app.include_router(router)
