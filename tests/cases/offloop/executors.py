# run_in_executor and executor.submit run their function elsewhere.
import asyncio
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from fastapi import FastAPI

app = FastAPI()
threads = ThreadPoolExecutor(max_workers=4)
processes = ProcessPoolExecutor(max_workers=1)


def work(label: str) -> str:
    time.sleep(0.1)
    return label


@app.get("/default")
async def default() -> str:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, work, "a")


@app.get("/threads")
async def in_threads() -> str:
    future = threads.submit(work, "b")
    return await asyncio.wrap_future(future)


@app.get("/processes")
async def in_processes() -> str:
    return await asyncio.get_event_loop().run_in_executor(processes, work, "c")


@app.get("/fire-and-forget")
async def forget() -> None:
    threads.submit(work, "d")


@app.get("/called")
async def called() -> str:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, str, work("e"))  # expect: RW303
