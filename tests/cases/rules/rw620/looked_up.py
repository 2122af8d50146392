# A URL that is looked up among the known ones, and one for which something else is
# file: main.py
import httpx
from fastapi import FastAPI, HTTPException

from releases import releases

app = FastAPI()
client = httpx.AsyncClient()


async def details(link: str) -> str:
    return (await client.get(link)).text


@app.get("/known")
async def known(link: str) -> str:
    release = next((each for each in await releases() if each.link == link), None)
    if release is None:
        raise HTTPException(404)
    return await details(link)


@app.get("/unknown")
async def unknown(link: str, name: str) -> str:
    release = next((each for each in await releases() if each.name == name), None)
    if release is None:
        raise HTTPException(404)
    return (await client.get(link)).text  # expect: RW620


# file: releases.py
from dataclasses import dataclass


@dataclass
class Release:
    name: str
    link: str


async def releases() -> list[Release]:
    return [Release("one", "https://example.com/one")]
