# Tasks that are dropped and kept, by several ways of starting them
# file: app/__init__.py
# file: app/work.py
import asyncio
from asyncio import create_task


async def work(name: str) -> None:
    await asyncio.sleep(0)


class Worker:
    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[None]] = set()
        self.current: asyncio.Task[None] | None = None

    def start(self, name: str) -> None:
        task = asyncio.create_task(work(name))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def replace(self, name: str) -> None:
        self.current = create_task(work(name))

    def drop(self, name: str) -> None:
        create_task(work(name))  # expect: RW312

    def drop_named(self, name: str) -> None:
        _ = asyncio.create_task(work(name), name=name)  # expect: RW312


def started(name: str) -> "asyncio.Task[None]":
    return asyncio.ensure_future(work(name))
# file: app/main.py
import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio
from fastapi import FastAPI

from app.work import Worker, started, work

worker = Worker()


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.task = asyncio.create_task(work("forever"))
    yield
    app.state.task.cancel()


app = FastAPI(lifespan=lifespan)


@app.post("/a")
async def a(name: str) -> None:
    asyncio.create_task(work(name))  # expect: RW312
    asyncio.ensure_future(work(name))  # expect: RW312
    asyncio.get_running_loop().create_task(work(name))  # expect: RW312
    worker.start(name)
    worker.replace(name)
    worker.drop(name)
    worker.drop_named(name)


@app.post("/b")
async def b(name: str) -> None:
    loop = asyncio.get_event_loop()
    loop.create_task(work(name))  # expect: RW312
    task = started(name)
    await task


@app.post("/c")
async def c(name: str) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(work(name))
    async with anyio.create_task_group() as other:
        other.start_soon(work, name)
    await asyncio.create_task(work(name))
    tasks = [asyncio.create_task(work(name)) for _ in range(3)]
    await asyncio.gather(*tasks)
