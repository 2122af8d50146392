# A decorator with arguments that decide whether its wrapper blocks.
import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from fastapi import FastAPI

app = FastAPI()
Handler = Callable[..., Awaitable[Any]]


def audited(url: str) -> Callable[[Handler], Handler]:
    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            result = await handler(*args, **kwargs)
            record(url)  # expect: RW303
            return result

        return wrapper

    return decorate


def record(url: str) -> None:
    time.sleep(len(url))


def delayed(seconds: float) -> Callable[[Handler], Handler]:
    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            await asyncio.sleep(seconds)
            return await handler(*args, **kwargs)

        return wrapper

    return decorate


@app.get("/audited")
@audited("https://audit.example.com")
async def read() -> str:
    return "read"


@app.get("/delayed")
@delayed(0.2)
async def wait() -> str:
    return "waited"
