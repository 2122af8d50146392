# model_dump() in a handler runs the computed fields there.
import time

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, computed_field

app = FastAPI()


class Stats(BaseModel):
    name: str

    @computed_field
    @property
    def total(self) -> int:
        time.sleep(0.1)
        return 1


class Plain(BaseModel):
    name: str


@app.get("/stats")
async def stats() -> JSONResponse:
    return JSONResponse(Stats(name="a").model_dump())  # expect: RW303


@app.get("/plain")
async def plain() -> JSONResponse:
    return JSONResponse(Plain(name="a").model_dump())
