# A decorator that moves a sync helper into a thread; another that only claims to.
import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from fastapi import FastAPI

P = ParamSpec("P")
R = TypeVar("R")
app = FastAPI()


def in_thread(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    @wraps(function)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return await asyncio.to_thread(function, *args, **kwargs)

    return wrapper


def as_coroutine(function: Callable[P, R]) -> Callable[P, Coroutine[Any, Any, R]]:
    @wraps(function)
    async def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        return function(*args, **kwargs)  # expect: RW303

    return wrapper


@in_thread
def thumbnail(name: str) -> str:
    time.sleep(1)
    return f"{name}.small"


@as_coroutine
def preview(name: str) -> str:
    time.sleep(1)
    return f"{name}.preview"


@app.get("/thumbnail/{name}")
async def read_thumbnail(name: str) -> str:
    return await thumbnail(name)


@app.get("/preview/{name}")
async def read_preview(name: str) -> str:
    return await preview(name)
