# FastAPI unwraps a functools.wraps wrapper: round a coroutine function it runs on the loop.
import time
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from fastapi import FastAPI

app = FastAPI()
Handler = Callable[..., Coroutine[Any, Any, str]]


def gate(handler: Handler) -> Handler:
    @wraps(handler)
    def wrapper(*args: Any, **kwargs: Any) -> Coroutine[Any, Any, str]:
        time.sleep(0.1)  # expect: RW303
        return handler(*args, **kwargs)

    return wrapper


@app.get("/gated")
@gate
async def gated() -> str:
    return "through"
