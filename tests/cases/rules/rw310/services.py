# Synchronous engines, factories, pools and clients that routes use, in several libraries
# file: app/__init__.py
# file: app/db.py
import psycopg2.pool
import redis
from pymongo import MongoClient
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import create_engine as make_engine

engine = create_engine("postgresql://db/shop")  # expect: RW310
SessionLocal = sessionmaker(autocommit=False, bind=engine)  # expect: RW310
model_engine = make_engine("sqlite:///shop.db")  # expect: RW310
mongo: MongoClient = MongoClient("mongodb://db")  # expect: RW310
cache = redis.Redis(host="cache")  # expect: RW310
pool = psycopg2.pool.ThreadedConnectionPool(1, 5, "dbname=shop")  # expect: RW310
async_engine = create_async_engine("postgresql+asyncpg://db/shop")
make_session = async_sessionmaker(async_engine)
migrations = create_engine("postgresql://db/migrations")
# file: app/seed.py
from sqlalchemy import text

from app.db import migrations


def seed() -> None:
    with migrations.connect() as connection:
        connection.execute(text("SELECT 1"))


if __name__ == "__main__":
    seed()
# file: app/deps.py
from collections.abc import AsyncIterator, Iterator

from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlmodel import Session as ModelSession

from app.db import SessionLocal, make_session, model_engine


def get_db() -> Iterator[Session]:
    with SessionLocal() as db:
        yield db


def get_models() -> Iterator[ModelSession]:
    with ModelSession(model_engine) as session:
        yield session


async def get_async() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session
# file: app/main.py
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from sqlalchemy import text

from app import db
from app.deps import get_async, get_db, get_models

app = FastAPI()


@app.get("/a")
def a(session: Annotated[Any, Depends(get_db)], models: Annotated[Any, Depends(get_models)]) -> int:
    return session.execute(text("SELECT 1")).scalar_one() + models.execute(text("SELECT 1")).scalar_one()


@app.get("/b")
def b() -> Any:
    connection = db.pool.getconn()
    try:
        return [db.cache.get("b"), db.mongo.shop.items.find_one({}), connection.cursor()]
    finally:
        db.pool.putconn(connection)


@app.get("/c")
async def c(session: Annotated[Any, Depends(get_async)]) -> Any:
    return (await session.execute(text("SELECT 1"))).scalar_one()
