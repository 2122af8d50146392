# Sync decorators round def handlers stay in the threadpool with them.
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from fastapi import FastAPI

P = ParamSpec("P")
R = TypeVar("R")
app = FastAPI()


def retried(function: Callable[P, R]) -> Callable[P, R]:
    @wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        for wait in (1, 2):
            try:
                return function(*args, **kwargs)
            except OSError:
                time.sleep(wait)
        return function(*args, **kwargs)

    return wrapper


@retried
def pick() -> int:
    return 4


@app.get("/pool")
@retried
def in_pool() -> int:
    return pick()


@app.get("/loop")
async def on_loop() -> int:
    return pick()  # expect: RW303
