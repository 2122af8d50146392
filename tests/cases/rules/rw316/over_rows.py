# Queries over rows and ids: direct, in data access, in comprehensions, up a chain, worked off
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

import crud
from models import User

app = FastAPI()
Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with Local() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_db)]


@app.post("/1")
async def one(ids: list[int], db: DB) -> None:
    for number, user_id in enumerate(ids):
        await crud.get_user(db, user_id)  # expect: RW316
        query = select(User).where(User.id == user_id)
        await db.execute(query)  # expect: RW316
    users = [await db.get(User, i) for i in ids]  # expect: RW316
    for user in (await db.scalars(select(User))).all():
        await db.refresh(user)  # expect: RW316
        await crud.create(db, user.id)  # expect: RW316


@app.post("/2")
async def two(user_id: int, db: DB) -> None:
    user = await db.get(User, user_id)
    while user.parent_id:
        user = await db.get(User, user.parent_id)  # expect: RW316
    waiting = [user_id]
    while waiting:
        current = waiting.pop()
        found = await crud.get_user(db, current)  # expect: RW316
        waiting.append(found.parent_id)


@app.post("/3")
async def three(db: DB) -> None:
    result = await db.stream(select(User))
    async for row in result.scalars():
        await helper(db, row)


async def helper(db: AsyncSession, user: User) -> None:
    for child in user.children:
        await crud.wrapped(db, child.id)  # expect: RW316
# file: crud.py
from sqlalchemy.ext.asyncio import AsyncSession

from models import User


async def get_user(db: AsyncSession, user_id: int) -> User | None:
    return await db.get(User, user_id)


async def create(db: AsyncSession, user_id: int) -> None:
    db.add(User(id=user_id))
    await db.commit()


async def wrapped(db: AsyncSession, user_id: int) -> User | None:
    return await get_user(db, user_id)
# file: models.py
from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    children: Mapped[list["User"]] = relationship(lazy="selectin")
