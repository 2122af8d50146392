# Tasks that something keeps: a set, a list, an attribute, a task group, a frame that waits
import asyncio
from contextlib import asynccontextmanager

from fastapi import FastAPI

tasks: set[asyncio.Task[None]] = set()


async def work() -> None: ...


@asynccontextmanager
async def lifespan(app: FastAPI):
    poller = asyncio.create_task(work())
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/")
async def root() -> None:
    app.state.task = asyncio.create_task(work())
    tasks.add(asyncio.create_task(work()))
    kept = [asyncio.create_task(work()) for _ in range(3)]
    await asyncio.gather(*kept)
    async with asyncio.TaskGroup() as group:
        group.create_task(work())
    task = asyncio.create_task(work())
    task.add_done_callback(tasks.discard)
    tasks.add(task)
    await asyncio.create_task(work())


@app.get("/wait")
async def wait() -> None:
    reader = asyncio.create_task(work())
    await asyncio.sleep(10)
