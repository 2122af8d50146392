# Sessions and connections made once for all, and what may well be shared
# file: app/__init__.py
# file: app/db.py
import sqlite3

import psycopg2
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

engine = create_engine("postgresql://db/shop")
async_engine = create_async_engine("postgresql+asyncpg://db/shop")
SessionLocal = sessionmaker(engine)
make_session = async_sessionmaker(async_engine)

session = SessionLocal()  # expect: RW505
plain: Session = Session(bind=engine)  # expect: RW505
shared = make_session()  # expect: RW505
other = AsyncSession(async_engine)  # expect: RW505
connection = engine.connect()  # expect: RW505
lite = sqlite3.connect("shop.db", check_same_thread=False)  # expect: RW505
pg = psycopg2.connect("dbname=shop")  # expect: RW505
registry = scoped_session(SessionLocal)
unused = SessionLocal()


def begin() -> Session:
    return SessionLocal()


helped = begin()  # expect: RW505
# file: app/repository.py
from sqlalchemy import text

from app.db import pg, session, shared


class Items:
    def count(self) -> int:
        return session.execute(text("SELECT 1")).scalar_one()

    async def count_shared(self) -> int:
        return (await shared.execute(text("SELECT 1"))).scalar_one()


def cursor() -> object:
    return pg.cursor()
# file: app/main.py
from typing import Any

from fastapi import FastAPI
from sqlalchemy import text

from app import db
from app.repository import Items, cursor

app = FastAPI()


@app.get("/a")
def a() -> Any:
    db.plain.execute(text("SELECT 1"))
    db.connection.execute(text("SELECT 1"))
    db.lite.execute("SELECT 1")
    db.helped.execute(text("SELECT 1"))
    return [Items().count(), cursor(), db.registry().execute(text("SELECT 1"))]


@app.get("/b")
async def b() -> Any:
    await db.other.execute(text("SELECT 1"))
    return await Items().count_shared()


@app.get("/c")
def c() -> Any:
    with db.engine.connect() as connection:
        return connection.execute(text("SELECT 1")).scalar_one()
