# SQL texts made in repositories, helpers and handlers, for several drivers
# file: shop/__init__.py
# file: shop/enums.py
from enum import Enum


class Order(str, Enum):
    name = "name"
    price = "price"
# file: shop/sqltext.py
BY_NAME = "SELECT id FROM items WHERE name = '{name}'"
COLUMNS = {"name": "i.name", "price": "i.price"}


def condition(column: str, value: str) -> str:
    return f"{column} = '{value}'"


def build_search(term: str, limit: int) -> str:
    sql = "SELECT id, name FROM items"
    sql += " WHERE name LIKE '%" + term + "%'"
    sql += f" LIMIT {limit}"
    return sql
# file: shop/repository.py
from typing import Any, Literal
from uuid import UUID

import asyncpg
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shop import sqltext
from shop.enums import Order


class Base(DeclarativeBase):
    pass


class Item(Base):
    __tablename__ = "items"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Items:
    table = "items"

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def search(self, term: str, limit: int = 10) -> list[Any]:
        found = await self._session.execute(text(sqltext.build_search(term, limit)))  # expect: RW609
        return list(found)

    async def by_condition(self, name: str) -> list[Any]:
        where = sqltext.condition("name", name)
        found = await self._session.execute(text(f"SELECT id FROM {self.table} WHERE {where}"))  # expect: RW609
        return list(found)

    async def by_template(self, name: str) -> list[Any]:
        query = sqltext.BY_NAME.format(name=name)
        found = await self._session.execute(text(query))  # expect: RW609
        return list(found)

    async def sorted(self, order_by: str) -> list[Any]:
        query = select(Item).order_by(text(f"{order_by} desc"))
        found = await self._session.execute(query)  # expect: RW609
        return list(found)

    async def filtered(self, name: str) -> list[Any]:
        found = await self._session.scalars(  # expect: RW609
            select(Item).where(text("name = '%s'" % name))
        )
        return list(found)

    async def sorted_safely(self, order_by: str) -> list[Any]:
        column = sqltext.COLUMNS.get(order_by, "i.id")
        found = await self._session.execute(text(f"SELECT i.id FROM items i ORDER BY {column}"))
        return list(found)

    async def sorted_by_literal(self, way: Literal["asc", "desc"]) -> list[Any]:
        found = await self._session.execute(text(f"SELECT id FROM {self.table} ORDER BY id {way}"))
        return list(found)

    async def sorted_by_enum(self, order: Order) -> list[Any]:
        found = await self._session.execute(text(f"SELECT id FROM items ORDER BY {order.value}"))
        return list(found)

    async def by_ids(self, ids: list[int]) -> list[Any]:
        marks = ", ".join(f":id{n}" for n in range(len(ids)))
        values = {f"id{n}": value for n, value in enumerate(ids)}
        found = await self._session.execute(text(f"SELECT id FROM items WHERE id IN ({marks})"), values)
        return list(found)

    async def by_uuid(self, key: UUID) -> list[Any]:
        found = await self._session.execute(text(f"SELECT id FROM items WHERE key = '{key}'"))
        return list(found)


class RawItems:
    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def find(self, name: str) -> Any:
        async with self.pool.acquire() as connection:
            return await connection.fetchrow(f"SELECT * FROM items WHERE name = '{name}'")  # expect: RW609

    async def remove(self, name: str, tags: list[str]) -> None:
        query = "DELETE FROM items WHERE name = '" + name + "'"
        await self.pool.execute(query)  # expect: RW609
        joined = "','".join(tags)
        await self.pool.execute(f"DELETE FROM tags WHERE tag IN ('{joined}')")  # expect: RW609
        await self.pool.execute("DELETE FROM items WHERE name = $1", name)
# file: shop/main.py
import sqlite3
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

import aiosqlite
import asyncpg
from databases import Database
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Query, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from shop.enums import Order
from shop.repository import Items, RawItems

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
database = Database("postgresql://db/shop")
SORTABLE = ("name", "price")


class Search(BaseModel):
    term: str
    page: int = 0


async def get_session() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


def get_items(session: AsyncSession = Depends(get_session)) -> Items:
    return Items(session)


async def get_raw(request: Request) -> RawItems:
    pool: asyncpg.Pool = request.app.state.pool
    return RawItems(pool)


ItemsDep = Annotated[Items, Depends(get_items)]
router = APIRouter(prefix="/items")


@router.get("/search")
async def search(q: str, items: ItemsDep) -> list[Any]:
    return await items.search(q)


@router.get("/condition")
async def by_condition(name: str, items: Items = Depends(get_items)) -> list[Any]:
    return await items.by_condition(name)


@router.get("/template")
async def by_template(items: ItemsDep, name: str = Query(...)) -> list[Any]:
    return await items.by_template(name)


@router.get("/sorted")
async def sorted_items(items: ItemsDep, sort: str, order: Order, way: Literal["asc", "desc"]) -> list[Any]:
    return [
        *await items.sorted(sort),
        *await items.sorted_safely(sort),
        *await items.sorted_by_enum(order),
        *await items.sorted_by_literal(way),
    ]


@router.get("/filtered/{name}")
async def filtered(name: str, items: ItemsDep) -> list[Any]:
    return await items.filtered(name)


@router.get("/ids")
async def by_ids(items: ItemsDep, key: UUID, ids: list[int] = Query()) -> list[Any]:
    return [*await items.by_ids(ids), *await items.by_uuid(key)]


@router.delete("/raw/{name}")
async def remove(name: str, raw: Annotated[RawItems, Depends(get_raw)], tags: list[str]) -> Any:
    await raw.remove(name, tags)
    return await raw.find(name)


@router.post("/sqlite")
async def in_sqlite(data: Search) -> list[Any]:
    async with aiosqlite.connect("shop.db") as db:
        cursor = await db.execute("SELECT id FROM items WHERE name = '%s'" % data.term)  # expect: RW609
        rows = await cursor.fetchall()
        offset = data.page * 10
        await db.execute(f"SELECT id FROM items LIMIT 10 OFFSET {offset}")
        await db.execute("SELECT id FROM items WHERE name = ?", (data.term,))
    return list(rows)


@router.post("/databases")
async def in_databases(data: Search) -> list[Any]:
    return await database.fetch_all(query=f"SELECT * FROM items WHERE name = '{data.term}'")  # expect: RW609


@router.get("/cursor/{name}")
def with_cursor(name: str) -> list[Any]:
    connection = sqlite3.connect("shop.db")
    cursor = connection.cursor()
    cursor.execute("SELECT id FROM items WHERE name = '{}'".format(name))  # expect: RW609
    return cursor.fetchall()


@router.get("/checked")
def checked(sort: str) -> list[Any]:
    if sort not in SORTABLE:
        raise HTTPException(422)
    connection = sqlite3.connect("shop.db")
    return connection.execute(f"SELECT id FROM items ORDER BY {sort}").fetchall()


@router.get("/header")
async def by_header(request: Request) -> list[Any]:
    tenant = request.headers["x-tenant"]
    connection = sqlite3.connect("shop.db")
    connection.execute(f"SET search_path TO {tenant}")  # expect: RW609
    name = request.query_params.get("name", "")
    query = f"""
        SELECT id
        FROM items
        WHERE name = '{name}'
    """
    return connection.execute(query).fetchall()  # expect: RW609


app = FastAPI()
app.include_router(router, prefix="/api")
