# sqlite3: the connection is opened on the loop, or handed in and queried there.
import sqlite3
from collections.abc import Iterator
from typing import Annotated

import aiosqlite
from fastapi import Depends, FastAPI

app = FastAPI()


def get_connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect("app.db", check_same_thread=False)
    try:
        yield connection
    finally:
        connection.close()


Connection = Annotated[sqlite3.Connection, Depends(get_connection)]


@app.get("/opened")
async def opened() -> int:
    connection = sqlite3.connect("app.db")  # expect: RW302
    row = connection.execute("select 1").fetchone()  # allow: RW302
    connection.close()
    return row[0]


@app.get("/injected")
async def injected(connection: Connection) -> int:
    cursor = connection.cursor()
    cursor.execute("select 1")  # expect: RW302
    return cursor.fetchone()[0]  # allow: RW302


@app.get("/async")
async def with_aiosqlite() -> int:
    async with aiosqlite.connect("app.db") as connection:
        async with connection.execute("select 1") as cursor:
            row = await cursor.fetchone()
    return row[0] if row else 0
