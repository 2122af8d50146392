# Type parameters of functions and classes, and type statements (Python 3.12).
import time
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


class Repository[T]:
    def __init__(self, items: dict[int, T]) -> None:
        self.items = items

    def get(self, key: int) -> T | None:
        time.sleep(0.1)
        return self.items.get(key)

    def size(self) -> int:
        return len(self.items)


def first[T](items: list[T]) -> T:
    time.sleep(0.1)
    return items[0]


def names() -> Repository[str]:
    return Repository({1: "a"})


type Names = Annotated[Repository[str], Depends(names)]
NamesDep = Annotated[Repository[str], Depends(names)]


@app.get("/names/{key}")
async def read(key: int, found: NamesDep) -> str | None:
    return found.get(key)  # expect: RW303


@app.get("/size")
async def size(found: NamesDep) -> int:
    return found.size()


@app.get("/alias/{key}")
async def read_alias(key: int, found: Names) -> str | None:
    return found.get(key)  # expect: RW303


@app.get("/first")
async def read_first() -> int:
    return first([1, 2])  # expect: RW303
