# A TypedDict is a dictionary when the code runs: isinstance says so.
import time
from typing import TypedDict

from fastapi import FastAPI


class Notice(TypedDict, total=False):
    port: str
    hours: int


app = FastAPI()


def hours_of(notice: object) -> int | None:
    if not isinstance(notice, dict):
        return None
    return len(notice)


@app.post("/notices")
async def post(notice: Notice) -> int:
    hours = hours_of(notice)
    if hours is None:
        return 0
    time.sleep(0.1)  # expect: RW303
    return hours


@app.put("/notices")
async def put(notice: Notice) -> int:
    if isinstance(notice, list):
        time.sleep(0.1)
    return 0
