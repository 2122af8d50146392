# An optional client: silent branches for None, a finding where it is called.
import redis
from fastapi import FastAPI

app = FastAPI()


def connect(url: str) -> redis.Redis | None:
    return redis.Redis.from_url(url) if url else None


cache = connect("redis://cache")


@app.get("/get/{key}")
async def get(key: str) -> str:
    if cache is None:
        return ""
    return str(cache.get(key))  # expect: RW302


@app.get("/enabled")
async def enabled() -> bool:
    return cache is not None
