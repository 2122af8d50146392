# From a thread, run_coroutine_threadsafe and anyio.from_thread put work on the loop.
import asyncio
import time

import anyio
from fastapi import FastAPI

app = FastAPI()


async def finish() -> None:
    time.sleep(0.1)  # expect: RW303


def crunch() -> None:
    time.sleep(0.1)
    anyio.from_thread.run(finish)


@app.post("/crunch")
async def start() -> None:
    await anyio.to_thread.run_sync(crunch)
    await asyncio.sleep(0)
