# An allow list, a check that raises, a fixed mapping.
from urllib.parse import urlparse

import httpx
from fastapi import FastAPI, HTTPException

app = FastAPI()
client = httpx.AsyncClient()
SERVICES = {"a": "https://a.example.com"}


def validate_url(url: str) -> None:
    if urlparse(url).hostname not in {"a.example.com"}:
        raise ValueError(url)


@app.post("/a")
async def a(url: str) -> None:
    validate_url(url)
    await client.get(url)


@app.post("/b")
async def b(url: str) -> None:
    parsed = urlparse(url)
    if parsed.scheme != "https" or parsed.netloc != "a.example.com":
        raise HTTPException(400)
    await client.get(url)


@app.post("/c")
async def c(name: str) -> None:
    await client.get(SERVICES[name])


@app.post("/d")
async def d(url: str) -> None:
    if not url:
        raise HTTPException(400)
    await client.get(url)  # expect: RW620
