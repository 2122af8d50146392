# Subscribers that are added elsewhere and called by the bus.
# file: main.py
from fastapi import FastAPI

import subscribers
from bus import Bus, bus

app = FastAPI()
silent = Bus()
silent.subscribe(subscribers.note)


@app.post("/publish")
async def publish(event: str) -> None:
    bus.publish(event)  # expect: RW301


@app.post("/silent")
async def publish_silently(event: str) -> None:
    silent.publish(event)
# file: bus.py
from collections.abc import Callable


class Bus:
    def __init__(self) -> None:
        self._subscribers: list[Callable[[str], None]] = []

    def subscribe(self, subscriber: Callable[[str], None]) -> None:
        self._subscribers.append(subscriber)

    def publish(self, event: str) -> None:
        for subscriber in self._subscribers:
            subscriber(event)


bus = Bus()
# file: subscribers.py
import requests

from bus import bus

NOTES: list[str] = []


def note(event: str) -> None:
    NOTES.append(event)


def forward(event: str) -> None:
    requests.post("https://hooks.example.com", data=event, timeout=5)


bus.subscribe(forward)
