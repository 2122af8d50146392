# __init__ of a base class, through super() and without an own one.
import time

from fastapi import FastAPI

app = FastAPI()


class Base:
    def __init__(self) -> None:
        time.sleep(0.2)


class Plain(Base):
    def name(self) -> str:
        return "plain"


class Calling(Base):
    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label


class Skipping(Base):
    def __init__(self, label: str) -> None:
        self.label = label


@app.get("/plain")
async def plain() -> str:
    return Plain().name()  # expect: RW303


@app.get("/calling")
async def calling() -> str:
    return Calling("c").label  # expect: RW303


@app.get("/skipping")
async def skipping() -> str:
    return Skipping("s").label
