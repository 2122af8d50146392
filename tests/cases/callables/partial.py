# functools.partial keeps a function; calling the partial calls it.
import time
from functools import partial

from fastapi import FastAPI

app = FastAPI()


def wait(seconds: float, label: str) -> str:
    time.sleep(seconds)
    return label


def name(prefix: str, label: str) -> str:
    return f"{prefix}-{label}"


wait_a_second = partial(wait, 1.0)
name_it = partial(name, "item")


@app.get("/wait")
async def call_wait() -> str:
    return wait_a_second("x")  # expect: RW303


@app.get("/name")
async def call_name() -> str:
    return name_it("x")


@app.get("/kept")
async def only_kept() -> str:
    kept = partial(wait, 5.0, label="never called")
    return kept.func.__name__
