# to_thread(f()) calls f on the loop and hands over its result.
import asyncio
import time
from collections.abc import Callable

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


def work() -> str:
    time.sleep(0.1)
    return "done"


def make_work() -> Callable[[], str]:
    time.sleep(0.1)
    return work


@app.get("/wrong")
async def wrong() -> str:
    return await run_in_threadpool(str, work())  # expect: RW303


@app.get("/made")
async def made() -> str:
    return await asyncio.to_thread(make_work())  # expect: RW303


@app.get("/right")
async def right() -> str:
    return await asyncio.to_thread(work)
