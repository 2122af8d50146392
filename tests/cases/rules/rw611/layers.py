# Outgoing calls in clients and services, caught at the call, above it, or nowhere
# file: app/__init__.py
# file: app/clients.py
from typing import Any

import aiohttp
import httpx
import requests


class Rates:
    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def today(self) -> Any:
        answer = await self.client.get("/rates/today")  # expect: RW611
        answer.raise_for_status()
        return answer.json()

    async def today_caught(self) -> Any:
        try:
            answer = await self.client.get("/rates/today")
            answer.raise_for_status()
        except httpx.HTTPError:
            return None
        return answer.json()

    async def caught_above(self) -> Any:
        return (await self.client.get("/rates/above")).json()


async def weather(city: str) -> Any:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"https://weather.example.com/{city}") as answer:  # expect: RW611
            return await answer.json()


async def send(payload: dict[str, Any]) -> None:
    async with httpx.AsyncClient(timeout=5) as client:
        await client.post("https://hooks.example.com", json=payload)  # expect: RW611


def stock(name: str) -> Any:
    return requests.get("https://stock.example.com", params={"name": name}, timeout=3).json()  # expect: RW611


def stock_caught(name: str) -> Any:
    try:
        return requests.get("https://stock.example.com", params={"name": name}, timeout=3).json()
    except requests.RequestException:
        return None
# file: app/main.py
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, HTTPException, Request

from app import clients
from app.clients import Rates


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with httpx.AsyncClient(base_url="https://rates.example.com") as client:
        app.state.client = client
        yield


def get_rates(request: Request) -> Rates:
    client: httpx.AsyncClient = request.app.state.client
    return Rates(client)


RatesDep = Annotated[Rates, Depends(get_rates)]
app = FastAPI(lifespan=lifespan)


@app.get("/rates")
async def rates(service: RatesDep) -> Any:
    return [await service.today(), await service.today_caught()]


@app.get("/above")
async def above(service: RatesDep) -> Any:
    try:
        return await service.caught_above()
    except httpx.HTTPError as error:
        raise HTTPException(502) from error


@app.get("/weather/{city}")
async def weather(city: str) -> Any:
    await clients.send({"city": city})
    return await clients.weather(city)


@app.get("/stock/{name}")
def stock(name: str) -> Any:
    return [clients.stock(name), clients.stock_caught(name)]


@app.get("/direct")
async def direct() -> int:
    answer = httpx.get("https://example.com")  # expect: RW611
    return answer.status_code


@app.get("/broad")
async def broad() -> int:
    try:
        answer = httpx.get("https://example.com")
    except Exception as error:
        raise HTTPException(502) from error
    return answer.status_code
