# Arguments forwarded by *args and **kwargs reach the function that is called.
import time
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def guarded(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    try:
        return function(*args, **kwargs)
    except ValueError:
        return None


def wait(seconds: float, *, label: str = "") -> str:
    time.sleep(seconds)
    return label


def join(*parts: str, label: str = "") -> str:
    return label.join(parts)


@app.get("/wait")
async def call_wait() -> str:
    return guarded(wait, 0.1, label="x")  # expect: RW303


@app.get("/join")
async def call_join() -> str:
    return guarded(join, "a", "b", label="-")


@app.get("/nested")
async def call_nested() -> str:
    return guarded(guarded, wait, 0.1)  # expect: RW303
