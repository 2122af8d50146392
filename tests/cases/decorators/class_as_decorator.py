# A class used as a decorator: its __init__ runs at import, its __call__ on each call.
import time
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

app = FastAPI()


class CountedSlowly:
    def __init__(self, function: Callable[..., Any]) -> None:
        time.sleep(0.1)
        self.function = function
        self.calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        time.sleep(0.01)
        return self.function(*args, **kwargs)


class Counted:
    def __init__(self, function: Callable[..., Any]) -> None:
        time.sleep(0.1)
        self.function = function
        self.calls = 0

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        self.calls += 1
        return self.function(*args, **kwargs)


@CountedSlowly
def one() -> int:
    return 1


@Counted
def two() -> int:
    return 2


@app.get("/one")
async def read_one() -> int:
    return one()  # expect: RW303


@app.get("/two")
async def read_two() -> int:
    return two()
