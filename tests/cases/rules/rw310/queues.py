# A task queue knows synchronous connections only; a connection that routes use is another
import redis
from fastapi import FastAPI
from rq import Queue

connection = redis.Redis.from_url("redis://localhost")
shared = redis.Redis.from_url("redis://localhost/1")  # expect: RW310
queue = Queue("low", connection=connection)
other = Queue("high", connection=shared)
app = FastAPI()


def work() -> None: ...


@app.post("/work")
async def start() -> str:
    queue.enqueue(work)
    other.enqueue(work)
    shared.set("started", "1")
    return "started"
