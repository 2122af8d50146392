# A handler that sleeps blocks; its twin awaits asyncio.sleep.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


@app.get("/slow")
async def slow() -> dict[str, str]:
    time.sleep(0.5)  # expect: RW303
    return {"status": "done"}


@app.get("/patient")
async def patient() -> dict[str, str]:
    await asyncio.sleep(0.5)
    return {"status": "done"}
