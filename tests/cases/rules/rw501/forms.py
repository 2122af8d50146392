# Sessions and connections that handlers open, by factories, engines, pools and helpers
# file: app/__init__.py
# file: app/db.py
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker
from sqlmodel import Session as ModelSession

engine = create_async_engine("postgresql+asyncpg://db/shop")
sync_engine = create_engine("postgresql://db/shop")
make_session = async_sessionmaker(engine)
SessionLocal = sessionmaker(sync_engine)


class Database:
    def __init__(self) -> None:
        self.factory = async_sessionmaker(engine)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        async with self.factory() as session:
            yield session


database = Database()


@asynccontextmanager
async def session_scope() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


@contextmanager
def sync_scope() -> Iterator[Session]:
    with SessionLocal() as session:
        yield session


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


def open_session() -> ModelSession:
    return ModelSession(sync_engine)
# file: app/main.py
import sqlite3
from typing import Annotated

import aiosqlite
import asyncpg
from fastapi import APIRouter, BackgroundTasks, Depends, FastAPI, Request
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app import db
from app.db import Database, SessionLocal, database, engine, get_db, session_scope, sync_engine

router = APIRouter()
Query = text("SELECT 1")


@router.get("/a")
async def a() -> None:
    async with db.make_session() as session:  # expect: RW501
        await session.execute(Query)


@router.get("/b")
async def b() -> None:
    async with AsyncSession(engine) as session:  # expect: RW501
        await session.execute(Query)


@router.get("/c")
async def c() -> None:
    async with session_scope() as session:  # expect: RW501
        await session.execute(Query)


@router.get("/d")
async def d() -> None:
    async with database.session() as session:  # expect: RW501
        await session.execute(Query)


@router.get("/e")
def e() -> None:
    session = SessionLocal()  # expect: RW501
    try:
        session.execute(Query)
    finally:
        session.close()


@router.get("/f")
async def f() -> None:
    async with engine.begin() as connection:  # expect: RW501
        await connection.execute(Query)


@router.get("/g")
def g() -> None:
    with sync_engine.connect() as connection:  # expect: RW501
        connection.execute(Query)


@router.get("/h")
def h() -> None:
    with db.sync_scope() as session:  # expect: RW501
        session.execute(Query)


@router.get("/i")
def i() -> None:
    session = db.open_session()  # expect: RW501
    session.close()


@router.get("/j")
async def j() -> None:
    connection = await asyncpg.connect("postgresql://db/shop")  # expect: RW501
    await connection.close()


@router.get("/k")
async def k() -> None:
    async with aiosqlite.connect("shop.db") as connection:  # expect: RW501
        await connection.execute("SELECT 1")


@router.get("/l")
def l() -> None:
    connection = sqlite3.connect("shop.db")  # expect: RW501
    connection.close()


@router.get("/m")
async def m(session: Annotated[AsyncSession, Depends(get_db)]) -> None:
    async with session.begin():
        await session.execute(Query)


async def later() -> None:
    async with db.make_session() as session:
        await session.execute(Query)


@router.get("/n")
async def n(tasks: BackgroundTasks) -> None:
    tasks.add_task(later)


@router.get("/o")
async def o(request: Request) -> None:
    pool: asyncpg.Pool = request.app.state.pool
    async with pool.acquire() as connection:
        await connection.execute("SELECT 1")


def get_database() -> Database:
    return database


@router.get("/p")
async def p(data: Annotated[Database, Depends(get_database)]) -> None:
    async with data.session() as session:
        await session.execute(Query)


app = FastAPI()
app.include_router(router)
