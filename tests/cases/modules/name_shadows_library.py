# A project module or function with a blocking library's name is not the library.
# file: main.py
from fastapi import FastAPI

from app import requests
from app.clock import sleep

app = FastAPI()


@app.get("/queue")
async def queue() -> list[str]:
    sleep(3)
    return requests.get("waiting")
# file: app/__init__.py
# file: app/requests.py
STORE: dict[str, list[str]] = {"waiting": []}


def get(name: str) -> list[str]:
    return STORE[name]
# file: app/clock.py
NAPS: list[int] = []


def sleep(seconds: int) -> None:
    NAPS.append(seconds)
