# A cached_property that blocks the first time it is read.
import json
from functools import cached_property

from fastapi import FastAPI

app = FastAPI()


class Catalogue:
    @cached_property
    def products(self) -> dict[str, int]:
        with open("products.json", encoding="utf-8") as file:
            return json.load(file)

    @cached_property
    def currency(self) -> str:
        return "EUR"


catalogue = Catalogue()


@app.get("/products/{sku}")
async def product(sku: str) -> dict[str, object]:
    price = catalogue.products.get(sku)  # expect: RW304
    return {"price": price, "currency": catalogue.currency}
