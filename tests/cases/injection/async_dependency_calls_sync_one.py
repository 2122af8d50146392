# An async dependency that calls a def dependency by hand, and one that is given it.
import time
from typing import Annotated

from fastapi import Depends, FastAPI

app = FastAPI()


def read_profile() -> str:
    time.sleep(0.1)
    return "profile"


async def given(profile: Annotated[str, Depends(read_profile)]) -> str:
    return profile


async def fetched() -> str:
    return read_profile()  # expect: RW303


@app.get("/given")
async def read_given(profile: Annotated[str, Depends(given)]) -> str:
    return profile


@app.get("/fetched")
async def read_fetched(profile: Annotated[str, Depends(fetched)]) -> str:
    return profile
