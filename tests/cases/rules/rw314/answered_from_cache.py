# A client that is made only when the kept answer is too old
import time

import httpx
from fastapi import Depends, FastAPI

app = FastAPI()
_keys_cache: dict[str, tuple[float, dict[str, str]]] = {}


async def fetch_keys(url: str) -> dict[str, str]:
    cached = _keys_cache.get(url)
    if cached and cached[0] > time.monotonic():
        return cached[1]
    async with httpx.AsyncClient(timeout=5) as client:
        keys = (await client.get(url)).json()
    _keys_cache[url] = (time.monotonic() + 300, keys)
    return keys


async def keys() -> dict[str, str]:
    return await fetch_keys("https://login.example.com/keys")


@app.get("/me")
async def me(found: dict[str, str] = Depends(keys)) -> int:
    async with httpx.AsyncClient() as client:  # expect: RW314
        return (await client.get("https://example.com")).status_code + len(found)
