# Generators fed to generators: nothing happens before the last one is consumed.
import time
from collections.abc import Iterable, Iterator

from fastapi import FastAPI

app = FastAPI()


def read() -> Iterator[int]:
    for number in range(3):
        time.sleep(0.1)
        yield number


def doubled(numbers: Iterable[int]) -> Iterator[int]:
    for number in numbers:
        yield number * 2


@app.get("/slow")
async def slow() -> int:
    source = read()
    pipeline = doubled(source)
    return sum(pipeline)  # expect: RW303


@app.get("/quick")
async def quick() -> int:
    return sum(doubled([1, 2, 3]))
