# fastapi-utils' repeat_every: a coroutine repeats on the loop, a def in the threadpool.
import time

from fastapi import FastAPI
from fastapi_utils.tasks import repeat_every

app = FastAPI()


@app.on_event("startup")
@repeat_every(seconds=60)
async def refresh() -> None:
    time.sleep(0.1)  # expect: RW303


@app.on_event("startup")
@repeat_every(seconds=60)
def clean() -> None:
    time.sleep(0.1)


@app.get("/")
async def index() -> str:
    return "index"
