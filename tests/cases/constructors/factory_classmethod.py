# Alternative constructors: one reads a file, one takes what it is given.
from __future__ import annotations

import tomllib

from fastapi import FastAPI

app = FastAPI()


class Config:
    def __init__(self, values: dict[str, object]) -> None:
        self.values = values

    @classmethod
    def from_file(cls, path: str) -> Config:
        with open(path, "rb") as file:
            return cls(tomllib.load(file))

    @classmethod
    def from_text(cls, text: str) -> Config:
        return cls(tomllib.loads(text))


@app.get("/file")
async def from_file() -> dict[str, object]:
    return Config.from_file("app.toml").values  # expect: RW304


@app.get("/text")
async def from_text() -> dict[str, object]:
    return Config.from_text("a = 1").values
