# Errors of a client translated by a context manager, a decorator, a base class
# file: app/__init__.py
# file: app/errors.py
from contextlib import asynccontextmanager
from functools import wraps

import httpx
from fastapi import HTTPException


@asynccontextmanager
async def upstream():
    try:
        yield
    except httpx.HTTPError as error:
        raise HTTPException(502, "upstream") from error


def retried(function):
    @wraps(function)
    async def wrapper(*args, **kwargs):
        for _ in range(3):
            try:
                return await function(*args, **kwargs)
            except httpx.TransportError:
                continue
        raise HTTPException(504, "upstream")

    return wrapper


def timed(function):
    @wraps(function)
    async def wrapper(*args, **kwargs):
        return await function(*args, **kwargs)

    return wrapper
# file: app/client.py
import httpx

from app.errors import retried, timed, upstream


class Base:
    def __init__(self) -> None:
        self.http = httpx.AsyncClient(timeout=5)

    async def call(self, path: str) -> httpx.Response:
        try:
            return await self.http.get(f"https://x.example{path}")
        except httpx.HTTPError as error:
            raise RuntimeError from error


class Orders(Base):
    async def one(self, key: int) -> str:
        return (await self.call(f"/{key}")).text

    async def two(self, key: int) -> str:
        async with upstream():
            return (await self.http.get(f"https://x.example/{key}")).text

    @retried
    async def three(self, key: int) -> str:
        return (await self.http.get(f"https://x.example/{key}")).text

    @timed
    async def four(self, key: int) -> str:
        return (await self.http.get(f"https://x.example/{key}")).text  # expect: RW611
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI

from app.client import Orders

app = FastAPI()
orders = Orders()


@app.get("/{key}")
async def read(key: int) -> list[str]:
    return [
        await orders.one(key),
        await orders.two(key),
        await orders.three(key),
        await orders.four(key),
    ]
