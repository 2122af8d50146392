# A coroutine that both startup and a route await is no longer startup only.
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI


async def refresh() -> int:
    time.sleep(1)  # expect: RW303
    return 1


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    await refresh()
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/refresh")
async def refresh_now() -> int:
    return await refresh()
