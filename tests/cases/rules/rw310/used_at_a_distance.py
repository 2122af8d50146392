# The engine lies behind a class, a re-export and the application's state
# file: app/main.py
from fastapi import Depends, FastAPI, Request

from app.db import database, get_cache

app = FastAPI()


def get_db():
    with database.session() as session:
        yield session


@app.get("/")
def root(db=Depends(get_db), cache=Depends(get_cache)) -> None:
    return None


@app.get("/pool")
def pooled(request: Request) -> None:
    with request.app.state.pool.getconn() as connection:
        connection.cursor()
# file: app/db/__init__.py
from app.db.core import database
from app.db.extra import get_cache, open_pool
# file: app/db/core.py
from sqlalchemy import create_engine
from sqlalchemy.orm import sessionmaker


class Database:
    def __init__(self) -> None:
        self.engine = create_engine("postgresql://db/app")  # expect: RW310
        self.session = sessionmaker(self.engine)  # expect: RW310
        self.admin = create_engine("postgresql://db/admin")


database = Database()
# file: app/db/extra.py
from functools import lru_cache

import redis
from psycopg2.pool import ThreadedConnectionPool


@lru_cache
def get_cache() -> redis.Redis:
    return redis.Redis(host="cache")  # expect: RW310


def open_pool(app) -> None:
    app.state.pool = ThreadedConnectionPool(1, 5)  # expect: RW310
