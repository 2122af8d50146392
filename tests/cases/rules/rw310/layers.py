# Synchronous engines in database modules of several kinds, reached by dependencies
# file: app/__init__.py
# file: app/core/__init__.py
# file: app/core/db.py
from typing import Annotated

from fastapi import Depends
from sqlmodel import Session, create_engine

from app.core.config import settings

engine = create_engine(str(settings.database_url))  # expect: RW310


def get_db():
    with Session(engine) as session:
        yield session


SessionDep = Annotated[Session, Depends(get_db)]
# file: app/core/config.py
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str
    mongo_url: str


settings = Settings()
# file: app/core/mongo.py
from pymongo import AsyncMongoClient, MongoClient

from app.core.config import settings


class Mongo:
    def __init__(self) -> None:
        self.client = MongoClient(settings.mongo_url)  # expect: RW310

    def users(self):
        return self.client["app"]["users"]


mongo = Mongo()
later = AsyncMongoClient(settings.mongo_url)
# file: app/core/cache.py
import redis
from redis.asyncio import Redis

cache = redis.Redis.from_url("redis://cache")  # expect: RW310
quick = Redis.from_url("redis://cache")
# file: app/seed.py
from sqlalchemy import create_engine, text

engine = create_engine("postgresql://db/app")


def seed() -> None:
    with engine.begin() as connection:
        connection.execute(text("insert into users default values"))


if __name__ == "__main__":
    seed()
# file: app/main.py
from fastapi import FastAPI
from sqlmodel import text

from app.core.cache import cache, quick
from app.core.db import SessionDep
from app.core.mongo import later, mongo

app = FastAPI()


@app.get("/a")
def a(db: SessionDep) -> int:
    return db.exec(text("select 1")).one()[0]


@app.get("/b")
def b() -> int:
    return mongo.users().count_documents({})


@app.get("/c")
def c() -> str | None:
    return cache.get("c")


@app.get("/d")
async def d() -> int:
    await quick.get("d")
    return await later["app"]["users"].count_documents({})
