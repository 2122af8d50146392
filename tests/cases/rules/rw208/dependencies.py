# Page sizes of dependencies: functions, classes, dataclasses and models of the query
# file: app/__init__.py
# file: app/pages.py
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field


def page_params(skip: int = 0, limit: int = 100) -> dict[str, int]:  # expect: RW208
    return {"skip": skip, "limit": limit}


def bounded_params(skip: int = 0, limit: int = Query(100, le=100)) -> dict[str, int]:
    return {"skip": skip, "limit": limit}


def clamped_params(skip: int = 0, limit: int = 100) -> dict[str, int]:
    return {"skip": skip, "limit": min(limit, 100)}


class Pages:
    def __init__(self, page: int = 1, page_size: int = 20) -> None:  # expect: RW208
        self.page = page
        self.page_size = page_size


class ClampedPages:
    def __init__(self, page: int = 1, page_size: int = 20) -> None:
        if page_size > 100:
            page_size = 100
        self.page = page
        self.page_size = page_size


class BoundedPages:
    def __init__(self, page: int = 1, page_size: Annotated[int, Query(le=50)] = 20) -> None:
        self.page = page
        self.page_size = page_size


@dataclass
class Slice:
    offset: int = 0
    limit: int = 50  # expect: RW208


class Filters(BaseModel):
    name: str = ""
    per_page: int = 20  # expect: RW208


class BoundedFilters(BaseModel):
    name: str = ""
    per_page: int = Field(20, le=100)


class Unused(BaseModel):
    limit: int = 5
# file: app/crud.py
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from app.pages import Filters


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)


async def list_books(session: AsyncSession, *, offset: int, limit: int) -> Sequence[Book]:
    return (await session.scalars(select(Book).offset(offset).limit(limit))).all()


async def search(session: AsyncSession, filters: Filters) -> Sequence[Book]:
    query = select(Book).limit(filters.per_page)
    return (await session.scalars(query)).all()
# file: app/main.py
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, FastAPI, Query
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import crud
from app.pages import (
    BoundedFilters,
    BoundedPages,
    ClampedPages,
    Filters,
    Pages,
    Slice,
    Unused,
    bounded_params,
    clamped_params,
    page_params,
)

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]
router = APIRouter()


@router.get("/a")
async def a(db: Db, pages: Annotated[dict[str, int], Depends(page_params)]) -> int:
    return len(await crud.list_books(db, offset=pages["skip"], limit=pages["limit"]))


@router.get("/b")
async def b(db: Db, pages: dict[str, int] = Depends(bounded_params)) -> int:
    return len(await crud.list_books(db, offset=pages["skip"], limit=pages["limit"]))


@router.get("/c")
async def c(db: Db, pages: dict[str, int] = Depends(clamped_params)) -> int:
    return len(await crud.list_books(db, offset=pages["skip"], limit=pages["limit"]))


@router.get("/d")
async def d(db: Db, pages: Annotated[Pages, Depends()]) -> int:
    return len(await crud.list_books(db, offset=pages.page, limit=pages.page_size))


@router.get("/e")
async def e(db: Db, pages: ClampedPages = Depends(), more: BoundedPages = Depends(BoundedPages)) -> int:
    found = await crud.list_books(db, offset=pages.page, limit=pages.page_size)
    return len(found) + len(await crud.list_books(db, offset=more.page, limit=more.page_size))


@router.get("/f")
async def f(db: Db, part: Slice = Depends()) -> int:
    return len(await crud.list_books(db, offset=part.offset, limit=part.limit))


@router.get("/g")
async def g(db: Db, filters: Annotated[Filters, Query()]) -> int:
    return len(await crud.search(db, filters))


@router.get("/h")
async def h(db: Db, filters: Annotated[BoundedFilters, Query()]) -> int:
    return len(await crud.list_books(db, offset=0, limit=filters.per_page))


@router.get("/i")
async def i(db: Db, unused: Annotated[Unused, Query()]) -> int:
    return len(await crud.list_books(db, offset=0, limit=10))


@router.get("/j")
async def j(db: Db, limit: int = 10, size: int = 5) -> int:  # expect: RW208
    return len(await crud.list_books(db, offset=0, limit=limit))


app = FastAPI()
app.include_router(router)
