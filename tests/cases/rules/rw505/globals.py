# Sessions and connections at module level; engines, factories, pools and registries
# file: app/__init__.py
# file: app/database.py
import sqlite3

import httpx
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

engine = create_engine("sqlite://")
factory = sessionmaker(engine)
async_factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
registry = scoped_session(factory)
client = httpx.AsyncClient()
db = factory()  # expect: RW505
other: Session = Session(engine)  # expect: RW505
connection = sqlite3.connect("pens.db", check_same_thread=False)  # expect: RW505
unused = factory()


def count() -> int:
    return len(other.new)
# file: app/main.py
from fastapi import FastAPI

from app import database
from app.database import async_factory, client, db, factory, registry

app = FastAPI()


@app.get("/pens")
def read_pens() -> int:
    return len(db.new) + database.count()


@app.get("/inks")
def read_inks() -> int:
    return database.connection.total_changes


@app.get("/all")
async def read_all() -> str:
    return f"{client} {factory} {async_factory} {registry} {database.engine}"
