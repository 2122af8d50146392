# Events, conditions and barriers of threading; asyncio's are awaited.
import asyncio
import threading

from fastapi import FastAPI

app = FastAPI()
ready = threading.Event()
loop_ready = asyncio.Event()


@app.get("/wait")
async def wait() -> bool:
    return ready.wait(5)  # expect: RW307


@app.post("/set")
async def set_ready() -> bool:
    ready.set()
    loop_ready.set()
    return ready.is_set()


@app.get("/async-wait")
async def async_wait() -> bool:
    return await loop_ready.wait()
