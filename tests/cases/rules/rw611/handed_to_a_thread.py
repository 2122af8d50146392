# A call that is handed to a thread is caught where it is handed over.
import asyncio

import requests
from fastapi import FastAPI, HTTPException

app = FastAPI()


def load(name: str) -> str:
    return requests.get(f"https://example.com/{name}", timeout=5).text


def load_unguarded(name: str) -> str:
    return requests.get(f"https://example.com/{name}", timeout=5).text  # expect: RW611


@app.get("/guarded")
async def guarded(name: str) -> str:
    try:
        return await asyncio.to_thread(load, name)
    except requests.RequestException:
        raise HTTPException(502) from None


@app.get("/bare")
async def bare(name: str) -> str:
    return await asyncio.to_thread(load_unguarded, name)
