# A threading lock on the loop; an asyncio lock; a lock tried without waiting.
import asyncio
import threading

from fastapi import FastAPI

app = FastAPI()
lock = threading.Lock()
loop_lock = asyncio.Lock()
COUNTS = {"n": 0}


def increment() -> int:
    with lock:
        COUNTS["n"] += 1
        return COUNTS["n"]


@app.post("/with")
async def with_lock() -> int:
    with lock:  # expect: RW307
        COUNTS["n"] += 1
    return increment()  # expect: RW307


@app.post("/acquire")
async def acquire() -> int:
    lock.acquire()  # expect: RW307
    try:
        return COUNTS["n"]
    finally:
        lock.release()


@app.post("/try")
async def try_lock() -> bool:
    if not lock.acquire(blocking=False):
        return False
    lock.release()
    return True


@app.post("/asyncio")
async def with_loop_lock() -> int:
    async with loop_lock:
        COUNTS["n"] += 1
        return COUNTS["n"]
