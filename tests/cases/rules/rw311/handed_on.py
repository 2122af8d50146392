# Coroutines that are awaited later, handed to tasks, gathered, or returned to who awaits
import asyncio

from fastapi import BackgroundTasks, FastAPI

app = FastAPI()


async def fetch(name: str) -> str:
    return name


def later(name: str):
    return fetch(name)


async def twice(name: str):
    return fetch(name)


async def run(coroutine) -> str:
    return await coroutine


@app.get("/")
async def root(name: str, background: BackgroundTasks) -> str:
    background.add_task(fetch, name)
    task = asyncio.create_task(fetch(name))
    coroutine = fetch(name)
    first = await coroutine
    both = await asyncio.gather(fetch(name), *[fetch(n) for n in "ab"])
    waiting = [fetch(name)]
    await asyncio.gather(*waiting)
    async with asyncio.TaskGroup() as group:
        group.create_task(fetch(name))
    done = await run(fetch(name))
    inner = await twice(name)
    text = await inner
    asked = await later(name)
    given = await (fetch(name) if name else later(name))
    spare = fetch(name)
    spare.close()
    chosen = fetch(name) if name else None
    if chosen is not None:
        await chosen
    return f"{await task}{first}{both}{done}{text}{asked}{given}"


@app.get("/lambda")
async def with_lambda(name: str) -> str:
    make = lambda: fetch(name)
    return await make()
