# gather, TaskGroup, wait_for and shield run what they are given on the loop.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


async def gathered(number: int) -> int:
    time.sleep(0.1)  # expect: RW303
    return number


async def grouped() -> int:
    time.sleep(0.1)  # expect: RW303
    return 1


async def limited() -> int:
    time.sleep(0.1)  # expect: RW303
    return 2


async def friendly() -> int:
    await asyncio.sleep(0.1)
    return 3


@app.get("/gather")
async def gather() -> list[int]:
    return await asyncio.gather(*[gathered(number) for number in range(3)])


@app.get("/group")
async def group() -> int:
    async with asyncio.TaskGroup() as tasks:
        first = tasks.create_task(grouped())
        second = tasks.create_task(friendly())
    return first.result() + second.result()


@app.get("/limited")
async def with_limit() -> int:
    return await asyncio.wait_for(limited(), timeout=5)
