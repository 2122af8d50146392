# Loops bounded by literals, retries, batches, polling, and queries outside of the loop
import asyncio
from itertools import batched
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

app = FastAPI()
Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
TABLES = ("users", "items")
ATTEMPTS = 3


async def get_db():
    async with Local() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_db)]


@app.post("/")
async def root(ids: list[int], db: DB) -> int:
    for table in TABLES:
        await db.execute(text("analyze"), {"table": table})
    for table in ("users", "items"):
        await db.execute(text("analyze"), {"table": table})
    for attempt in range(ATTEMPTS):
        await db.execute(text("select 1"), {"attempt": attempt})
    for chunk in batched(ids, 100):
        await db.execute(text("delete"), {"ids": chunk})
    for start in range(0, len(ids), 100):
        await db.execute(text("delete"), {"ids": ids[start : start + 100]})
    while True:
        if await db.scalar(text("select 1")):
            break
        await asyncio.sleep(1)
    total = 0
    for row in await db.scalars(text("select 1")):
        total += row
    for name in ids:
        if name == 7:
            return await db.scalar(text("select :name"), {"name": name})
    tables = {}
    if total:
        tables["users"] = "select 1"
    for table, query in tables.items():
        await db.execute(text(query), {"table": table})
    defaults = dict.fromkeys(TABLES, 0)
    for table, start in defaults.items():
        await db.execute(text("select :a"), {"a": table, "b": start})
    given = dict.fromkeys(ids, 0)
    for key, start in given.items():
        await db.execute(text("select :a"), {"a": key})  # expect: RW316
    names = [row for row in await db.scalars(text("select 1"))]
    return total
