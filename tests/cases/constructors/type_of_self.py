# `type[Self]` and `Self` on a class: constructors that return the class they are called on.
import time
from typing import Self

from fastapi import FastAPI

app = FastAPI()


class Base:
    def work(self) -> None:
        return None

    @classmethod
    def registered(cls) -> type[Self]:
        return lookup(cls)

    @classmethod
    def current(cls) -> Self:
        return lookup(cls)


class Slow(Base):
    def work(self) -> None:
        time.sleep(1)


class Quick(Base):
    pass


def lookup(cls):
    return globals()["_" + cls.__name__]


@app.get("/")
async def read() -> None:
    Slow.registered()().work()  # expect: RW303
    Slow.current().work()  # expect: RW303
    Quick.registered()().work()
    Quick.current().work()
