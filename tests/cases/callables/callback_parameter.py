# A function that calls its argument blocks only with a blocking argument.
import time
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()


def twice(action: Callable[[], int]) -> int:
    return action() + action()


def slow() -> int:
    time.sleep(0.1)
    return 1


def quick() -> int:
    return 1


@app.get("/slow")
async def use_slow() -> int:
    return twice(slow)  # expect: RW303


@app.get("/quick")
async def use_quick() -> int:
    return twice(quick)


@app.get("/lambdas")
async def use_lambdas() -> list[int]:
    return [
        twice(lambda: 1),
        twice(lambda: slow() + 1),  # expect: RW303
    ]
