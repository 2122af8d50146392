# A call through a Protocol that is not inherited: what was really handed in decides.
# file: main.py
from fastapi import FastAPI

from ports import Geocoder
from providers import Offline, Online

app = FastAPI()


class Places:
    def __init__(self, geocoder: Geocoder) -> None:
        self.geocoder = geocoder

    def find(self, text: str) -> tuple[float, float]:
        return self.geocoder.locate(text)


online = Places(Online())
offline = Places(Offline())


@app.get("/online")
async def find_online(text: str) -> tuple[float, float]:
    return online.find(text)  # expect: RW301


@app.get("/offline")
async def find_offline(text: str) -> tuple[float, float]:
    return offline.find(text)
# file: ports.py
from typing import Protocol


class Geocoder(Protocol):
    def locate(self, text: str) -> tuple[float, float]: ...
# file: providers.py
import requests


class Online:
    def locate(self, text: str) -> tuple[float, float]:
        found = requests.get("https://geo.example.com", params={"q": text}).json()
        return found["lat"], found["lon"]


class Offline:
    def locate(self, text: str) -> tuple[float, float]:
        return 0.0, float(len(text))
