# The body of an @asynccontextmanager runs on the loop: the line stands inside it.
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

app = FastAPI()


@asynccontextmanager
async def turn(name: str) -> AsyncIterator[str]:
    time.sleep(0.1)  # expect: RW303
    yield name


@asynccontextmanager
async def quick_turn(name: str) -> AsyncIterator[str]:
    yield name


@app.get("/turn")
async def take_turn() -> str:
    async with turn("a") as taken:
        async with quick_turn("b") as other:
            return taken + other
