# EventSourceResponse iterates async generators on the loop and sync ones in a thread.
import time
from collections.abc import AsyncIterator, Iterator

from fastapi import FastAPI
from sse_starlette import EventSourceResponse

app = FastAPI()


async def events() -> AsyncIterator[dict[str, str]]:
    for number in range(2):
        time.sleep(0.1)  # expect: RW303
        yield {"data": str(number)}


def sync_events() -> Iterator[dict[str, str]]:
    for number in range(2):
        time.sleep(0.1)
        yield {"data": str(number)}


@app.get("/async")
async def stream() -> EventSourceResponse:
    return EventSourceResponse(events())


@app.get("/sync")
async def sync_stream() -> EventSourceResponse:
    return EventSourceResponse(sync_events())
