# Queries built and run in handlers; those of crud functions, and a single lookup
# file: app/__init__.py
# file: app/crud.py
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


async def items(session: AsyncSession) -> Sequence[Item]:
    return (await session.scalars(select(Item))).all()
# file: app/main.py
from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
import sqlalchemy as sa
from fastapi import APIRouter, Depends, FastAPI, Request
from motor.motor_asyncio import AsyncIOMotorClient
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session

from app import crud
from app.crud import Item

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
mongo = AsyncIOMotorClient("mongodb://db")
router = APIRouter()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


def get_sync() -> Any:
    with Session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]


@router.get("/a")  # expect: RW403
async def a(db: Db) -> Any:
    return (await db.execute(select(Item))).scalars().all()


@router.get("/b")  # expect: RW403
def b(db: Session = Depends(get_sync)) -> Any:
    return db.query(Item).filter(Item.name == "b").all()


@router.get("/c")  # expect: RW403
async def c(db: Db) -> Any:
    statement = sa.select(func.count()).select_from(Item)
    return await db.scalar(statement)


@router.delete("/d/{key}")  # expect: RW403
async def d(key: int, db: Db) -> None:
    await db.execute(text("DELETE FROM items WHERE id = :id"), {"id": key})
    await db.commit()


@router.get("/e")  # expect: RW403
async def e(request: Request) -> Any:
    pool: asyncpg.Pool = request.app.state.pool
    return await pool.fetch("SELECT * FROM items")


@router.get("/g/{key}")
async def g(key: int, db: Db) -> Any:
    return await db.get(Item, key)


@router.get("/h")
async def h(db: Db) -> Any:
    return await crud.items(db)


@router.post("/i")
async def i(name: str, db: Db) -> None:
    db.add(Item(name=name))
    await db.commit()


app = FastAPI()
app.include_router(router)
