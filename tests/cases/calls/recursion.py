# Recursive and mutually recursive helpers end, and their blocking is found.
import os

from fastapi import FastAPI

app = FastAPI()


def size_of(path: str, depth: int = 0) -> int:
    if depth > 5:
        return 0
    total = 0
    for name in os.listdir(path):
        total += size_of(os.path.join(path, name), depth + 1)
    return total


def ping(n: int) -> int:
    return 0 if n == 0 else pong(n - 1)


def pong(n: int) -> int:
    return 0 if n == 0 else ping(n - 1)


@app.get("/usage")
async def usage() -> dict[str, int]:
    return {"bytes": size_of("/srv/data"), "ping": 0}  # expect: RW304


@app.get("/ping")
async def play(n: int) -> int:
    return ping(n)
