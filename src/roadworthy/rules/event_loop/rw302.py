"""RW302 blocking-database."""

from __future__ import annotations

from roadworthy.fixes.event_loop.decide import fix
from roadworthy.rules.base import Rule

EFFECTS = ("database", "database-log")

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


def find_mails(name: str) -> list[str]:
    with sqlite3.connect("users.db") as database:
        rows = database.execute("select mail from users where name = ?", (name,))
        return [row[0] for row in rows]


@app.get("/users/{name}")
async def read_user(name: str) -> list[str]:
    return find_mails(name)  # expect: RW302
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
    fixed="""\
import asyncio
import sqlite3

from fastapi import FastAPI

app = FastAPI()


def find_mails(name: str) -> list[str]:
    with sqlite3.connect("users.db") as database:
        rows = database.execute("select mail from users where name = ?", (name,))
        return [row[0] for row in rows]


@app.get("/users/{name}")
async def read_user(name: str) -> list[str]:
    return await asyncio.to_thread(find_mails, name)  # expect: RW302
""",
    fix_summary="It moves a call that makes its own connection to a thread (Django's ORM through `sync_to_async`). A chain that was handed a session or connection is left: that takes `--migrate-async-db`.",
    fix_safe=False,
    references=("https://docs.sqlalchemy.org/en/21/orm/extensions/asyncio.html",),
)

__all__ = ["EFFECTS", "RULE", "fix"]
