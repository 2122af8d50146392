# A third-party decorator that calls the function: tenacity, sync and async.
import httpx
import requests
from fastapi import FastAPI
from tenacity import retry, stop_after_attempt, wait_fixed

app = FastAPI()


@retry(stop=stop_after_attempt(3), wait=wait_fixed(1))
def fetch(path: str) -> str:
    return requests.get(f"https://example.com{path}", timeout=2).text


@retry(stop=stop_after_attempt(3), wait=wait_fixed(1))
async def fetch_async(path: str) -> str:
    async with httpx.AsyncClient() as client:
        return (await client.get(f"https://example.com{path}")).text


@app.get("/sync")
async def read() -> str:
    return fetch("/a")  # expect: RW301


@app.get("/async")
async def read_async() -> str:
    return await fetch_async("/a")
