# Dependencies that hand out sessions: returned, yielded bare, in classes, closed or not
# file: app/__init__.py
# file: app/db.py
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import aiosqlite
import psycopg2
from fastapi import Request
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from sqlmodel import Session as ModelSession

engine = create_engine("postgresql://db/shop")
make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
SessionLocal = sessionmaker(engine)
registry = scoped_session(SessionLocal)


def returned() -> Session:
    return SessionLocal()  # expect: RW504


def returned_name() -> Session:
    db = SessionLocal()
    return db  # expect: RW504


async def returned_async() -> AsyncSession:
    return make_session()  # expect: RW504


async def bare() -> AsyncIterator[AsyncSession]:
    session = make_session()
    yield session  # expect: RW504
    await session.close()


def bare_without_closing() -> Iterator[ModelSession]:
    session = ModelSession(engine)
    yield session  # expect: RW504


def only_except() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db  # expect: RW504
        db.commit()
    except Exception:
        db.rollback()
        raise


async def connection() -> AsyncIterator[aiosqlite.Connection]:
    db = await aiosqlite.connect("shop.db")
    yield db  # expect: RW504
    await db.close()


def cursor_connection() -> Iterator[object]:
    connection = psycopg2.connect("dbname=shop")
    yield connection  # expect: RW504


class Provider:
    def __call__(self) -> Session:
        return SessionLocal()  # expect: RW504


def from_helper() -> Iterator[Session]:
    session = returned()
    yield session  # expect: RW504


def closed() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


async def within() -> AsyncIterator[AsyncSession]:
    async with make_session() as session, session.begin():
        yield session


@asynccontextmanager
async def scope() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


async def from_scope() -> AsyncIterator[AsyncSession]:
    async with scope() as session:
        yield session


def from_state(request: Request) -> Session:
    session: Session = request.state.db
    return session


def from_registry() -> Session:
    return registry()


def factory() -> sessionmaker[Session]:
    return SessionLocal


async def delegating() -> AsyncIterator[AsyncSession]:
    async for session in within():
        yield session
# file: app/main.py
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI

from app import db

router = APIRouter(dependencies=[Depends(db.bare_without_closing)])
Returned = Annotated[Any, Depends(db.returned)]


@router.get("/a")
def a(
    session: Returned,
    name: Annotated[Any, Depends(db.returned_name)],
    other: Any = Depends(db.returned_async),
    bare: Any = Depends(db.bare),
    only: Any = Depends(db.only_except),
    connection: Any = Depends(db.connection),
    cursor: Any = Depends(db.cursor_connection),
    provided: Any = Depends(db.Provider()),
    helper: Any = Depends(db.from_helper),
) -> None: ...


@router.get("/b")
def b(
    closed: Any = Depends(db.closed),
    within: Any = Depends(db.within),
    scope: Any = Depends(db.from_scope),
    state: Any = Depends(db.from_state),
    registry: Any = Depends(db.from_registry),
    factory: Any = Depends(db.factory),
    delegating: Any = Depends(db.delegating),
) -> None: ...


app = FastAPI()
app.include_router(router)
