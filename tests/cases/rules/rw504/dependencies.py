# Dependencies that hand out sessions, closed and not
import sqlite3
from typing import Annotated

from fastapi import Depends, FastAPI, Request
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

app = FastAPI()
factory = sessionmaker(create_engine("sqlite://"))
async_factory = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))
registry = scoped_session(factory)


def returned():
    return factory()  # expect: RW504


def returned_later() -> Session:
    db = Session(create_engine("sqlite://"))
    return db  # expect: RW504


async def yielded():
    db = async_factory()
    yield db  # expect: RW504
    await db.close()


def only_except():
    db = factory()
    try:
        yield db  # expect: RW504
    except ValueError:
        db.rollback()
    db.close()


def connection():
    opened = sqlite3.connect("pens.db")
    yield opened  # expect: RW504
    opened.close()


def make_session() -> Session:
    return factory()


def through_helper():
    yield make_session()  # expect: RW504


async def in_with():
    async with async_factory() as db:
        yield db


def in_try():
    db = factory()
    try:
        yield db
    finally:
        db.close()


def with_except_and_finally():
    db = factory()
    try:
        yield db
        db.commit()
    except ValueError:
        db.rollback()
        raise
    finally:
        db.close()


def of_middleware(request: Request) -> Session:
    return request.state.db


def of_registry() -> Session:
    return registry()


def handed_on(db: Annotated[Session, Depends(in_try)]):
    yield db


def unused_by_routes():
    return factory()


@app.middleware("http")
async def open_session(request: Request, call_next):
    request.state.db = factory()
    try:
        return await call_next(request)
    finally:
        request.state.db.close()


@app.get(
    "/pens",
    dependencies=[
        Depends(returned),
        Depends(returned_later),
        Depends(yielded),
        Depends(only_except),
        Depends(connection),
        Depends(through_helper),
        Depends(in_with),
        Depends(with_except_and_finally),
        Depends(of_middleware),
        Depends(of_registry),
    ],
)
def read_pens(db: Annotated[Session, Depends(handed_on)]) -> int:
    return len(db.new)
