# Startup and shutdown events run on the loop, def ones too.
import time

from fastapi import FastAPI

app = FastAPI()


def connect() -> str:
    time.sleep(1)
    return "connected"


@app.on_event("startup")
async def start() -> None:
    connect()  # expect: RW303 warning


@app.on_event("startup")
def start_sync() -> None:
    connect()  # expect: RW303 warning


@app.on_event("shutdown")
async def stop() -> None:
    time.sleep(0.1)  # expect: RW303 warning


@app.get("/")
async def index() -> str:
    return "index"
