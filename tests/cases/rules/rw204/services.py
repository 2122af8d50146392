# Query parameters, loose and in a model, with dependencies and other kinds beside them
# file: app/__init__.py
# file: app/main.py
from typing import Annotated

from fastapi import APIRouter, Cookie, Depends, FastAPI, Header, Path, Query, Request
from pydantic import BaseModel

router = APIRouter()


class Filters(BaseModel):
    a: str = ""
    b: str = ""
    c: str = ""
    d: str = ""
    e: str = ""


def common(q: str = "", skip: int = 0, limit: int = 10) -> str:
    return q


@router.get("/a")  # expect: RW204
async def a(q: str, sort: str = "id", order: str | None = None, page: int = Query(1), size: Annotated[int, Query(le=9)] = 5) -> str:
    return q


@router.get("/b/{key}")
async def b(key: int, q: str, sort: str = "", page: int = 1, x: str = Header(), y: str = Cookie(), c: str = Depends(common)) -> str:
    return q


@router.get("/c")
async def c(filters: Annotated[Filters, Query()]) -> str:
    return filters.a


@router.get("/d/{one}/{two}/{three}")
async def d(one: int, two: int, three: Annotated[int, Path()], request: Request, q: str, r: str) -> str:
    return q


app = FastAPI()
app.include_router(router)
