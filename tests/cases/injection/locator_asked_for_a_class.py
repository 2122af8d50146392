# Locators that are asked for a class.
# file: main.py
from typing import Any, Optional, TypeVar

import requests
from fastapi import FastAPI

T = TypeVar("T")
S = TypeVar("S")
app = FastAPI()


class Rates:
    def of(self, code: str) -> float:
        return requests.get(code, timeout=3).json()


class Quiet:
    def of(self, code: str) -> float:
        return 1.0


class Locator:
    def __init__(self) -> None:
        self._made: dict[Any, Any] = {}

    def get(self, kind: type[T]) -> T:
        return self._made[kind]

    def find(self, kind: type[T], default: T | None = None) -> Optional[T]:
        return self._made.get(kind, default)

    async def aget(self, kind: type[T]) -> T:
        return self._made[kind]


class Modern:
    def resolve(self, kind: type[S]) -> S:
        return make(kind)


def make(kind):
    return __import__("x").make(kind)


locator = Locator()


@app.get("/a")
async def a(code: str):
    return locator.get(Rates).of(code)  # expect: RW301


@app.get("/q")
async def q(code: str):
    return locator.get(Quiet).of(code)


@app.get("/b")
async def b(code: str):
    rates = locator.find(Rates)
    return rates.of(code) if rates else None  # expect: RW301


@app.get("/c")
async def c(code: str):
    rates = await locator.aget(Rates)
    return rates.of(code)  # expect: RW301


@app.get("/d")
async def d(code: str):
    return Modern().resolve(Rates).of(code)  # expect: RW301
