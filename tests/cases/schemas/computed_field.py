# Computed fields and serializers of an async route's response run on the loop.
import time

from fastapi import FastAPI
from pydantic import BaseModel, computed_field, field_serializer

app = FastAPI()


class Picture(BaseModel):
    name: str

    @computed_field
    @property
    def size(self) -> int:
        time.sleep(0.1)  # expect: RW303
        return 1

    @field_serializer("name")
    def signed(self, value: str) -> str:
        return sign(value)  # expect: RW303


class Unserialised(BaseModel):
    name: str

    @computed_field
    @property
    def size(self) -> int:
        time.sleep(0.1)
        return 1


def sign(name: str) -> str:
    time.sleep(0.1)
    return name + "?sig"


@app.get("/pictures/{name}")
async def read(name: str) -> Picture:
    return Picture(name=name)


@app.get("/names/{name}", response_model=str)
async def read_name(name: str) -> str:
    return Unserialised(name=name).name
