# Names of Pydantic 1 on models are flagged where Pydantic 2 is required
# file: pyproject.toml
[project]
name = "shop"
dependencies = ["fastapi>=0.115", "pydantic>=2.7,<3"]
# file: app.py
import httpx
from fastapi import FastAPI
from pydantic import BaseModel, root_validator, validator
from pydantic import v1

app = FastAPI()


class Item(BaseModel):
    name: str

    @validator("name")  # expect: RW207
    def strip(cls, value: str) -> str:
        return value.strip()

    @root_validator(pre=True)  # expect: RW207
    def check(cls, values: dict) -> dict:
        return values

    class Config:  # expect: RW207
        orm_mode = True


class Own(BaseModel):
    name: str

    def dict(self) -> dict[str, str]:
        return {"name": self.name}


class Old(v1.BaseModel):
    name: str

    class Config:
        orm_mode = True


class Config:
    debug = False


@app.post("/items")
async def create(item: Item) -> str:
    other = Item.parse_obj({"name": "a"})  # expect: RW207
    Item.from_orm(other)  # expect: RW207
    text = item.json()  # expect: RW207
    fields = Item.__fields__  # expect: RW207
    return text + str(item.dict(exclude_unset=True)) + str(fields)  # expect: RW207


@app.post("/both")
async def serves_both(item: Item) -> dict:
    if hasattr(item, "model_dump"):
        return item.model_dump()
    return item.dict()


@app.post("/others")
async def others(own: Own, old: Old) -> dict:
    async with httpx.AsyncClient() as client:
        answer = await client.get("https://example.com")
    return {**answer.json(), **own.dict(), **old.dict()}
