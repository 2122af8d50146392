# A page size reaches a query, with and without a bound
# file: app/__init__.py
# file: app/main.py
from typing import Annotated

from fastapi import Depends, FastAPI, Query
from sqlalchemy.ext.asyncio import AsyncSession

from app import crud
from app.db import get_db

app = FastAPI()
Database = Annotated[AsyncSession, Depends(get_db)]
Limit = Annotated[int, Query(ge=1, le=100)]


@app.get("/direct")
async def direct(db: Database, limit: int = 20) -> int:  # expect: RW208
    return await crud.count_books(db, limit)


@app.get("/query")
async def with_query(
    db: Database,
    page: int = 1,
    page_size: int = Query(20, ge=1),  # expect: RW208
) -> int:
    return await crud.count_books(db, limit=page_size, skip=(page - 1) * page_size)


@app.get("/bounded")
async def bounded(db: Database, limit: int = Query(20, le=100)) -> int:
    return await crud.count_books(db, limit)


@app.get("/alias")
async def alias(db: Database, limit: Limit = 20) -> int:
    return await crud.count_books(db, limit)


@app.get("/clamped")
async def clamped(db: Database, limit: int = 20) -> int:
    return await crud.count_books(db, min(limit, 100))


@app.get("/cut")
async def cut(db: Database, limit: int = 20) -> int:
    if limit > 100:
        limit = 100
    return await crud.count_books(db, limit)


@app.get("/checked-below")
async def checked_below(db: Database, limit: int = 20) -> int:  # expect: RW208
    if limit < 1:
        limit = 1
    return await crud.count_books(db, limit)


@app.get("/in-memory")
async def in_memory(count: int = 3) -> list[int]:
    return list(range(3))[:count]


@app.get("/clamped-below")
async def clamped_below(db: Database, limit: int = 20) -> int:
    return await crud.count_clamped(db, limit)
# file: app/crud.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Book


async def count_books(db: AsyncSession, limit: int, skip: int = 0) -> int:
    rows = await db.scalars(select(Book).offset(skip).limit(limit))
    return len(rows.all())


async def count_clamped(db: AsyncSession, limit: int) -> int:
    limit = max(1, min(limit, 100))
    rows = await db.scalars(select(Book).limit(limit))
    return len(rows.all())
# file: app/models.py
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
# file: app/db.py
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("postgresql+asyncpg://localhost/shop")
sessions = async_sessionmaker(engine, expire_on_commit=False)


async def get_db() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session
