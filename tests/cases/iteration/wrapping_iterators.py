# enumerate, zip, itertools.chain and islice pass the generator's blocking on.
import time
from collections.abc import Iterator
from itertools import chain, islice

from fastapi import FastAPI

app = FastAPI()


def words() -> Iterator[str]:
    time.sleep(0.1)
    yield "a"


@app.get("/enumerate")
async def enumerated() -> list[str]:
    found = []
    for number, word in enumerate(words()):  # expect: RW303
        found.append(f"{number}{word}")
    return found


@app.get("/zip")
async def zipped() -> dict[int, str]:
    return dict(zip(range(3), words()))  # expect: RW303


@app.get("/chain")
async def chained() -> list[str]:
    return list(islice(chain(["x"], words()), 5))  # expect: RW303


@app.get("/lists")
async def lists() -> list[str]:
    return list(chain(["x"], ["y"]))
