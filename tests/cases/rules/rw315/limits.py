# Limits of requests, httpx, aiohttp and urllib: none, taken away, and given
import urllib.request

import aiohttp
import httpx
import requests
from fastapi import FastAPI

app = FastAPI()
session = requests.Session()
NO_LIMIT = None
SOME = 10


async def ask(url: str, timeout: httpx.Timeout = httpx.Timeout(None)) -> None:
    async with httpx.AsyncClient(timeout=timeout) as client:
        await client.get(url)


@app.get("/")
async def root(options: dict) -> None:
    requests.get("https://x.example")  # expect: RW315
    requests.get("https://x.example", timeout=None)  # expect: RW315
    requests.get("https://x.example", timeout=5)
    requests.get("https://x.example", **options)
    session.post("https://x.example")  # expect: RW315
    session.post("https://x.example", timeout=SOME)
    urllib.request.urlopen("https://x.example")  # expect: RW315
    urllib.request.urlopen("https://x.example", None, 5)
    httpx.AsyncClient()
    httpx.AsyncClient(timeout=NO_LIMIT)  # expect: RW315
    async with httpx.AsyncClient(timeout=httpx.Timeout(None)) as client:  # expect: RW315
        await client.get("https://x.example")
        await client.get("https://x.example", timeout=None)  # expect: RW315
        await client.get("https://x.example", timeout=3)
    httpx.AsyncClient(timeout=httpx.Timeout(None, connect=5, read=30))
    aiohttp.ClientTimeout(total=None)  # expect: RW315
    aiohttp.ClientTimeout(connect=3)  # expect: RW315
    aiohttp.ClientTimeout(total=None, sock_read=30)
    aiohttp.ClientTimeout(30)
    aiohttp.ClientSession()
    {"requests": 1}.get("requests")
