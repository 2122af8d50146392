# A client kept on app.state and read back from the request.
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import redis
from fastapi import FastAPI, Request


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.redis = redis.Redis(host="cache")
    yield
    app.state.redis.close()


app = FastAPI(lifespan=lifespan)


@app.get("/hits")
async def hits(request: Request) -> int:
    client = cast(redis.Redis, request.app.state.redis)
    return int(client.incr("hits"))  # expect: RW302
