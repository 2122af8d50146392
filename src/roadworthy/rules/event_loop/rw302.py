"""RW302 blocking-database."""

from __future__ import annotations

from roadworthy.rules.base import Rule

EFFECTS = ("database",)

RULE = Rule(
    code="RW302",
    name="blocking-database",
    severity="error",
    summary="A database or cache query on the event loop through a synchronous driver.",
    why="Each query stops every request of the process until the database answers; one slow query or a lock on a row takes the whole server down with it.",
    instead="Use the asynchronous session and driver (`AsyncSession` with asyncpg, aiomysql or aiosqlite; `redis.asyncio`; `AsyncMongoClient`).",
    wrong="""\
import sqlite3
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{name}")
async def read_user(name: str) -> list[str]:
    database = sqlite3.connect("users.db")  # expect: RW302
    rows = database.execute("select mail from users where name = ?", (name,))  # expect: RW302
    return [row[0] for row in rows]
""",
    right="""\
import aiosqlite
from fastapi import FastAPI

app = FastAPI()


@app.get("/users/{name}")
async def read_user(name: str) -> list[str]:
    async with aiosqlite.connect("users.db") as database:
        query = "select mail from users where name = ?"
        async with database.execute(query, (name,)) as rows:
            return [row[0] async for row in rows]
""",
    references=("https://docs.sqlalchemy.org/en/21/orm/extensions/asyncio.html",),
)
