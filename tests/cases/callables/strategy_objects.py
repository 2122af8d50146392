# Strategy objects given to a context.
from abc import ABC, abstractmethod

import requests
from fastapi import FastAPI

app = FastAPI()


class Tax(ABC):
    @abstractmethod
    def rate(self, country: str) -> float: ...


class FixedTax(Tax):
    def rate(self, country: str) -> float:
        return 0.2


class OnlineTax(Tax):
    def rate(self, country: str) -> float:
        return float(requests.get(f"https://tax.example.com/{country}").text)


class Basket:
    def __init__(self, tax: Tax) -> None:
        self._tax = tax

    def total(self, net: float) -> float:
        return net * (1 + self._tax.rate("de"))


@app.get("/fixed")
async def fixed(net: float) -> float:
    return Basket(FixedTax()).total(net)


@app.get("/online")
async def online(net: float) -> float:
    return Basket(tax=OnlineTax()).total(net)  # expect: RW301
