# The loop runs the base's coroutine; the blocking stands in the override that it awaits.
import asyncio
import time
from abc import ABC, abstractmethod

from fastapi import FastAPI

app = FastAPI()


class Job(ABC):
    async def run(self) -> int:
        await asyncio.sleep(0)
        self.before()  # expect: RW303
        return await self.work()

    def before(self) -> None:
        return None

    @abstractmethod
    async def work(self) -> int: ...


class Backup(Job):
    def before(self) -> None:
        time.sleep(0.1)

    async def work(self) -> int:
        time.sleep(3)  # expect: RW303
        return 1


class Cleanup(Job):
    async def work(self) -> int:
        await asyncio.sleep(1)
        return 2


@app.post("/backup")
async def backup() -> int:
    return await Backup().run()


@app.post("/cleanup")
async def cleanup() -> int:
    return await Cleanup().run()
