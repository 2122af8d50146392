# SQL built over helpers and repositories
# file: app/__init__.py
# file: app/db.py
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

Session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/app"))
SORTS = {"name": "name", "age": "created_at"}


async def get_session():
    async with Session() as session:
        yield session


def where(filters: dict[str, str]) -> str:
    return " AND ".join(f"{key} = '{value}'" for key, value in filters.items())


class Repository:
    table = "users"

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def run(self, sql: str, **values) -> list:
        result = await self.session.execute(text(sql), values)  # expect: RW609
        return list(result.mappings())

    async def search(self, name: str) -> list:
        return await self.run(f"SELECT * FROM {self.table} WHERE name LIKE '%{name}%'")

    async def get(self, key: int) -> list:
        return await self.run(f"SELECT * FROM {self.table} WHERE id = :id", id=key)


class OrderRepository:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def listed(self, order_by: str, page: int) -> list:
        column = SORTS.get(order_by, "name")
        query = f"SELECT * FROM orders ORDER BY {column} LIMIT 20 OFFSET {page * 20}"
        return list((await self.session.execute(text(query))).mappings())

    async def filtered(self, filters: dict[str, str]) -> list:
        query = "SELECT * FROM orders WHERE " + where(filters)
        rows = await self.session.execute(text(query))  # expect: RW609
        return list(rows.mappings())

    async def sorted(self, order_by: str) -> list:
        query = "SELECT * FROM orders"
        query += " ORDER BY {}".format(order_by)
        rows = await self.session.execute(text(query))  # expect: RW609
        return list(rows.mappings())

    async def several(self, keys: list[int]) -> list:
        marks = ", ".join(f":k{i}" for i in range(len(keys)))
        query = text(f"SELECT * FROM orders WHERE id IN ({marks})")
        rows = await self.session.execute(query, {f"k{i}": k for i, k in enumerate(keys)})
        return list(rows.mappings())
# file: app/main.py
from typing import Annotated

import asyncpg
from fastapi import Depends, FastAPI, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.db import OrderRepository, Repository, get_session

app = FastAPI()


def orders(session: Annotated[AsyncSession, Depends(get_session)]) -> OrderRepository:
    return OrderRepository(session)


def users(session: Annotated[AsyncSession, Depends(get_session)]) -> Repository:
    return Repository(session)


@app.get("/users")
async def find(name: str, repository: Annotated[Repository, Depends(users)]) -> list:
    return await repository.search(name)


@app.get("/users/{key}")
async def one(key: int, repository: Annotated[Repository, Depends(users)]) -> list:
    return await repository.get(key)


@app.get("/orders")
async def listed(
    repository: Annotated[OrderRepository, Depends(orders)],
    order_by: str = "name",
    page: int = 0,
) -> list:
    return await repository.listed(order_by, page)


@app.get("/orders/sorted")
async def ordered(order_by: str, repository: Annotated[OrderRepository, Depends(orders)]) -> list:
    return await repository.sorted(order_by)


@app.post("/orders/search")
async def search(
    filters: dict[str, str], repository: Annotated[OrderRepository, Depends(orders)]
) -> list:
    return await repository.filtered(filters)


@app.get("/orders/several")
async def several(keys: str, repository: Annotated[OrderRepository, Depends(orders)]) -> list:
    return await repository.several([int(key) for key in keys.split(",")])


@app.get("/raw")
async def raw(request: Request) -> list:
    tag = request.query_params.get("tag", "")
    pool: asyncpg.Pool = request.app.state.pool
    async with pool.acquire() as connection:
        rows = await connection.fetch("SELECT id FROM items WHERE tag = '%s'" % tag)  # expect: RW609
        more = await connection.fetch("SELECT id FROM items WHERE tag = $1", tag)
    return [*rows, *more]
