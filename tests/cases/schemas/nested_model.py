# The validators of a model that lies inside the request body, in a list or a union.
import time

from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()


class Line(BaseModel):
    sku: str

    @field_validator("sku")
    @classmethod
    def known(cls, value: str) -> str:
        time.sleep(0.1)  # expect: RW303
        return value


class Address(BaseModel):
    city: str

    @field_validator("city")
    @classmethod
    def found(cls, value: str) -> str:
        time.sleep(0.1)  # expect: RW303
        return value


class Cart(BaseModel):
    lines: list[Line]
    address: Address | None = None


@app.post("/carts")
async def add(cart: Cart) -> int:
    return len(cart.lines)
