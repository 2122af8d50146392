# APScheduler on asyncio: coroutine jobs run on the loop, def jobs in its threads.
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from fastapi import FastAPI

scheduler = AsyncIOScheduler()


async def collect() -> None:
    time.sleep(0.1)  # expect: RW303


def clean() -> None:
    time.sleep(0.1)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    scheduler.add_job(collect, "interval", seconds=30)
    scheduler.add_job(clean, "interval", seconds=30)
    scheduler.start()
    yield
    scheduler.shutdown(wait=False)


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def index() -> str:
    return "index"
