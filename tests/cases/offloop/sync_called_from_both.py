# A helper used in a thread and on the loop is reported only where the loop enters it.
import asyncio
import time

from fastapi import FastAPI

app = FastAPI()


def compress(text: str) -> str:
    return squeeze(text)


def squeeze(text: str) -> str:
    time.sleep(0.1)
    return text


@app.get("/thread")
async def thread(text: str) -> str:
    return await asyncio.to_thread(compress, text)


@app.get("/pool")
def pool(text: str) -> str:
    return compress(text)


@app.get("/loop")
async def loop(text: str) -> str:
    return compress(text)  # expect: RW303
