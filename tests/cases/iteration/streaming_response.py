# StreamingResponse iterates a sync generator in the threadpool, an async one on the loop.
import time
from collections.abc import AsyncIterator, Iterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


def chunks() -> Iterator[bytes]:
    for number in range(3):
        time.sleep(1)
        yield str(number).encode()


async def async_chunks() -> AsyncIterator[bytes]:
    for number in range(3):
        time.sleep(1)  # expect: RW303
        yield str(number).encode()


@app.get("/sync")
async def sync_stream() -> StreamingResponse:
    return StreamingResponse(chunks(), media_type="text/plain")


@app.get("/async")
async def async_stream() -> StreamingResponse:
    return StreamingResponse(async_chunks(), media_type="text/plain")
