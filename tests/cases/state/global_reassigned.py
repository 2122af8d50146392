# A module's global that startup replaces.
# file: main.py
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

import store


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    store.open_store()
    yield


app = FastAPI(lifespan=lifespan)


@app.get("/read/{key}")
async def read(key: str) -> str:
    return store.current.read(key)  # expect: RW303
# file: store.py
import time


class Empty:
    def read(self, key: str) -> str:
        return ""


class Remote(Empty):
    def read(self, key: str) -> str:
        time.sleep(0.1)
        return key


current: Empty = Empty()


def open_store() -> None:
    global current
    current = Remote()
