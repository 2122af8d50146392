# Settings made anew on each request, and the ways of keeping them
from functools import cache
from typing import Annotated

from fastapi import Depends, FastAPI
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    name: str = "shop"


class Other(Settings):
    size: int = 1


app = FastAPI()
settings = Settings()
_kept: Settings | None = None


@cache
def cached() -> Settings:
    return Settings()


def kept() -> Settings:
    global _kept
    if _kept is None:
        _kept = Settings()
    return _kept


def uncached() -> Other:
    return Other()  # expect: RW206


def provided_directly() -> Settings:
    return Settings()  # expect: RW206


@app.get("/handler")
async def in_handler() -> str:
    own = Settings()  # expect: RW206
    return own.name + provided_directly().name


@app.get("/uncached")
async def with_uncached(other: Annotated[Other, Depends(uncached)]) -> str:
    return other.name


@app.get("/cached")
async def with_cached(
    first: Annotated[Settings, Depends(cached)],
    second: Annotated[Settings, Depends(kept)],
) -> str:
    return first.name + second.name + settings.name


def main() -> None:
    print(Settings())
