# What is read before the stream starts is read on the loop.
import time
from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


def open_export(name: str) -> Iterator[str]:
    time.sleep(2)
    return iter([name, "\n"])


def lazy_export(name: str) -> Iterator[str]:
    time.sleep(2)
    yield name


@app.get("/exports/{name}")
async def export(name: str) -> StreamingResponse:
    return StreamingResponse(open_export(name))  # expect: RW303


@app.get("/lazy/{name}")
async def lazily(name: str) -> StreamingResponse:
    return StreamingResponse(lazy_export(name))
