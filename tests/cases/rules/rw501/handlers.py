# Sessions and connections opened in handlers, and those that are injected or for later
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import asyncpg
from fastapi import BackgroundTasks, Depends, FastAPI, Request, WebSocket
from sqlalchemy import create_engine, text
from sqlalchemy.ext.asyncio import (
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
engine = create_engine("sqlite://")
async_engine = create_async_engine("sqlite+aiosqlite://")
factory = sessionmaker(engine)
async_factory = async_sessionmaker(async_engine)


def get_db() -> Iterator[Session]:
    with factory() as db:
        yield db


@contextmanager
def session_scope() -> Iterator[Session]:
    with factory() as db:
        yield db
        db.commit()


def open_session() -> Session:
    return factory()


async def get_pool() -> asyncpg.Pool:
    return await asyncpg.create_pool("postgresql://")


@app.get("/factory")
async def by_factory() -> int:
    async with async_factory() as db:  # expect: RW501
        return await db.scalar(text("SELECT 1"))


@app.get("/class")
def by_class() -> int:
    with Session(engine) as db:  # expect: RW501
        return db.scalar(text("SELECT 1"))


@app.get("/engine")
async def by_engine() -> int:
    async with async_engine.connect() as connection:  # expect: RW501
        return await connection.scalar(text("SELECT 1"))


@app.get("/begin")
def by_begin() -> None:
    with engine.begin() as connection:  # expect: RW501
        connection.execute(text("SELECT 1"))


@app.get("/sqlite")
def by_driver() -> int:
    connection = sqlite3.connect("pens.db")  # expect: RW501
    return connection.total_changes


@app.get("/asyncpg")
async def by_async_driver() -> int:
    connection = await asyncpg.connect("postgresql://")  # expect: RW501
    return await connection.fetchval("SELECT 1")


@app.get("/scope")
def by_context_manager() -> int:
    with session_scope() as db:  # expect: RW501
        return db.scalar(text("SELECT 1"))


@app.get("/helper")
def by_helper() -> int:
    db = open_session()  # expect: RW501
    return db.scalar(text("SELECT 1"))


@app.get("/next")
def by_next() -> int:
    db = next(get_db())  # expect: RW501
    return db.scalar(text("SELECT 1"))


@app.get("/injected")
def injected(db: Annotated[Session, Depends(get_db)]) -> int:
    with db.begin():
        return db.scalar(text("SELECT 1"))


@app.get("/pool")
async def pooled(pool: Annotated[asyncpg.Pool, Depends(get_pool)]) -> int:
    async with pool.acquire() as connection:
        return await connection.fetchval("SELECT 1")


@app.get("/state")
async def from_state(request: Request) -> int:
    async with request.app.state.pool.acquire() as connection:
        return await connection.fetchval("SELECT 1")


def clean_up() -> None:
    with factory() as db:
        db.execute(text("SELECT 1"))


@app.post("/later")
async def later(tasks: BackgroundTasks) -> None:
    async def refresh() -> None:
        async with async_factory() as db:
            await db.execute(text("SELECT 1"))

    tasks.add_task(clean_up)
    tasks.add_task(refresh)


@app.websocket("/socket")
async def talk(socket: WebSocket) -> None:
    await socket.accept()
    while await socket.receive_text():
        async with async_factory() as db:
            await db.execute(text("SELECT 1"))


class Opener:
    def Session(self) -> int:
        return 1


@app.get("/other")
async def other() -> int:
    return Opener().Session()


Injected = Annotated[AsyncSession, Depends(get_db)]
