# What is handed to asyncio.to_thread is silent: functions, methods, partials, lambdas.
import asyncio
import time
from functools import partial

from fastapi import FastAPI

app = FastAPI()


def work(seconds: float, label: str = "") -> str:
    time.sleep(seconds)
    return label


class Worker:
    def run(self) -> str:
        return work(1, "w")


@app.get("/all")
async def everything() -> list[str]:
    worker = Worker()
    return [
        await asyncio.to_thread(work, 1, label="a"),
        await asyncio.to_thread(partial(work, 1, label="b")),
        await asyncio.to_thread(lambda: work(1, "c")),
        await asyncio.to_thread(worker.run),
    ]
