# A class with __iter__ and __next__, and one whose __iter__ is a generator.
from __future__ import annotations

import time
from collections.abc import Iterator

from fastapi import FastAPI

app = FastAPI()


class Countdown:
    def __init__(self, start: int) -> None:
        self.left = start

    def __iter__(self) -> Countdown:
        return self

    def __next__(self) -> int:
        if self.left == 0:
            raise StopIteration
        time.sleep(0.1)
        self.left -= 1
        return self.left


class Pages:
    def __init__(self, count: int) -> None:
        self.count = count

    def __iter__(self) -> Iterator[int]:
        yield from range(self.count)


@app.get("/countdown")
async def countdown() -> int:
    total = 0
    for left in Countdown(3):  # expect: RW303
        total += left
    return total


@app.get("/pages")
async def pages() -> list[int]:
    return sorted(Pages(4))
