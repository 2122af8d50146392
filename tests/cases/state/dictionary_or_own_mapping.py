# A module-level name that is a plain dictionary or an object of the project's own, by a setting.
import os

import redis
from fastapi import FastAPI

app = FastAPI()


class RedisDict:
    def __init__(self, name: str) -> None:
        self.name = name
        self.client = redis.Redis()

    def __setitem__(self, key: str, value: str) -> None:
        self.client.hset(self.name, key, value)

    def __getitem__(self, key: str) -> bytes:
        return self.client.hget(self.name, key)

    def update(self, values: dict[str, str]) -> None:
        self.client.hset(self.name, mapping=values)


if os.environ.get("REDIS"):
    POOL = RedisDict("pool")
else:
    POOL = {}
PLAIN = {}


@app.post("/pool/{key}")
async def add(key: str, value: str) -> None:
    POOL[key] = value  # expect: RW302
    POOL.update({key: value})  # expect: RW302
    PLAIN[key] = value


@app.get("/pool/{key}")
async def read(key: str) -> str:
    PLAIN.update({key: "x"})
    return str(POOL[key])  # expect: RW302
