# Workers started at startup take coroutines from a queue and run them on the loop.
import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

jobs: asyncio.Queue[str] = asyncio.Queue()


def process(name: str) -> None:
    time.sleep(0.1)


async def worker() -> None:
    while True:
        name = await jobs.get()
        process(name)  # expect: RW303
        jobs.task_done()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(worker())
        yield
        task.cancel()


app = FastAPI(lifespan=lifespan)


@app.post("/jobs/{name}", status_code=202)
async def add(name: str) -> None:
    await jobs.put(name)
