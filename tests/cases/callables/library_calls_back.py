# Library functions that call what they are given: reduce, re.sub, min, setdefault's value.
import re
import time
from functools import reduce

from fastapi import FastAPI

app = FastAPI()
CACHE: dict[str, int] = {}


def combine(a: int, b: int) -> int:
    time.sleep(0.1)
    return a + b


def replace(match: re.Match[str]) -> str:
    time.sleep(0.1)
    return match[0].upper()


def size(text: str) -> int:
    time.sleep(0.1)
    return len(text)


@app.get("/reduce")
async def reduced() -> int:
    return reduce(combine, [1, 2, 3])  # expect: RW303


@app.get("/sub")
async def substituted(text: str) -> str:
    return re.sub(r"[a-z]", replace, text)  # expect: RW303


@app.get("/default/{key}")
async def default(key: str) -> int:
    return CACHE.setdefault(key, size(key))  # expect: RW303


@app.get("/cached/{key}")
async def cached(key: str) -> int:
    return CACHE.get(key) or size(key)  # expect: RW303


@app.get("/quick")
async def quick(text: str) -> str:
    return re.sub(r"[a-z]", lambda match: match[0].upper(), text)
