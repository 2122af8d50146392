# A dataclass's __post_init__ and default factories run where it is made.
import json
import time
from dataclasses import dataclass, field

from fastapi import FastAPI

app = FastAPI()


def load_defaults() -> dict[str, int]:
    with open("defaults.json", encoding="utf-8") as file:
        return json.load(file)


@dataclass
class Options:
    name: str
    values: dict[str, int] = field(default_factory=load_defaults)


@dataclass
class Session:
    user: str

    def __post_init__(self) -> None:
        time.sleep(0.1)


@dataclass
class Point:
    x: int = 0
    y: int = 0
    tags: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.x = abs(self.x)


@app.get("/session/{user}")
async def open_session(user: str) -> str:
    return Session(user).user  # expect: RW303


@app.get("/options")
async def options() -> dict[str, int]:
    return Options("o").values  # expect: RW304


@app.get("/given")
async def given() -> dict[str, int]:
    return Options("o", {"a": 1}).values


@app.get("/point")
async def point() -> int:
    return Point(-1).x
