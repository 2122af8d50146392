# x or load(): silent where x is always given, found where it may be missing.
import json
from typing import Any

from fastapi import FastAPI

app = FastAPI()


def load() -> dict[str, Any]:
    with open("defaults.json", encoding="utf-8") as file:
        return json.load(file)


class Given:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.table = table or load()


def merged(table: dict[str, Any] | None) -> dict[str, Any]:
    return table or load()


@app.get("/given")
async def given() -> dict[str, Any]:
    return Given({"a": 1}).table


@app.get("/missing")
async def missing() -> dict[str, Any]:
    return Given().table  # expect: RW304


@app.get("/merged")
async def merge() -> dict[str, Any]:
    return {**merged({"b": 2}), **merged(None)}  # expect: RW304
