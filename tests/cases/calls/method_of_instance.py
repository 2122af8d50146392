# Methods called on objects made in the handler and at module level.
import requests
from fastapi import FastAPI

app = FastAPI()


class Weather:
    def __init__(self, key: str) -> None:
        self.key = key

    def now(self, city: str) -> dict[str, object]:
        return self._get(f"/now/{city}")

    def describe(self, city: str) -> str:
        return f"{city}:{self.key}"

    def _get(self, path: str) -> dict[str, object]:
        return requests.get(f"https://w.example.com{path}", timeout=3).json()


weather = Weather("k")


@app.get("/now/{city}")
async def now(city: str) -> dict[str, object]:
    return weather.now(city)  # expect: RW301


@app.get("/other/{city}")
async def other(city: str) -> dict[str, object]:
    mine = Weather("mine")
    return {"name": mine.describe(city), "now": mine.now(city)}  # expect: RW301
