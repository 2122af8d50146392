# Reading clocks is silent; asyncio.sleep must be awaited to do anything.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/clocks")
async def clocks() -> list[float]:
    await asyncio.sleep(0)
    return [time.time(), time.monotonic(), time.perf_counter()]


@app.get("/until")
async def until(seconds: float) -> float:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)  # expect: RW303
    return end
