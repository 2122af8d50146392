# A decorator on a class that replaces one of its methods.
import time
from typing import TypeVar

from fastapi import FastAPI

T = TypeVar("T")
app = FastAPI()


def with_delay(cls: type[T]) -> type[T]:
    def describe(self: T) -> str:
        time.sleep(0.1)
        return type(self).__name__

    setattr(cls, "describe", describe)
    return cls


def registered(cls: type[T]) -> type[T]:
    NAMES.append(cls.__name__)
    return cls


NAMES: list[str] = []


@with_delay
class Slow:
    def describe(self) -> str:
        return "never used"


@registered
class Quick:
    def describe(self) -> str:
        return "quick"


@app.get("/slow")
async def slow() -> str:
    return Slow().describe()  # expect: RW303


@app.get("/quick")
async def quick() -> str:
    return Quick().describe()
