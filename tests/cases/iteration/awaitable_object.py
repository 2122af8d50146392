# await on an object runs its __await__ on the loop.
import asyncio
import time
from collections.abc import Generator
from typing import Any

from fastapi import FastAPI

app = FastAPI()


class Slow:
    def __await__(self) -> Generator[Any, None, int]:
        time.sleep(0.1)
        return asyncio.sleep(0, 1).__await__()


class Quick:
    def __await__(self) -> Generator[Any, None, int]:
        return asyncio.sleep(0, 2).__await__()


@app.get("/slow")
async def slow() -> int:
    return await Slow()  # expect: RW303


@app.get("/quick")
async def quick() -> int:
    return await Quick()
