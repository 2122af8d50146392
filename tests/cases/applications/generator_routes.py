# Handlers that yield: an async generator streams on the loop, a def one in the threadpool.
import time
from collections.abc import AsyncIterator, Iterator

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Tick(BaseModel):
    number: int


@app.get("/async-ticks")
async def async_ticks() -> AsyncIterator[Tick]:
    for number in range(2):
        time.sleep(0.1)  # expect: RW303
        yield Tick(number=number)


@app.get("/ticks")
def ticks() -> Iterator[Tick]:
    for number in range(2):
        time.sleep(0.1)
        yield Tick(number=number)
