# A route that tries out a connection opens one of its own; one that uses it does not
# file: app/__init__.py
# file: app/probes.py
import sqlalchemy as sa


def probe_database(address: str) -> bool:
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        return connection.scalar(sa.text("select 1")) == 1


def load(address: str) -> int:
    engine = sa.create_engine(address)  # expect: RW314
    with engine.connect() as connection:
        return connection.scalar(sa.text("select count(*) from items")) or 0
# file: app/main.py
import redis.asyncio as redis
from fastapi import FastAPI

from app.probes import load, probe_database

app = FastAPI()


@app.post("/databases")
def add_database(address: str) -> bool:
    return probe_database(address)


@app.post("/cache/test")
async def test_cache_connection(url: str) -> bool:
    client = redis.from_url(url)
    return bool(await client.ping())


@app.get("/items")
def items(address: str) -> int:
    return load(address)


@app.get("/test")
async def test_everything() -> bool:
    client = redis.from_url("redis://cache")  # expect: RW314
    return bool(await client.ping())
