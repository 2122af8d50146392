# More ways in which a client's value becomes SQL: SQLModel, classes, cursors, form models
# file: shop/__init__.py
# file: shop/filters.py
from dataclasses import dataclass

from fastapi import Query
from pydantic import BaseModel


class Filters(BaseModel):
    name: str = ""
    sort: str = "id"
    page: int = 1


class SearchParams:
    def __init__(self, term: str = Query(""), order: str = "id") -> None:
        self.term = term
        self.order = order


@dataclass
class Range:
    column: str = "id"
    low: int = 0
# file: shop/store.py
from typing import Any

import psycopg
from sqlalchemy import Engine, text
from sqlmodel import Session

from shop.filters import Filters, Range, SearchParams


class Store:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def search(self, params: SearchParams) -> list[Any]:
        where = " AND ".join([f"name ILIKE '%{params.term}%'", "deleted = false"])
        with Session(self.engine) as session:
            return list(session.exec(text("SELECT * FROM items WHERE " + where)))  # expect: RW609

    def filtered(self, filters: Filters) -> list[Any]:
        clauses = []
        if filters.name:
            clauses.append(f"name = '{filters.name}'")
        query = "SELECT * FROM items"
        if clauses:
            query = query + " WHERE " + " AND ".join(clauses)
        with self.engine.connect() as connection:
            return list(connection.exec_driver_sql(query))  # expect: RW609

    def safe(self, filters: Filters) -> list[Any]:
        clauses = []
        values: dict[str, Any] = {}
        if filters.name:
            clauses.append("name = :name")
            values["name"] = filters.name
        query = "SELECT * FROM items WHERE " + " AND ".join(clauses)
        with self.engine.connect() as connection:
            return list(connection.execute(text(query), values))

    def between(self, given: Range) -> list[Any]:
        with psycopg.connect("dbname=shop") as connection, connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM items WHERE {given.column} > {given.low}")  # expect: RW609
            return cursor.fetchall()

    def page(self, filters: Filters) -> list[Any]:
        offset = (filters.page - 1) * 10
        with self.engine.connect() as connection:
            return list(connection.execute(text(f"SELECT * FROM items LIMIT 10 OFFSET {offset}")))


def table_of(tenant: str) -> str:
    return f"items_{tenant}"


def drop(engine: Engine, tenant: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {table_of(tenant)}"))  # expect: RW609
# file: shop/main.py
from typing import Annotated, Any

from fastapi import BackgroundTasks, Depends, FastAPI, Form, Request, WebSocket
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import create_engine, text

from shop import store
from shop.filters import Filters, Range, SearchParams
from shop.store import Store

engine = create_engine("postgresql://db/shop")
app = FastAPI()


def get_store() -> Store:
    return Store(engine)


StoreDep = Annotated[Store, Depends(get_store)]


@app.get("/search")
def search(params: Annotated[SearchParams, Depends()], items: StoreDep) -> list[Any]:
    return items.search(params)


@app.post("/filtered")
async def filtered(filters: Annotated[Filters, Form()], items: StoreDep) -> list[Any]:
    return await run_in_threadpool(items.filtered, filters)


@app.post("/safe")
def safe(filters: Filters, items: StoreDep) -> list[Any]:
    return [*items.safe(filters), *items.page(filters)]


@app.get("/between")
def between(given: Annotated[Range, Depends()], items: StoreDep) -> list[Any]:
    return items.between(given)


@app.delete("/tenants/{tenant}")
def drop(tenant: str, tasks: BackgroundTasks) -> None:
    tasks.add_task(store.drop, engine, tenant)


@app.get("/cookie")
def by_cookie(request: Request) -> list[Any]:
    session_id = request.cookies.get("session")
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT * FROM sessions WHERE id = '{session_id}'")))  # expect: RW609


@app.websocket("/ws")
async def ws(websocket: WebSocket) -> None:
    await websocket.accept()
    name = await websocket.receive_text()
    with engine.connect() as connection:
        connection.execute(text("SELECT * FROM items WHERE name = '" + name + "'"))  # expect: RW609
