# map and filter call their function when they are consumed.
import time

from fastapi import FastAPI

app = FastAPI()


def weigh(number: int) -> int:
    time.sleep(0.01)
    return number


def double(number: int) -> int:
    return number * 2


@app.get("/weigh")
async def weigh_all() -> list[int]:
    return list(map(weigh, [1, 2, 3]))  # expect: RW303


@app.get("/sorted")
async def sort_all() -> list[int]:
    return sorted([3, 1, 2], key=weigh)  # expect: RW303


@app.get("/double")
async def double_all() -> list[int]:
    return list(map(double, filter(None, [0, 1, 2])))
