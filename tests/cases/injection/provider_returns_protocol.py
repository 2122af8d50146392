# A dependency annotated with a Protocol hands out a class that blocks.
from typing import Annotated, Protocol

import redis
from fastapi import Depends, FastAPI

app = FastAPI()


class Counter(Protocol):
    def increment(self, name: str) -> int: ...


class RedisCounter:
    def __init__(self, client: redis.Redis) -> None:
        self.client = client

    def increment(self, name: str) -> int:
        return int(self.client.incr(name))


class MemoryCounter:
    def __init__(self) -> None:
        self.counts: dict[str, int] = {}

    def increment(self, name: str) -> int:
        self.counts[name] = self.counts.get(name, 0) + 1
        return self.counts[name]


client = redis.Redis(host="cache")
memory = MemoryCounter()


def shared_counter() -> Counter:
    return RedisCounter(client)


def local_counter() -> Counter:
    return memory


@app.post("/shared/{name}")
async def shared(name: str, counter: Annotated[Counter, Depends(shared_counter)]) -> int:
    return counter.increment(name)  # expect: RW302


@app.post("/local/{name}")
async def local(name: str, counter: Annotated[Counter, Depends(local_counter)]) -> int:
    return counter.increment(name)
