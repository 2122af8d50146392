# A class imported for the type checker only still says what the parameter is.
# file: main.py
from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI

from factory import make_gateway

if TYPE_CHECKING:
    from gateway import Gateway

app = FastAPI()
gateway = make_gateway()


async def charge(gate: Gateway, amount: int) -> str:
    gate.describe()
    return gate.charge(amount)  # expect: RW301


@app.post("/charge")
async def charge_card(amount: int) -> str:
    return await charge(gateway, amount)
# file: factory.py
from gateway import Gateway


def make_gateway() -> Gateway:
    return Gateway("https://pay.example.com")
# file: gateway.py
import requests


class Gateway:
    def __init__(self, url: str) -> None:
        self.url = url

    def describe(self) -> str:
        return self.url

    def charge(self, amount: int) -> str:
        return requests.post(self.url, json={"amount": amount}, timeout=9).text
