# asyncio.run, run_until_complete and async_to_sync wait for a coroutine.
import asyncio

from asgiref.sync import async_to_sync
from fastapi import FastAPI

app = FastAPI()


async def number() -> int:
    await asyncio.sleep(0.1)
    return 1


def blocking_number() -> int:
    return asyncio.run(number())


def with_own_loop() -> int:
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(number())
    finally:
        loop.close()


@app.get("/run")
async def run() -> int:
    return blocking_number()  # expect: RW307


@app.get("/own")
async def own() -> int:
    return with_own_loop()  # expect: RW307


@app.get("/asgiref")
async def asgiref() -> int:
    return async_to_sync(number)()  # expect: RW307


@app.get("/awaited")
async def awaited() -> int:
    task = asyncio.ensure_future(number())
    await asyncio.wait([task])
    return task.result()
