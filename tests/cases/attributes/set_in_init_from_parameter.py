# What __init__ is given decides what the attribute's methods do.
import time
from typing import Protocol

from fastapi import FastAPI

app = FastAPI()


class Store(Protocol):
    def load(self, key: str) -> str: ...


class SlowStore:
    def load(self, key: str) -> str:
        time.sleep(1)
        return key


class MemoryStore:
    def load(self, key: str) -> str:
        return key


class Reader:
    def __init__(self, store: Store) -> None:
        self.store = store

    def read(self, key: str) -> str:
        return self.store.load(key)


slow = Reader(SlowStore())
quick = Reader(MemoryStore())


@app.get("/slow/{key}")
async def read_slow(key: str) -> str:
    return slow.read(key)  # expect: RW303


@app.get("/quick/{key}")
async def read_quick(key: str) -> str:
    return quick.read(key)
