# run_in_threadpool, anyio.to_thread.run_sync and sync_to_async.
import time
from functools import partial

import anyio
from asgiref.sync import SyncToAsync, sync_to_async
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from starlette.concurrency import iterate_in_threadpool

app = FastAPI()


def work(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


def parts() -> "list[float]":
    return [work(0.1)]


@sync_to_async
def decorated(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@app.get("/all")
async def everything() -> list[float]:
    found = [
        await run_in_threadpool(work, 0.1),
        await anyio.to_thread.run_sync(work, 0.1),
        await anyio.to_thread.run_sync(partial(work, seconds=0.1)),
        await sync_to_async(work)(0.1),
        await SyncToAsync(work)(0.1),
        await decorated(0.1),
    ]
    async for part in iterate_in_threadpool(map(work, [0.1])):
        found.append(part)
    return found


@app.get("/mixed")
async def mixed() -> list[float]:
    first = await run_in_threadpool(parts)
    return first + parts()  # expect: RW303
