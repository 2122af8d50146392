# async for over an async generator: its body runs on the loop.
import asyncio
import time
from collections.abc import AsyncIterator

from fastapi import FastAPI

app = FastAPI()


async def events() -> AsyncIterator[int]:
    for number in range(3):
        time.sleep(0.1)  # expect: RW303
        yield number


async def gentle() -> AsyncIterator[int]:
    for number in range(3):
        await asyncio.sleep(0.1)
        yield number


@app.get("/events")
async def read_events() -> list[int]:
    found = [number async for number in events()]
    async for number in gentle():
        found.append(number)
    return found
