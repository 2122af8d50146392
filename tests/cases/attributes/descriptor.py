# A descriptor's __get__ runs where the attribute is read.
from __future__ import annotations

import requests
from fastapi import FastAPI

app = FastAPI()


class Remote:
    def __init__(self, path: str) -> None:
        self.path = path

    def __get__(self, instance: Settings, owner: type[Settings]) -> str:
        return requests.get(f"https://conf.example.com{self.path}", timeout=2).text


class Fixed:
    def __init__(self, value: str) -> None:
        self.value = value

    def __get__(self, instance: Settings, owner: type[Settings]) -> str:
        return self.value


class Settings:
    banner = Remote("/banner")
    region = Fixed("eu")


settings = Settings()


@app.get("/region")
async def region() -> str:
    return settings.region


@app.get("/banner")
async def banner() -> str:
    return settings.banner  # expect: RW301
