# `ensure_future` gives a task back as it is: nothing new is started
import asyncio

from fastapi import FastAPI

app = FastAPI()
tasks: set[asyncio.Task[None]] = set()


async def work() -> None: ...


@app.post("/jobs")
async def start() -> None:
    task = asyncio.get_running_loop().create_task(work())
    tasks.add(task)
    asyncio.ensure_future(task).add_done_callback(tasks.discard)


def kept(context, runner, coroutine) -> None:
    task = context.run(runner.start, coroutine)
    tasks.add(task)
    asyncio.ensure_future(task).add_done_callback(lambda _: tasks.remove(task))


@app.post("/others")
async def start_other() -> None:
    kept(None, None, work())
