# A value that is one of two classes: the one that blocks is enough.
import time

from fastapi import FastAPI

app = FastAPI()


class Fast:
    def read(self) -> str:
        return "fast"


class Slow:
    def read(self) -> str:
        time.sleep(0.1)
        return "slow"


def pick(name: str) -> Fast | Slow:
    if name.startswith("f"):
        return Fast()
    return Slow()


@app.get("/pick/{name}")
async def read(name: str) -> str:
    source = pick(name)
    return source.read()  # expect: RW303


@app.get("/narrowed/{name}")
async def narrowed(name: str) -> str:
    source = pick(name)
    if isinstance(source, Fast):
        return source.read()
    return "not read"
