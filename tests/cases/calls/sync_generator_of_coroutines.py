# A sync function that only builds and returns a coroutine does not block; its body does.
import time
from collections.abc import Coroutine
from typing import Any

from fastapi import FastAPI

app = FastAPI()


async def work(n: int) -> int:
    time.sleep(n)  # expect: RW303
    return n


def prepare(n: int) -> Coroutine[Any, Any, int]:
    return work(n)


@app.get("/work/{n}")
async def run_work(n: int) -> int:
    return await prepare(n)
