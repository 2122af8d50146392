# One wrapper around many handlers: what each returns is its own
import functools
from collections.abc import AsyncIterator, Callable
from typing import Any

from fastapi import FastAPI, Response
from fastapi.responses import StreamingResponse

app = FastAPI()


def require(scope: str) -> Callable[[Any], Any]:
    def decorator(function: Any) -> Any:
        @functools.wraps(function)
        async def wrapper(*args: Any, **kwargs: Any) -> Any:
            print(scope)
            return await function(*args, **kwargs)

        return wrapper

    return decorator


async def events() -> AsyncIterator[bytes]:
    yield b""


@app.get("/events")
@require("read")
async def stream(past: bool = False):
    if past:
        return Response(status_code=204)
    return StreamingResponse(events())


@app.get("/items")  # expect: RW202
@require("read")
async def items():
    return {"items": []}
