# The project's own helper that moves a function into a thread.
# file: app/__init__.py
# file: app/concurrency.py
import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


async def run_sync(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, partial(function, *args, **kwargs))


async def run_here(function: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    return function(*args, **kwargs)  # expect: RW301
# file: app/main.py
import requests
from app.concurrency import run_here, run_sync
from fastapi import FastAPI

app = FastAPI()


def download(name: str) -> str:
    return requests.get(f"https://files.example.com/{name}", timeout=5).text


@app.get("/thread/{name}")
async def in_thread(name: str) -> str:
    return await run_sync(download, name)


@app.get("/loop/{name}")
async def on_loop(name: str) -> str:
    return await run_here(download, name=name)
