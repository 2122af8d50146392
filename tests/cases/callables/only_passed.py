# A blocking function that is handed over but never called is silent.
import time
from collections.abc import Callable

from fastapi import FastAPI

app = FastAPI()
HOOKS: dict[str, Callable[[], None]] = {}


def slow() -> None:
    time.sleep(1)


def register(name: str, hook: Callable[[], None]) -> None:
    HOOKS[name] = hook


def describe(hook: Callable[[], None]) -> str:
    return hook.__name__


@app.post("/hooks/{name}")
async def add_hook(name: str) -> str:
    register(name, slow)
    return describe(slow)
