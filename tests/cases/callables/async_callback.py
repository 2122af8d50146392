# A coroutine function passed on and awaited by the function it is given to.
import asyncio
import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI

app = FastAPI()


async def with_retry(action: Callable[[], Awaitable[str]]) -> str:
    for _ in range(3):
        try:
            return await action()
        except OSError:
            await asyncio.sleep(0.1)
    return await action()


async def blocking() -> str:
    time.sleep(0.1)  # expect: RW303
    return "b"


async def friendly() -> str:
    await asyncio.sleep(0.1)
    return "f"


@app.get("/both")
async def both() -> str:
    return await with_retry(blocking) + await with_retry(friendly)
