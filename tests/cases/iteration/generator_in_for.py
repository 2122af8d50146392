# A generator blocks where it is iterated, not where it is made.
import time
from collections.abc import Iterator

from fastapi import FastAPI

app = FastAPI()


def ticks(count: int) -> Iterator[int]:
    for number in range(count):
        time.sleep(0.1)
        yield number


def numbers(count: int) -> Iterator[int]:
    yield from range(count)


@app.get("/ticks")
async def read_ticks() -> int:
    total = 0
    pending = ticks(3)
    for number in pending:  # expect: RW303
        total += number
    for number in numbers(3):
        total += number
    return total


@app.get("/never")
async def never_iterated() -> str:
    unused = ticks(3)
    unused.close()
    return "ok"
