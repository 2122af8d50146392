# Generator dependencies called in handlers, as functions and as what they are
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi.responses import StreamingResponse
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))


def get_db() -> Iterator[Session]:
    with factory() as db:
        yield db


async def get_limit() -> AsyncIterator[int]:
    yield 10


def lines() -> Iterator[str]:
    yield "a"


def count(db: Session) -> int:
    return db.scalar(text("SELECT 1"))


def first(sessions: Iterator[Session]) -> int:
    return count(next(sessions))


@app.get("/handed")
def handed() -> int:
    return count(get_db())  # expect: RW506


@app.get("/consumed")
def consumed() -> int:
    return first(get_db())


@app.get("/assigned")
def assigned() -> int:
    db = get_db()  # expect: RW506
    return db.scalar(text("SELECT 1"))


@app.get("/used")
def used() -> int:
    return get_db().scalar(text("SELECT 1"))  # expect: RW506


@app.get("/entered")
def entered() -> int:
    with get_db() as db:  # expect: RW506
        return db.scalar(text("SELECT 1"))


@app.get("/awaited")
async def awaited(limit: Annotated[int, Depends(get_limit)]) -> int:
    return limit + await get_limit()  # allow: RW506


@app.get("/next")
def by_next() -> int:
    db = next(get_db())
    made = get_db()
    other = next(made)
    return db.scalar(text("SELECT 1")) + other.scalar(text("SELECT 1"))


@app.get("/loop")
def by_loop() -> int:
    for db in get_db():
        return db.scalar(text("SELECT 1"))
    return 0


@app.get("/context")
def by_context() -> int:
    with contextmanager(get_db)() as db:
        return db.scalar(text("SELECT 1"))


@app.get("/stream")
def stream() -> StreamingResponse:
    text = lines()
    return StreamingResponse(text)


@app.get("/injected")
def injected(db: Annotated[Session, Depends(get_db)]) -> int:
    return db.scalar(text("SELECT 1"))
