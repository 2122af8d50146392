# submit() is silent; waiting for its result on the loop is not.
import time
from concurrent.futures import ThreadPoolExecutor

from fastapi import FastAPI

app = FastAPI()
pool = ThreadPoolExecutor(max_workers=2)


def work(number: int) -> int:
    time.sleep(0.1)
    return number


@app.get("/result")
async def result() -> int:
    future = pool.submit(work, 1)
    return future.result()  # expect: RW307


@app.get("/results")
async def results() -> list[int]:
    futures = [pool.submit(work, number) for number in range(3)]
    return [future.result() for future in futures]  # expect: RW307
