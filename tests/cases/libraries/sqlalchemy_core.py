# Engine connections: opening one is the finding, its statements are the same handle.
from fastapi import FastAPI
from sqlalchemy import Connection, create_engine, text

app = FastAPI()
engine = create_engine("sqlite:///app.db", pool_pre_ping=True)


def total(connection: Connection) -> int:
    return connection.execute(text("select 1")).scalar_one()


def load_total() -> int:
    with engine.connect() as connection:
        return total(connection)


@app.get("/direct")
async def direct() -> int:
    with engine.connect() as connection:  # expect: RW302
        result = connection.execute(text("select 1"))  # allow: RW302
        return result.scalar_one()


@app.get("/helper")
async def helper() -> int:
    return load_total()  # expect: RW302


@app.get("/dialect")
async def dialect() -> str:
    return engine.dialect.name
