# Parameters and returns without annotations, in modules, classes and nested functions
# file: app/__init__.py
# file: app/helpers.py
def double(number):  # expect: RW101
    return number * 2


class Service:
    def __init__(self, name: str):
        self.name = name

    def run(self, times: int):  # expect: RW101
        return self.name * times

    def stop(self, *_: object, **__: object) -> None: ...

    @property
    def size(self):  # expect: RW101
        return len(self.name)
# file: app/main.py
from fastapi import FastAPI

from app.helpers import Service, double

app = FastAPI()
key = lambda value: value


@app.get("/items")
async def read(q: str = ""):  # expect: RW101
    return double(Service(q).run(1))


@app.get("/typed")
async def typed(q: str = "") -> str:
    return q
