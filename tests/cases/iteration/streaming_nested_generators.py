# Generators defined inside the handler and streamed.
import time
from collections.abc import AsyncIterator, Iterator

import requests
from fastapi import FastAPI
from fastapi.responses import StreamingResponse

app = FastAPI()


@app.get("/proxy")
async def proxy(url: str) -> StreamingResponse:
    async def body() -> AsyncIterator[bytes]:
        upstream = requests.get("https://files.example.com/big", timeout=5)  # expect: RW301
        yield upstream.content

    return StreamingResponse(body())


@app.get("/clock")
async def clock() -> StreamingResponse:
    def body() -> Iterator[str]:
        while True:
            time.sleep(1)
            yield f"{time.time()}\n"

    return StreamingResponse(body())
