# The project's own unit of work: queries go through what it yields.
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session, sessionmaker

app = FastAPI()
SessionLocal = sessionmaker(create_engine("sqlite:///app.db"))


@contextmanager
def read_only() -> Iterator[Session]:
    session = SessionLocal()
    try:
        yield session
    finally:
        session.close()


@contextmanager
def unit_of_work() -> Iterator[Session]:
    session = SessionLocal()
    try:
        yield session
        session.commit()
    finally:
        session.close()


@app.get("/names")
async def names() -> list[str]:
    with read_only() as db:
        return list(db.scalars(text("select name from users")))  # expect: RW302


@app.post("/names", status_code=201)
async def add(name: str) -> None:
    with unit_of_work() as db:  # expect: RW302
        db.execute(text("insert into users(name) values (:n)"), {"n": name})  # expect: RW302
