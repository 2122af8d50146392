# anyio's task group starts coroutine functions on the loop.
import time

import anyio
from fastapi import FastAPI

app = FastAPI()


async def fetch(name: str) -> None:
    time.sleep(0.1)  # expect: RW303


@app.get("/all")
async def fetch_all() -> str:
    async with anyio.create_task_group() as group:
        group.start_soon(fetch, "a")
        group.start_soon(anyio.sleep, 0.1)
    return "done"
