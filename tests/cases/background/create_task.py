# Coroutines started as tasks run on the loop.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()
TASKS: set[asyncio.Task[None]] = set()


async def work(seconds: float) -> None:
    time.sleep(seconds)  # expect: RW303


async def rest(seconds: float) -> None:
    await asyncio.sleep(seconds)


@app.post("/work", status_code=202)
async def start_work() -> None:
    for coroutine in (work(0.1), rest(0.1)):
        task = asyncio.create_task(coroutine)
        TASKS.add(task)
        task.add_done_callback(TASKS.discard)
