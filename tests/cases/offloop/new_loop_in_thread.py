# A coroutine run by asyncio.run inside a thread has a loop of its own.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


async def crunch() -> int:
    time.sleep(1)
    return 1


def in_own_loop() -> int:
    return asyncio.run(crunch())


@app.post("/crunch")
async def start() -> int:
    return await asyncio.to_thread(in_own_loop)


@app.post("/pool")
def start_in_pool() -> int:
    return asyncio.run(crunch())
