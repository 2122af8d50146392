# What a lifespan does once, at start and stop, is a warning; the same on a route is not.
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import requests
from fastapi import FastAPI


def load_model() -> str:
    time.sleep(3)
    return "model"


async def migrate() -> None:
    time.sleep(1)  # expect: RW303 warning


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    app.state.model = load_model()  # expect: RW303 warning
    await migrate()
    yield
    requests.post("https://ops.example.com/stopped", timeout=1)  # expect: RW301 warning


app = FastAPI(lifespan=lifespan)


@app.post("/reload")
async def reload() -> str:
    return load_model()  # expect: RW303
