# Requests that are sent in threads, with a time limit and without
import asyncio
import functools

import requests
from asgiref.sync import sync_to_async
from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool

app = FastAPI()


@app.get("/a")
async def a() -> int:
    answer = await asyncio.to_thread(requests.get, "https://example.com")  # expect: RW315
    return answer.status_code


@app.get("/b")
async def b() -> int:
    answer = await run_in_threadpool(requests.get, "https://example.com", timeout=5)
    return answer.status_code


@app.get("/c")
async def c() -> int:
    get = functools.partial(requests.get, timeout=5)
    return (await asyncio.to_thread(get, "https://example.com")).status_code


@app.get("/d")
async def d() -> str:
    return await asyncio.to_thread(str.upper, "x")


@app.get("/e")
async def e() -> int:
    answer = await sync_to_async(requests.get)("https://example.com")  # expect: RW315
    return answer.status_code


@app.get("/f")
async def f() -> int:
    answer = await sync_to_async(requests.get)("https://example.com", timeout=5)
    return answer.status_code


@app.get("/g")
async def g() -> int:
    # The function that wraps takes options of its own.
    get = sync_to_async(requests.get, thread_sensitive=False)
    return (await get("https://example.com", timeout=5)).status_code
