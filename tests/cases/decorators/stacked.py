# Several decorators: the chain goes through all of them to the blocking helper.
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def loud(function: Callable[..., str]) -> Callable[..., str]:
    @wraps(function)
    def wrapper(*args: Any, **kwargs: Any) -> str:
        return function(*args, **kwargs).upper()

    return wrapper


def quoted(mark: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    def decorate(function: Callable[..., str]) -> Callable[..., str]:
        @wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> str:
            return f"{mark}{function(*args, **kwargs)}{mark}"

        return wrapper

    return decorate


@loud
@quoted("'")
def slow_title(text: str) -> str:
    time.sleep(0.1)
    return text


@loud
@quoted('"')
def title(text: str) -> str:
    return text


@app.get("/slow")
async def slow(text: str) -> str:
    return slow_title(text)  # expect: RW303


@app.get("/quick")
async def quick(text: str) -> str:
    return title(text)
