# A model with a constructor of its own validates where it calls the inherited one.
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()


class Base(BaseModel):
    path: str

    @field_validator("path")
    @classmethod
    def readable(cls, value: str) -> str:
        with open(value) as stream:
            stream.read()
        return value


class Report(Base):
    def __init__(self, **data: Any) -> None:
        super().__init__(**data)


class Free(BaseModel):
    path: str

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)


@app.get("/report")
async def report() -> str:
    return Report(path="a.txt").path  # expect: RW304


@app.get("/free")
async def free() -> str:
    return Free(path="a.txt").path
