# Lazy relationships read on what data access, a loop and a dependency give
# file: main.py
from typing import Annotated

from fastapi import Depends, FastAPI
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

import crud
from models import Item, User

app = FastAPI()
Local = async_sessionmaker(create_async_engine("sqlite+aiosqlite://"))


async def get_db():
    async with Local() as session:
        yield session


DB = Annotated[AsyncSession, Depends(get_db)]


async def current_user(db: DB) -> User:
    return await db.get_one(User, 1)


@app.get("/1")
async def one(db: DB) -> int:
    user = await crud.get_user(db, 1)
    return len(user.items)  # expect: RW318


@app.get("/2")
async def two(db: DB) -> list[str]:
    items = (await db.execute(select(Item))).scalars().all()
    return [item.owner.name for item in items]  # expect: RW318


@app.get("/3")
async def three(user: Annotated[User, Depends(current_user)]) -> int:
    return len(user.items)  # expect: RW318
# file: crud.py
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models import User


async def get_user(db: AsyncSession, user_id: int) -> User:
    return (await db.scalars(select(User).where(User.id == user_id))).one()
# file: models.py
from sqlmodel import Field, Relationship, SQLModel


class User(SQLModel, table=True):
    id: int = Field(primary_key=True)
    name: str
    items: list["Item"] = Relationship(back_populates="owner")


class Item(SQLModel, table=True):
    id: int = Field(primary_key=True)
    owner_id: int = Field(foreign_key="user.id")
    owner: User = Relationship(
        back_populates="items", sa_relationship_kwargs={"lazy": "select"}
    )
