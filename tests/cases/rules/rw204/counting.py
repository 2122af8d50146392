# Only loose query parameters of the handler count, from five on
from typing import Annotated

from fastapi import Cookie, Depends, FastAPI, Header, Query
from pydantic import BaseModel

app = FastAPI()


class Filters(BaseModel):
    a: int = 0
    b: int = 0
    c: int = 0
    d: int = 0
    e: int = 0


def paging(skip: int = 0, limit: int = 20) -> tuple[int, int]:
    return skip, limit


@app.get("/five/{name}")  # expect: RW204
async def five(
    name: str, a: int = 0, b: int = 0, c: int = 0, d: int = 0, e: int = Query(0)
) -> str:
    return name


@app.get("/four/{name}")
async def four(
    name: str,
    paging: Annotated[tuple[int, int], Depends(paging)],
    a: int = 0,
    b: int = 0,
    c: int = 0,
    d: int = 0,
    header: str = Header(""),
    cookie: str = Cookie(""),
) -> str:
    return name


@app.get("/model")
async def model(filters: Annotated[Filters, Query()]) -> str:
    return "ok"
