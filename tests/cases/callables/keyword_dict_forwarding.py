# A dict of keyword arguments, unpacked into a call, carries the function.
import time
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def step(*, action: Callable[[], str], label: str) -> str:
    return label + action()


def slow() -> str:
    time.sleep(0.1)
    return "slow"


def quick() -> str:
    return "quick"


@app.get("/slow")
async def slow_step() -> str:
    options: dict[str, Any] = {"action": slow, "label": "s"}
    return step(**options)  # expect: RW303


@app.get("/quick")
async def quick_step() -> str:
    options: dict[str, Any] = {"action": quick, "label": "q"}
    return step(**options)
