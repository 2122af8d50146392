# A coroutine that awaits itself: its blocking line is found once.
import time

from fastapi import FastAPI

app = FastAPI()


async def crawl(depth: int) -> int:
    time.sleep(0.1)  # expect: RW303
    if depth == 0:
        return 1
    return 1 + await crawl(depth - 1)


@app.get("/crawl")
async def start(depth: int = 2) -> int:
    return await crawl(depth)
