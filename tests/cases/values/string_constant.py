# A mode given as a constant string, compared with == and in.
import time

from fastapi import FastAPI

app = FastAPI()


def store(value: str, mode: str = "memory") -> str:
    if mode == "remote":
        time.sleep(1)
    elif mode in ("disk", "tape"):
        time.sleep(2)
    return value


@app.get("/memory")
async def memory() -> str:
    return store("a")


@app.get("/remote")
async def remote() -> str:
    return store("a", "remote")  # expect: RW303


@app.get("/tape")
async def tape() -> str:
    return store("a", mode="tape")  # expect: RW303
