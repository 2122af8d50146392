# A decorator whose asynchronous wrapper blocks, round two handlers: one line.
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from fastapi import FastAPI

app = FastAPI()
Handler = Callable[..., Awaitable[Any]]


def slowed(handler: Handler) -> Handler:
    @wraps(handler)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        time.sleep(0.1)  # expect: RW303
        return await handler(*args, **kwargs)

    return wrapper


def timed(handler: Handler) -> Handler:
    @wraps(handler)
    async def wrapper(*args: Any, **kwargs: Any) -> Any:
        started = time.perf_counter()
        try:
            return await handler(*args, **kwargs)
        finally:
            print(time.perf_counter() - started)

    return wrapper


@app.get("/a")
@slowed
async def a() -> str:
    return "a"


@app.get("/b")
@slowed
async def b() -> str:
    return "b"


@app.get("/c")
@timed
async def c() -> str:
    time.sleep(1)  # expect: RW303
    return "c"
