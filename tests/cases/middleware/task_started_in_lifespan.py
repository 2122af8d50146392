# A loop that startup only starts goes on for ever: an error, not a warning.
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import requests
from fastapi import FastAPI


async def poll() -> None:
    while True:
        requests.get("https://feed.example.com", timeout=5)  # expect: RW301
        await asyncio.sleep(10)


async def poll_in_thread() -> None:
    while True:
        await asyncio.to_thread(requests.get, "https://feed.example.com", timeout=5)
        await asyncio.sleep(10)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(poll()), asyncio.create_task(poll_in_thread())]
    yield
    for task in tasks:
        task.cancel()


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def index() -> str:
    return "index"
