# A generator that delegates to one that blocks.
import time
from collections.abc import Iterator

from fastapi import FastAPI

app = FastAPI()


def inner() -> Iterator[int]:
    time.sleep(0.1)
    yield 1


def outer() -> Iterator[int]:
    yield 0
    yield from inner()


@app.get("/all")
async def everything() -> list[int]:
    return [number for number in outer()]  # expect: RW303
