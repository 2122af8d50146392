# Tests that call a handler, and tests that only import the module with the routes
# file: main.py
from fastapi import FastAPI

app = FastAPI()


@app.get("/a")  # expect: RW701
async def read_a() -> int:
    return 1


@app.get("/b")  # expect: RW701
async def read_b() -> int:
    return 2
# file: test_main.py
import asyncio

import main


def test_a() -> None:
    assert asyncio.run(main.read_a()) == 1
