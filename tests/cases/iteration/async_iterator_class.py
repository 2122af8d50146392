# __aiter__ and __anext__ run on the loop.
from __future__ import annotations

import time

from fastapi import FastAPI

app = FastAPI()


class Feed:
    def __init__(self, items: list[str]) -> None:
        self.items = items

    def __aiter__(self) -> Feed:
        return self

    async def __anext__(self) -> str:
        if not self.items:
            raise StopAsyncIteration
        time.sleep(0.1)  # expect: RW303
        return self.items.pop()


@app.get("/feed")
async def read_feed() -> list[str]:
    return [item async for item in Feed(["a", "b"])]
