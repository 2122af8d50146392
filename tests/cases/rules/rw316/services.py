# Queries for each row, in handlers, services and repositories
# file: app/__init__.py
# file: app/data.py
from collections.abc import Sequence

import asyncpg
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Order(Base):
    __tablename__ = "orders"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int]


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None]


class Users:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def get(self, key: int) -> User | None:
        return await self.session.get(User, key)

    async def many(self, keys: list[int]) -> Sequence[User]:
        return (await self.session.scalars(select(User).where(User.id.in_(keys)))).all()


async def orders(session: AsyncSession) -> Sequence[Order]:
    return (await session.execute(select(Order))).scalars().all()


async def names(connection: asyncpg.Connection, keys: list[int]) -> list[str]:
    found = []
    for key in keys:
        row = await connection.fetchrow("SELECT name FROM users WHERE id = $1", key)  # expect: RW316
        found.append(row["name"])
    return found
# file: app/main.py
import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Depends, FastAPI, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app import data
from app.data import Order, User, Users

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
router = APIRouter()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]


def get_users(db: Db) -> Users:
    return Users(db)


UsersDep = Annotated[Users, Depends(get_users)]


@router.get("/a")
async def a(db: Db) -> list[Any]:
    found = []
    for order in await data.orders(db):
        user = await db.get(User, order.user_id)  # expect: RW316
        found.append(user)
    return found


@router.get("/b")
async def b(db: Db, users: UsersDep) -> list[Any]:
    return [await users.get(order.user_id) for order in await data.orders(db)]  # expect: RW316


@router.post("/c")
async def c(ids: list[int], db: Db) -> list[Any]:
    found = []
    for key in ids:
        result = await db.execute(select(Order).where(Order.user_id == key))  # expect: RW316
        found.append(result.scalars().all())
    return found


@router.get("/d/{key}")
async def d(key: int, users: UsersDep) -> int:
    depth = 0
    user = await users.get(key)
    while user is not None and user.parent_id is not None:
        user = await users.get(user.parent_id)  # expect: RW316
        depth += 1
    return depth


@router.post("/e")
async def e(ids: list[int], request: Request) -> list[str]:
    connection: asyncpg.Connection = request.app.state.connection
    return await data.names(connection, ids)


@router.post("/f")
async def f(ids: list[int], users: UsersDep) -> int:
    found = await users.many(ids)
    total = 0
    for user in found:
        total += user.id
    return total


@router.get("/g")
async def g(db: Db) -> None:
    for table in ("orders", "users"):
        await db.execute(select(Order).where(Order.id == len(table)))


@router.get("/h")
async def h(ids: list[int]) -> None:
    for key in ids:
        await asyncio.sleep(key)


@router.get("/i")
async def i(db: Db) -> None:
    rows = [Order(user_id=n) for n in range(100)]
    for row in rows:
        db.add(row)
    await db.commit()


app = FastAPI()
app.include_router(router)
