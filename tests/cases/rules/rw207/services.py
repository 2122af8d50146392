# Names of Pydantic 1 on models of several modules, and the same names on other things
# file: requirements.txt
pydantic>=2.7
# file: app/__init__.py
# file: app/schemas.py
from typing import Any

import pydantic
from pydantic import BaseModel, Extra, root_validator, validator
from pydantic import v1
from sqlmodel import SQLModel


class Item(BaseModel):
    name: str
    price: float

    class Config:  # expect: RW207
        orm_mode = True
        extra = Extra.forbid

    @validator("name")  # expect: RW207
    def not_empty(cls, value: str) -> str:
        return value

    @root_validator(pre=True)  # expect: RW207
    def whole(cls, values: dict[str, Any]) -> dict[str, Any]:
        return values


class Priced(Item):
    @pydantic.validator("price")  # expect: RW207
    def positive(cls, value: float) -> float:
        return value


class Hero(SQLModel):
    name: str


class Old(v1.BaseModel):
    name: str

    class Config:
        orm_mode = True


class Plain:
    def dict(self) -> dict[str, str]:
        return {}

    def json(self) -> str:
        return "{}"
# file: app/main.py
from typing import Any

import httpx
from fastapi import FastAPI, Request

from app.schemas import Hero, Item, Old, Plain, Priced

app = FastAPI()


def dump(item: Item) -> dict[str, Any]:
    return item.dict(exclude_unset=True)  # expect: RW207


@app.post("/items")
async def create(item: Priced, request: Request) -> list[Any]:
    parsed = Item.parse_obj(await request.json())  # expect: RW207
    copied = item.copy(update={"name": "x"})  # expect: RW207
    fields = list(Item.__fields__)  # expect: RW207
    answer = httpx.get("https://example.com").json()
    plain = Plain()
    return [dump(item), parsed.json(), copied, fields, answer, plain.dict(), plain.json(), {"a": 1}.copy()]  # expect: RW207


@app.post("/heroes")
async def hero(data: Hero, old: Old) -> Any:
    row = Hero.from_orm(data)  # expect: RW207
    return [row.dict(), old.dict(), data.model_dump()]  # expect: RW207
