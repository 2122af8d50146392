# Caught here, in the caller, by the application for its errors; or by nobody.
import aiohttp
import httpx
from fastapi import FastAPI, HTTPException

app = FastAPI()
client = httpx.AsyncClient()


async def fetch(path: str) -> str:
    answer = await client.get(f"https://api.example.com/{path}")
    return answer.text


async def bare(path: str) -> str:
    answer = await client.post(  # expect: RW611
        f"https://api.example.com/{path}"
    )
    return answer.text


@app.get("/caught")
async def caught() -> str:
    try:
        return await fetch("a")
    except httpx.HTTPError as error:
        raise HTTPException(502) from error


@app.get("/other")
async def other_error() -> str:
    try:
        return await bare("b")
    except KeyError as error:
        raise HTTPException(502) from error


@app.get("/session")
async def session() -> str:
    async with aiohttp.ClientSession() as session:
        async with session.get("https://api.example.com/") as answer:  # expect: RW611
            return await answer.text()
