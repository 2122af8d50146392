# Outgoing calls in functions that handlers call in threads, caught there or not
# file: app/__init__.py
# file: app/clients.py
from typing import Any

import requests


def caught_above(city: str) -> Any:
    return requests.get(f"https://weather.example.com/{city}", timeout=5).json()


def caught_nowhere(city: str) -> Any:
    return requests.get(f"https://weather.example.com/{city}", timeout=5).json()  # expect: RW611
# file: app/main.py
import asyncio
from typing import Any

import requests
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

from app.clients import caught_above, caught_nowhere

app = FastAPI()


@app.get("/a/{city}")
async def a(city: str) -> Any:
    try:
        return await asyncio.to_thread(caught_above, city)
    except requests.RequestException:
        return None


@app.get("/b/{city}")
async def b(city: str) -> Any:
    try:
        if city:
            return await run_in_threadpool(caught_above, city)
    except requests.RequestException:
        return None


@app.get("/c/{city}")
async def c(city: str) -> Any:
    return await asyncio.to_thread(caught_nowhere, city)


@app.get("/d/{city}")
async def d(city: str) -> Any:
    return await asyncio.to_thread(requests.get, "https://weather.example.com", timeout=5)  # expect: RW611


@app.get("/e/{city}")
async def e(city: str) -> Any:
    try:
        return await asyncio.to_thread(requests.get, "https://weather.example.com", timeout=5)
    except requests.RequestException:
        return None
