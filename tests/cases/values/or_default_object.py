# An object that is always handed in makes the blocking default unreachable.
# file: main.py
from fastapi import FastAPI

from clients import Memory
from service import Service

app = FastAPI()
service = Service(store=Memory())


@app.get("/read/{key}")
async def read(key: str) -> str:
    return service.read(key)


@app.get("/fresh/{key}")
async def fresh(key: str) -> str:
    return Service(Memory()).read(key)


@app.get("/default/{key}")
async def default(key: str) -> str:
    return Service().read(key)  # expect: RW303
# file: clients.py
import time


class Memory:
    def read(self, key: str) -> str:
        return key


class Remote(Memory):
    def __init__(self) -> None:
        time.sleep(1)

    def read(self, key: str) -> str:
        time.sleep(1)
        return key
# file: service.py
from clients import Memory, Remote


class Service:
    def __init__(self, store: Memory | None = None) -> None:
        self.store = store or Remote()

    def read(self, key: str) -> str:
        return self.store.read(key)
