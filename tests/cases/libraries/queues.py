# queue.Queue blocks, its _nowait forms and asyncio.Queue do not.
import asyncio
import queue

from fastapi import FastAPI

app = FastAPI()
jobs: queue.Queue[str] = queue.Queue(maxsize=10)
loop_jobs: asyncio.Queue[str] = asyncio.Queue()


@app.post("/put")
async def put(name: str) -> None:
    jobs.put(name)  # expect: RW307


@app.get("/get")
async def get() -> str:
    return jobs.get()  # expect: RW307


@app.get("/try")
async def try_get() -> str:
    try:
        return jobs.get_nowait()
    except queue.Empty:
        return jobs.get(block=False) if not jobs.empty() else ""


@app.get("/async")
async def get_async() -> str:
    await loop_jobs.put("x")
    loop_jobs.put_nowait("y")
    return await loop_jobs.get()
