# match: cases by class and by value, and a subject that is a call.
import time
from dataclasses import dataclass

from fastapi import FastAPI

app = FastAPI()


@dataclass
class Local:
    path: str


@dataclass
class Remote:
    url: str


def size(source: Local | Remote) -> int:
    match source:
        case Local(path=path):
            return len(path)
        case Remote(url=url):
            time.sleep(0.1)
            return len(url)


def subject() -> int:
    time.sleep(0.1)
    return 1


@app.get("/local")
async def local() -> int:
    return size(Local("a"))


@app.get("/remote")
async def remote() -> int:
    return size(Remote("b"))  # expect: RW303


@app.get("/kind/{kind}")
async def by_kind(kind: str) -> str:
    match kind:
        case "slow":
            time.sleep(0.1)  # expect: RW303
            return "slow"
        case _:
            return "quick"


@app.get("/subject")
async def by_subject() -> str:
    match subject():  # expect: RW303
        case 1:
            return "one"
    return "other"
