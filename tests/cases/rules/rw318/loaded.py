# Relationships that the query, the mapping or a refresh loads, and objects made here
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload

import crud
from models import Item, User

app = FastAPI()
Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with Local() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_db)]


@app.get("/1")
async def one(db: DB) -> int:
    query = select(User).options(selectinload(User.items))
    user = (await db.execute(query)).scalar_one()
    return len(user.items)


@app.get("/2")
async def two(db: DB) -> int:
    user = await crud.get_user(db, 1)
    return len(user.items) + len(await user.awaitable_attrs.others)


@app.get("/3")
async def three(db: DB) -> int:
    user = await db.get_one(User, 1)
    await db.refresh(user, ["items"])
    return len(user.items)


@app.get("/4")
async def four(db: DB) -> int:
    item = await db.get_one(Item, 1)
    user = User(items=[item])
    db.add(user)
    return len(user.items) + item.owner.id


@app.get("/5")
async def five(db: DB) -> int:
    query = select(User).where(User.items.any())
    return (await db.execute(query)).scalar_one().id
# file: crud.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from models import User


def with_items():
    return select(User).options(selectinload(User.items))


async def get_user(db: AsyncSession, user_id: int) -> User:
    return (await db.scalars(with_items().where(User.id == user_id))).one()
# file: models.py
from sqlalchemy import ForeignKey
from sqlalchemy.ext.asyncio import AsyncAttrs
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(AsyncAttrs, DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    items: Mapped[list["Item"]] = relationship(back_populates="owner")
    others: Mapped[list["Item"]] = relationship()


class Item(Base):
    __tablename__ = "item"
    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    owner: Mapped[User] = relationship(back_populates="items", lazy="joined")
