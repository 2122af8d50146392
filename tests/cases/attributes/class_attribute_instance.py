# An instance kept on a class, reached through the class.
import redis
from fastapi import FastAPI

app = FastAPI()


class Stores:
    cache = redis.Redis(host="cache", decode_responses=True)
    local: dict[str, str] = {}


@app.get("/cache/{key}")
async def from_cache(key: str) -> str | None:
    return Stores.cache.get(key)  # expect: RW302


@app.get("/local/{key}")
async def from_local(key: str) -> str | None:
    return Stores.local.get(key)
