# A client that a function makes the first time and keeps in a global.
import redis
from fastapi import FastAPI

app = FastAPI()
_client: redis.Redis | None = None


def client() -> redis.Redis:
    global _client
    if _client is None:
        _client = redis.Redis(host="cache")
    return _client


@app.get("/get/{key}")
async def get(key: str) -> str:
    found = client()
    return str(found.get(key))  # expect: RW302
