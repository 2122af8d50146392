# Tasks that are dropped in a helper, through the loop, under a name that is never read
import asyncio

from fastapi import FastAPI

app = FastAPI()


async def work() -> None: ...


def start() -> None:
    asyncio.ensure_future(work())  # expect: RW312


@app.get("/")
async def root() -> None:
    start()
    loop = asyncio.get_running_loop()
    loop.create_task(work())  # expect: RW312
    asyncio.get_event_loop().create_task(work())  # expect: RW312
    asyncio.create_task(work()).add_done_callback(print)  # expect: RW312
    _ = asyncio.create_task(work())  # expect: RW312
