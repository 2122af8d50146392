# Dependencies called like functions, in handlers of several kinds
# file: app/__init__.py
# file: app/deps.py
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, sessionmaker

make_session = async_sessionmaker(create_async_engine("postgresql+asyncpg://db/shop"))
SessionLocal = sessionmaker()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


def get_sync_db() -> Iterator[Session]:
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


class Clock:
    def now(self) -> int:
        return 1


def get_clock() -> Iterator[Clock]:
    yield Clock()


def rows() -> Iterator[int]:
    yield 1


@asynccontextmanager
async def scope() -> AsyncIterator[AsyncSession]:
    async with make_session() as session:
        yield session


manager = contextmanager(get_sync_db)


def plain() -> Session:
    return SessionLocal()
# file: app/crud.py
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session


def count(db: Session) -> int:
    return db.execute(text("SELECT 1")).scalar_one()


async def count_async(db: AsyncSession) -> int:
    return (await db.execute(text("SELECT 1"))).scalar_one()
# file: app/main.py
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app import crud, deps
from app.deps import get_clock, get_db, get_sync_db

router = APIRouter()


@router.get("/a")
def a() -> int:
    db = get_sync_db()  # expect: RW506
    return db.execute(text("SELECT 1")).scalar_one()


@router.get("/b")
async def b() -> int:
    return await crud.count_async(get_db())  # expect: RW506


@router.get("/c")
async def c() -> Any:
    async with deps.get_db() as session:  # expect: RW506
        return await session.execute(text("SELECT 1"))


@router.get("/d")
def d() -> int:
    return crud.count(db=deps.get_sync_db())  # expect: RW506


@router.get("/e")
def e(clock: Annotated[Any, Depends(get_clock)]) -> int:
    return get_clock().now()  # expect: RW506


@router.get("/f")
async def f() -> Any:
    session: AsyncSession = get_db()  # expect: RW506
    return await session.execute(text("SELECT 1"))


@router.get("/g")
def g() -> int:
    db = next(get_sync_db())
    return crud.count(db)


@router.get("/h")
def h() -> int:
    with deps.manager() as db:
        return crud.count(db)


@router.get("/i")
async def i() -> int:
    async for session in get_db():
        return await crud.count_async(session)
    return 0


@router.get("/j")
async def j() -> int:
    async with deps.scope() as session:
        return await crud.count_async(session)


@router.get("/k")
def k() -> list[int]:
    numbers = deps.rows()
    return list(numbers)


@router.get("/l")
def l(db: Any = Depends(get_sync_db)) -> int:
    return crud.count(db) + crud.count(deps.plain())


app = FastAPI()
app.include_router(router)
