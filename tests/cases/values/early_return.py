# Code after a return, a raise or an endless loop is never reached.
import time

from fastapi import FastAPI, HTTPException

app = FastAPI()


def disabled() -> str:
    return "disabled"
    time.sleep(1)


def guarded(ready: bool) -> str:
    if not ready:
        return "not ready"
    time.sleep(1)
    return "ready"


@app.get("/disabled")
async def read_disabled() -> str:
    return disabled()


@app.get("/gone")
async def gone() -> str:
    raise HTTPException(410)
    time.sleep(1)


@app.get("/not-ready")
async def not_ready() -> str:
    return guarded(False)


@app.get("/ready")
async def ready() -> str:
    return guarded(True)  # expect: RW303
