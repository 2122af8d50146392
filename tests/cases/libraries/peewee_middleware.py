# peewee's connect in middleware blocks; closing is silent.
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from peewee import SqliteDatabase

app = FastAPI()
db = SqliteDatabase("app.db")


@app.middleware("http")
async def database(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    db.connect()  # expect: RW302
    try:
        return await call_next(request)
    finally:
        db.close()


@app.get("/closed")
async def closed() -> bool:
    return bool(db.is_closed())
