# @app.middleware("http"): the function runs on the loop for every request.
import time
from collections.abc import Awaitable, Callable

import redis
from fastapi import FastAPI, Request, Response

app = FastAPI()
store = redis.Redis(host="cache")


@app.middleware("http")
async def count(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    started = time.monotonic()
    response = await call_next(request)
    store.incr("requests")  # expect: RW302
    response.headers["x-seconds"] = str(time.monotonic() - started)
    return response


@app.get("/")
async def index() -> str:
    return "index"
