# f-string, `%`, `+`, `.format`; the finding stands on the executing call.
import sqlite3

from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

engine = create_async_engine("postgresql+asyncpg://db/shop")
app = FastAPI()


async def find(session: AsyncSession, name: str) -> int:
    query = "SELECT id FROM items WHERE name = '" + name + "'"
    rows = await session.execute(  # expect: RW609
        text(query),
    )
    return len(rows.all())


@app.get("/items")
async def find_items(name: str) -> int:
    async with AsyncSession(engine) as session:
        return await find(session, name)


@app.get("/names")
def names(order: str, table: str) -> None:
    db = sqlite3.connect("shop.db")
    db.execute("SELECT name FROM items ORDER BY %s" % order)  # expect: RW609
    db.execute("SELECT name FROM {}".format(table))  # expect: RW609
    conditions = ["1 = 1"]
    conditions.append(f"name = '{order}'")
    db.execute("SELECT name FROM items WHERE " + " AND ".join(conditions))  # expect: RW609
