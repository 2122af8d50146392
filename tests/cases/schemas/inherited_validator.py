# A validator inherited from a base schema; a sibling without it is silent.
import time

from fastapi import FastAPI
from pydantic import BaseModel, field_validator

app = FastAPI()


class Named(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def unique(cls, value: str) -> str:
        time.sleep(0.1)  # expect: RW303
        return value


class User(Named):
    mail: str


class Unused(BaseModel):
    name: str

    @field_validator("name")
    @classmethod
    def unique(cls, value: str) -> str:
        time.sleep(0.1)
        return value


@app.post("/users")
async def add(user: User) -> str:
    return user.name
