# An asynchronous wrapper that calls a def handler drags it onto the loop.
import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def logged(handler: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    @wraps(handler)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        return handler(*args, **kwargs)  # expect: RW303

    return wrapper


def threaded(handler: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    @wraps(handler)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        return await asyncio.to_thread(handler, *args, **kwargs)

    return wrapper


@app.get("/logged")
@logged
def report() -> str:
    time.sleep(0.5)
    return "report"


@app.get("/threaded")
@threaded
def other_report() -> str:
    time.sleep(0.5)
    return "report"
