# arq jobs and taskiq tasks run in workers: enqueueing them is awaited and silent.
# file: main.py
from typing import Annotated

from arq.connections import ArqRedis
from fastapi import Depends, FastAPI, Request

from tasks import crunch

app = FastAPI()


def get_queue(request: Request) -> ArqRedis:
    return request.app.state.queue


@app.post("/crunch", status_code=202)
async def start(n: int, queue: Annotated[ArqRedis, Depends(get_queue)]) -> None:
    await crunch.kiq(n)
    await queue.enqueue_job("pack", n)
# file: tasks.py
import time
from typing import Any

from taskiq import InMemoryBroker

broker = InMemoryBroker()


@broker.task
async def crunch(n: int) -> int:
    time.sleep(n)
    return n


async def pack(context: dict[str, Any], n: int) -> int:
    time.sleep(n)
    return n


class WorkerSettings:
    functions = [pack]
