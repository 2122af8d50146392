# self, cls, names of unused rests, lambdas, __init__'s return, Any, and code nobody uses
# file: main.py
from typing import Any

from fastapi import FastAPI

app = FastAPI()


class Service:
    def __init__(self, name: str):
        self.name = name

    @classmethod
    def make(cls, *_: str, **__: str) -> "Service":
        return cls("x")

    def anything(self, value: Any) -> Any:
        return value

    def __str__(self):  # expect: RW101
        return self.name


key = lambda value: value


@app.get("/")
async def root(limit: int):  # expect: RW101
    return Service.make().anything(limit)


def rest(*args, **kwargs) -> None:  # expect: RW101
    return None
# file: script.py
def unused(x):
    return x
# file: tests/test_main.py
def test_nothing():
    assert True
