# call_soon, call_later and add_done_callback run their callbacks on the loop.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


def soon() -> None:
    time.sleep(0.1)  # expect: RW303


def later(text: str) -> None:
    pause()  # expect: RW303


def pause() -> None:
    time.sleep(0.1)


def done(task: asyncio.Task[int]) -> None:
    time.sleep(0.1)  # expect: RW303


def never(task: asyncio.Task[int]) -> None:
    time.sleep(0.1)


async def number() -> int:
    return 1


@app.get("/schedule")
async def schedule() -> int:
    loop = asyncio.get_running_loop()
    loop.call_soon(soon)
    loop.call_later(0.01, later, "x")
    task = asyncio.create_task(number())
    task.add_done_callback(done)
    await asyncio.sleep(0.05)
    return await task
