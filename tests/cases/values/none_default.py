# if x is None: the branch is taken only where nothing is given.
import time

from fastapi import FastAPI

app = FastAPI()


def token(given: str | None = None) -> str:
    if given is None:
        time.sleep(1)
        given = "fetched"
    return given


@app.get("/given")
async def with_token() -> str:
    return token("t")


@app.get("/missing")
async def without_token() -> str:
    return token()  # expect: RW303


@app.get("/maybe")
async def maybe(key: str | None = None) -> str:
    return token(key)  # expect: RW303
