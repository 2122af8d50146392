# Waiting for a child process blocks, unless the flag says that nobody waits.
import os

from fastapi import FastAPI

app = FastAPI()


def reap() -> list[int]:
    found = []
    while True:
        child, _ = os.waitpid(-1, os.WNOHANG)
        if not child:
            return found
        found.append(child)


def wait(child: int) -> int:
    _, status = os.waitpid(child, 0)
    return status


@app.get("/reaped")
async def reaped() -> list[int]:
    os.waitpid(1, os.WNOHANG | os.WUNTRACED)
    return reap()


@app.get("/children/{child}")
async def status(child: int) -> int:
    return wait(child)  # expect: RW305
