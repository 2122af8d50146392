# AsyncSession: awaited queries are silent, also through a repository.
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

engine = create_async_engine("sqlite+aiosqlite:///app.db")
SessionLocal = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


async def get_db() -> AsyncIterator[AsyncSession]:
    async with SessionLocal() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_db)]


class Users:
    def __init__(self, db: AsyncSession) -> None:
        self.db = db

    async def count(self) -> int:
        result = await self.db.execute(text("select count(*) from users"))
        return result.scalar_one()


@app.get("/count")
async def count(db: Db) -> int:
    return await Users(db).count()


@app.post("/rows", status_code=201)
async def add(db: Db, name: str) -> None:
    db.add_all([])
    await db.execute(text("insert into users values (:n)"), {"n": name})
    await db.commit()
