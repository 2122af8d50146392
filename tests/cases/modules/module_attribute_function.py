# A module passed around as a value, and a function read off it.
# file: main.py
from types import ModuleType

import blocking
import quick
from fastapi import FastAPI

app = FastAPI()


def call(module: ModuleType) -> str:
    return module.answer()


@app.get("/fast")
async def fast() -> str:
    return call(quick)


@app.get("/slow")
async def slow() -> str:
    return call(blocking)  # expect: RW303
# file: blocking.py
import time


def answer() -> str:
    time.sleep(1)
    return "slow"
# file: quick.py
def answer() -> str:
    return "fast"
