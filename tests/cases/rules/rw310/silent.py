# Synchronous engines of a worker, of migrations and of nobody; asynchronous ones of routes
# file: app/main.py
from fastapi import Depends, FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import sessionmaker
from sqlmodel import create_engine

from app import worker
from app.cache import cache

app = FastAPI()
engine = AsyncEngine(create_engine("sqlite+aiosqlite://"))
Local = sessionmaker(engine, class_=AsyncSession, expire_on_commit=False)


async def get_db():
    async with Local() as session:
        yield session


@app.get("/")
async def root(db: AsyncSession = Depends(get_db)) -> None:
    await cache.get("x")
    worker.send()
# file: app/cache.py
import redis.asyncio as redis

cache = redis.Redis()
# file: app/worker.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker

engine = create_engine("postgresql://db/app")
Local = sessionmaker(engine)


def work() -> None:
    with Local() as session:
        session.commit()


def send() -> None:
    print("queued")
