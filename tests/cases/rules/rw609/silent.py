# Bound parameters, constants, fixed mappings, numbers, enumerations, placeholders.
import sqlite3
from enum import Enum
from typing import Literal
from uuid import UUID

from fastapi import FastAPI, HTTPException

app = FastAPI()
TABLE = "items"
COLUMNS = {"name": "items.name", "price": "items.price"}


class Order(str, Enum):
    up = "ASC"
    down = "DESC"


@app.get("/items")
def items(
    name: str,
    limit: int,
    order: Order,
    way: Literal["ASC", "DESC"],
    by: str,
    key: UUID,
    ids: str,
) -> None:
    db = sqlite3.connect("shop.db")
    db.execute("SELECT name FROM items WHERE name = ?", (name,))
    db.execute(f"SELECT name FROM {TABLE} LIMIT {limit}")
    db.execute(f"SELECT name FROM {TABLE} ORDER BY name {order.value}")
    db.execute(f"SELECT name FROM {TABLE} ORDER BY name {way}")
    db.execute(f"SELECT name FROM {TABLE} WHERE id = '{key}'")
    db.execute(f"SELECT name FROM items ORDER BY {COLUMNS[by]}")
    wanted = ids.split(",")
    places = ",".join("?" * len(wanted))
    db.execute(f"SELECT name FROM items WHERE id IN ({places})", wanted)
    marks = ", ".join(f":id{number}" for number, _ in enumerate(wanted))
    db.execute(f"SELECT name FROM items WHERE id IN ({marks})", {})
    conditions = []
    if name:
        conditions.append("name = ?")
    where = " AND ".join(conditions)
    db.execute(f"SELECT name FROM items WHERE {where}", (name,))
    if by not in ("name", "price"):
        raise HTTPException(422)
    db.execute(f"SELECT name FROM items ORDER BY {by}")
