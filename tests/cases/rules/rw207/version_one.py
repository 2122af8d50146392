# Where Pydantic 1 is required, its names are right
# file: requirements.txt
fastapi==0.95.0
pydantic==1.10.7
# file: app.py
from fastapi import FastAPI
from pydantic import BaseModel, validator

app = FastAPI()


class Item(BaseModel):
    name: str

    @validator("name")
    def strip(cls, value: str) -> str:
        return value.strip()


@app.post("/items")
async def create(item: Item) -> dict:
    return item.dict()
